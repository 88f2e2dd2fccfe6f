// A publication's folder for one test, made from a table of files; removed when the test ends.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Path → text. `articles/publication.yaml` with a title and a url is there unless given. */
export function aFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const settings = { 'articles/publication.yaml': 'title: The Test\nurl: https://test.example/\n' }
  for (const [path, text] of Object.entries({ ...settings, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
