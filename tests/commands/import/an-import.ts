// Imports an export into a new publication, and gives what a test looks at: the report, the articles, the files, the check.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { check } from '../../../src/check/check-publication.ts'
import * as command from '../../../src/commands/import/index.ts'
import type { ImportReport } from '../../../src/commands/import/write-folder.ts'
import { openPublication } from '../../../src/content/load-folder.ts'
import type { Article, Diagnostic, Loaded } from '../../../src/model.ts'
import { createRenderer } from '../../../src/render/create-renderer.ts'
import { aFolder } from '../../a-folder.ts'
import { aCommand } from '../a-command.ts'

export const NOW = Date.parse('2026-02-10T12:00:00Z')
const SETTINGS =
  'title: The Post\nurl: https://new.example/\ntimezone: Asia/Kolkata\nsections: { world: World }\n'

export interface Imported {
  readonly dir: string
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly report: ImportReport & { readonly system: string }
  readonly loaded: Loaded
  /** Of the import's articles and of what is wrong with the whole folder. */
  readonly problems: readonly Diagnostic[]
  article(id: string): Article
  /** Path below the publication's folder → text. */
  files(): Record<string, string>
}

export const exports = new URL('./exports/', import.meta.url).pathname

/** @param place of the export @param options of the command, camelCase */
export async function anImport(
  place: string,
  options: Record<string, string | boolean> = {},
  dir = aFolder({ 'articles/publication.yaml': SETTINGS }),
): Promise<Imported> {
  const run = aCommand(command, dir, { args: [place], options: { json: true, ...options }, clock: () => NOW })
  const { code, stdout, stderr } = await run.done
  const loaded = await openPublication(dir, { now: NOW })
  const problems = [...loaded.diagnostics, ...check(loaded, createRenderer(loaded))]
  return {
    dir,
    code,
    stdout,
    stderr,
    report: stdout.startsWith('{') ? JSON.parse(stdout) : undefined,
    loaded,
    problems,
    article(id) {
      const found = loaded.articles.find(article => article.id === id)
      if (!found) throw new Error(`no article ${id}: ${loaded.articles.map(each => each.id).join(' ')}`)
      return found
    },
    files: () => filesOf(dir),
  }
}

export function errorsOf({ problems }: Imported): readonly Diagnostic[] {
  return problems.filter(({ severity }) => severity === 'error')
}

export function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
  const paths = names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    paths.sort().map(path => [path.slice(dir.length + 1), readFileSync(path, 'latin1')]),
  )
}

/** A folder outside of any publication. @returns its path */
export function anExport(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'export-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}
