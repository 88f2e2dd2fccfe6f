// $VISUAL or $EDITOR, and a file of the publication → that file in the editor of whoever runs the preview, at its line.

import { spawn } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../errors.ts'

export interface Editor {
  /** As its button names it: 'gedit'. */
  readonly name: string
  /** Resolves when it was started. @throws UserError where there is no such file, or no such program */
  open(place: string): Promise<void>
}

/** Those that need a terminal of their own, which the preview has none to give: places can be copied for them. */
const IN_A_TERMINAL =
  /^(?:vi|vim(?:\.\w+)?|nvim|view|nano|pico|micro|joe|jed|hx|helix|kak|ne|ed|ex|mcedit|sensible-editor|editor)$/
const TERMINAL_OPTIONS = ['-nw', '-t', '-tty', '--tty', '--no-window-system']

/** How programs are told the line. A new one is one word here; of all others only the file is known to be right. */
const LINE_ARGUMENTS: readonly (readonly [RegExp, (file: string, line: number) => readonly string[]])[] = [
  [
    /^(?:code(?:-insiders|-oss)?|codium|vscodium|cursor|windsurf|positron)$/,
    (file, line) => ['--goto', `${file}:${line}`],
  ],
  [/^(?:subl|sublime_text|zed|zeditor|zedit|atom|pulsar|lapce)$/, (file, line) => [`${file}:${line}`]],
  [
    /^(?:gvim|mvim|nvim-qt|neovide|emacs|emacsclient|gedit|gnome-text-editor|pluma|xed|mousepad|geany)$/,
    (file, line) => [`+${line}`, file],
  ],
  [
    /^(?:idea|webstorm|phpstorm|pycharm|rubymine|goland|rider|clion|kate|kwrite|mate|bbedit)(?:64)?$/,
    (file, line) => ['--line', String(line), file],
  ],
  [/^notepad\+\+$/, (file, line) => [`-n${line}`, file]],
]

/**
 * @param command as a shell would read it: 'code --wait', '"/opt/my editor/bin/edit" -n'
 * @param ended is told of an editor that ends with an error
 * @returns undefined where there is none that opens a window
 */
export function openEditor(
  command: string | undefined,
  dir: string,
  ended: (message: string) => void,
): Editor | undefined {
  const [program, ...options] = wordsOf(command ?? '')
  if (program === undefined) return undefined
  const name = basename(program.replaceAll('\\', '/')).replace(/\.(?:exe|cmd|bat|sh)$/i, '')
  if (IN_A_TERMINAL.test(name) || options.some(option => TERMINAL_OPTIONS.includes(option))) return undefined
  return {
    name,
    open(place) {
      const { file, line } = fileAt(dir, place)
      const own = line > 0 ? LINE_ARGUMENTS.find(([names]) => names.test(name)) : undefined
      return start(program, [...options, ...(own ? own[1](file, line) : [file])], ended)
    },
  }
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!)
}

function start(program: string, args: readonly string[], ended: (message: string) => void): Promise<void> {
  return new Promise((started, failed) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true })
    child.once('spawn', started)
    child.once('error', ({ message }) =>
      failed(new UserError(`${program} cannot be started: ${message}`, 'See VISUAL or EDITOR.')),
    )
    child.once('exit', code => {
      if (code) ended(`${program} ended with exit code ${code}`)
    })
    child.unref()
  })
}

/** 'articles/a.md:12', or without a line. @throws UserError for what is no file of the folder */
function fileAt(dir: string, place: string): { file: string; line: number } {
  const [, path = place, line = '0'] = isFileOf(dir, place) ? [] : (/^(.*):(\d{1,9})$/s.exec(place) ?? [])
  if (!isFileOf(dir, path)) throw new UserError(`${path} is not a file of this publication`)
  return { file: join(dir, path), line: Number(line) }
}

/** `articles/` may be a link to where the articles of a blog are; nothing else may lead out of the folder. */
function isFileOf(dir: string, path: string): boolean {
  try {
    const file = realpathSync(join(dir, path))
    const homes = ['.', 'articles'].map(folder => realpathSync(join(dir, folder)) + sep)
    const isWithin = join(dir, path).startsWith(join(dir, sep))
    return isWithin && homes.some(home => file.startsWith(home)) && statSync(file).isFile()
  } catch {
    return false
  }
}

/** Where something was found, as pages show it. */
export interface Place {
  /** 'articles/a.md:12', as editors and terminals take it. */
  readonly place: string
  /** Leads to it in VS Code; undefined for what is not in the folder, as a built-in template. */
  readonly link: string | undefined
}

/** @param line 0 for the whole file */
export function placeOf(dir: string, file: string, line = 0): Place {
  const end = line > 0 ? `:${line}` : ''
  const { pathname } = pathToFileURL(join(dir, file))
  return { place: file + end, link: isFileOf(dir, file) ? `vscode://file${pathname}${end}` : undefined }
}
