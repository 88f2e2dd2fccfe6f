// What the pages of the preview have in common: how something is to be shown, as the address asks; frames side by side;
// problems, each with the way to its line; and $VISUAL or $EDITOR, in which whoever runs the preview opens that line.

import { spawn } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fromHsl, once, toHsl } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Diagnostic } from '../../model.ts'
import { builtinTemplates, openTemplates } from '../../templates/index.ts'

/** What a page shows: a template of templates/preview/ and its data. */
export interface View {
  readonly title: string
  readonly template: string
  readonly data: { readonly frames?: Frames | undefined; readonly [name: string]: unknown }
}

/** The preview's own: a mistake in the publication's templates does not reach them. */
const own = once(() => openTemplates(join(builtinTemplates, 'none')))

/** @param name of a template of templates/preview/ */
export function render(name: string, data: object): string {
  return own().render(`preview/${name}.html.hbs`, data, { language: 'en', timezone: 'UTC' })
}

/** CSS pixels: small and common phones, a large one, a mail in a desktop client, a page. */
const WIDTHS = [320, 360, 414, 640, 900] as const

/** How one frame is shown. */
export function lookOf(query: URLSearchParams): Look {
  const wanted = query.get('look') ?? 'light'
  return {
    scheme: Object.hasOwn(SCHEMES, wanted) ? (wanted as Scheme) : 'light',
    images: query.get('images') !== 'off',
    styles: query.get('styles') !== 'off',
    remote: query.get('remote') === 'on',
  }
}

/** One switch of the form above the frames. */
interface Choice {
  readonly name: string
  readonly value: string
  readonly text: string
  readonly chosen: boolean
}

interface Frames {
  readonly widths: readonly Choice[]
  readonly looks: readonly Choice[]
  readonly switches: readonly Choice[]
  readonly frames: readonly { readonly caption: string; readonly width: number; readonly src: string }[]
}

/**
 * The same thing side by side, in each width and each scheme that was asked for.
 *
 * @param source address of what is shown; the look is added to it
 * @param usual what is shown when nothing is asked for
 */
export function framesOf(
  query: URLSearchParams,
  source: string,
  usual: { readonly widths: readonly number[]; readonly looks: readonly Scheme[] },
): Frames {
  const asked = query.getAll('width').map(Number)
  const widths = WIDTHS.filter(width => (asked.length > 0 ? asked : usual.widths).includes(width))
  const askedLooks = query.getAll('look')
  const known = Object.keys(SCHEMES) as Scheme[]
  const looks = known.filter(look => (askedLooks.length > 0 ? askedLooks : usual.looks).includes(look))
  const switches = SWITCHES.map(({ name, value, text }) => ({
    name,
    value,
    text,
    chosen: query.get(name) === value,
  }))
  const extra = switches.filter(({ chosen }) => chosen).map(({ name, value }) => `&${name}=${value}`)
  const join = source.includes('?') ? '&' : '?'
  return {
    widths: WIDTHS.map(width => ({
      name: 'width',
      value: String(width),
      text: String(width),
      chosen: widths.includes(width),
    })),
    looks: known.map(look => ({
      name: 'look',
      value: look,
      text: SCHEMES[look],
      chosen: looks.includes(look),
    })),
    switches,
    frames: looks.flatMap(look =>
      widths.map(width => ({
        caption: `${width} px, ${SCHEMES[look]}`,
        width,
        src: `${source}${join}look=${look}${extra.join('')}`,
      })),
    ),
  }
}

const SWITCHES = [
  { name: 'images', value: 'off', text: 'Images off' },
  { name: 'styles', value: 'off', text: 'Styles off' },
  { name: 'remote', value: 'on', text: 'Load pictures from other servers' },
] as const

/** Links to other views of the same thing. */
export function viewLinks(query: URLSearchParams, path: string, views: Readonly<Record<string, string>>) {
  const [first] = Object.keys(views)
  const current = Object.hasOwn(views, query.get('view') ?? '') ? query.get('view') : first
  return Object.entries(views).map(([view, name]) => {
    const other = new URLSearchParams(query)
    other.set('view', view)
    return { view, name, address: `${path}?${other}`, current: view === current }
  })
}

/** Which of them is looked at. */
export function currentView(links: ReturnType<typeof viewLinks>): string {
  return links.find(({ current }) => current)!.view
}

interface ShownProblem extends Place {
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly advice: string
  readonly rule: string
}

/** Errors first. @param dir of the publication */
export function problemsOf(
  diagnostics: readonly Diagnostic[],
  dir: string,
  most = diagnostics.length,
): ShownProblem[] {
  const rank = { error: 0, warning: 1, info: 2 }
  return [...diagnostics]
    .sort((left, right) => rank[left.severity] - rank[right.severity])
    .slice(0, most)
    .map(({ file, line, severity, message, advice, rule }) => ({
      ...placeOf(dir, file, line),
      severity,
      message,
      advice,
      rule,
    }))
}

// ─── As one client shows it ──────────────────────────────────────────────────────────────────────────────────────────
//
// A letter or a page as it was made → as one client shows it: in the light or the dark, with its colours turned as Gmail and
// Outlook turn them, without styles; and with the publication's own addresses leading to the preview.

const SCHEMES = {
  light: 'light',
  dark: 'dark',
  gmail: 'forced dark, Gmail',
  outlook: 'forced dark, Outlook',
} as const

type Scheme = keyof typeof SCHEMES

export interface Look {
  readonly scheme: Scheme
  readonly images: boolean
  readonly styles: boolean
  /** Whether pictures on other servers are loaded. */
  readonly remote: boolean
}

/** @param home the publication's address */
export function asShown(html: string, { scheme, styles }: Look, home: string): string {
  const own = toPreview(html, home)
  if (!styles) return withoutStyles(own)
  const settled = settleScheme(own, scheme === 'dark')
  if (scheme === 'light' || scheme === 'dark') return settled
  const turned = recolour(settled, scheme === 'gmail' ? turnAll : turnLight)
  return turned
    .replace(/<html\b/i, scheme === 'outlook' ? '<html data-ogsc data-ogsb' : '$&')
    .replace(/<\/head>/i, '<style>html{background:#1b1b1b;color:#e8e8e8}</style></head>')
}

/** In tags and styles only: what an article says of its own address stays as it is. */
function toPreview(html: string, home: string): string {
  const escaped = home.replace(/&/g, '&amp;')
  const local = (text: string) => text.replaceAll(escaped, '/site/').replaceAll(home, '/site/')
  return html
    .replace(/<(?:a|img|source|audio|video|track|link|area|form|td|table|body|v:\w+)\b[^>]*>/gi, local)
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, local)
}

function withoutStyles(html: string): string {
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, '')
    .replace(/<link\b[^>]*rel="?stylesheet[^>]*>/gi, '')
}

/** What asks for the reader's scheme gets the one that is looked at. */
function settleScheme(html: string, isDark: boolean): string {
  const [yes, no] = ['(min-width:0)', '(min-width:99999px)']
  const settle = (text: string) =>
    text
      .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, isDark ? yes : no)
      .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, isDark ? no : yes)
      .replace(/(color-scheme|supported-color-schemes)\s*:\s*[^;}"]+/gi, `$1:${isDark ? 'dark' : 'light'}`)
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, settle)
    .replace(/\bmedia="[^"]*"/gi, settle)
    .replace(
      /<meta\b[^>]*name="(?:supported-)?color-schemes?"[^>]*>/gi,
      `<meta name="color-scheme" content="${isDark ? 'dark' : 'light'}">`,
    )
    .replace(/\bstyle="[^"]*"/gi, settle)
}

type Turn = (colour: string, isBackground: boolean) => string

/** In styles and in the attributes of old. */
function recolour(html: string, turn: Turn): string {
  const inCss = (css: string) =>
    css.replace(
      /\b(background(?:-color)?|(?:border[\w-]*-)?color|border(?:-\w+)?|outline)\s*:\s*([^;}"]+)/gi,
      (_, name: string, value: string) =>
        `${name}:${value.replace(COLOUR, colour => turn(asHex(colour), name.startsWith('background')))}`,
    )
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style>/gi, inCss)
    .replace(/\bstyle="[^"]*"/gi, inCss)
    .replace(
      /\b(bgcolor|color)="(#[0-9a-f]{3,6})"/gi,
      (_, name: string, colour: string) => `${name}="${turn(asHex(colour), /^bg/i.test(name))}"`,
    )
}

const COLOUR = /#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\brgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|\b(?:white|black)\b/gi

function asHex(colour: string): string {
  const name = colour.toLowerCase()
  if (name === 'white') return '#ffffff'
  if (name === 'black') return '#000000'
  const parts = /^rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/.exec(name)
  if (parts)
    return `#${parts
      .slice(1)
      .map(part => Math.min(255, Number(part)).toString(16).padStart(2, '0'))
      .join('')}`
  return name.length === 4 ? `#${[...name.slice(1)].map(digit => digit + digit).join('')}` : name
}

/** Gmail on iOS: light becomes dark and dark becomes light, whatever it is the colour of. */
function turnAll(colour: string): string {
  const [hue, saturation, lightness] = toHsl(colour)
  return fromHsl(hue, saturation, 0.1 + (1 - lightness) * 0.85)
}

/** Outlook: light backgrounds become dark, and dark text light; what is dark already stays. */
function turnLight(colour: string, isBackground: boolean): string {
  const [hue, saturation, lightness] = toHsl(colour)
  const isLight = lightness > 0.5
  return isLight === isBackground ? fromHsl(hue, saturation, 0.12 + (1 - lightness) * 0.8) : colour
}

// ─── The editor ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
interface Place {
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
