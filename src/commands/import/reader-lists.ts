// The lists of readers in an export → the list here, by the rules of `subscribers import`: whoever left there stays unsubscribed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { EXIT, type ExitCode } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { ExportFiles } from './export-files.ts'

export interface ImportedLists {
  /** The worst of them. */
  readonly code: ExitCode
  /** What `subscribers import --json` says of each. */
  readonly reports: readonly unknown[]
  /** What it says to people. */
  readonly text: string
}

/** Bytes of one list: millions of readers. */
const MAX_LIST_BYTES = 512 * 2 ** 20

/** @param lists paths in the export */
export async function importLists(
  context: Context,
  files: ExportFiles,
  lists: readonly string[],
): Promise<ImportedLists> {
  const { run } = await import('../subscribers/index.ts')
  // Its name tells which list it is: unsubscribed.csv.
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-lists-'))
  const reports: unknown[] = []
  let text = ''
  let code: ExitCode = EXIT.done
  try {
    for (const path of lists) {
      const file = files.files.find(each => each.path === path)!
      const place = join(folder, basename(path))
      writeFileSync(place, await file.read(MAX_LIST_BYTES), { mode: 0o600 })
      const { dryRun, yes } = context.options
      const ended = await run({
        ...context,
        args: ['import', place],
        options: { ...(dryRun === true && { dryRun }), ...(yes === true && { yes }) },
        result(value, human) {
          reports.push(value)
          text += `\n${path}\n${human()}`
        },
      })
      if (ended !== EXIT.done) code = ended
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { code, reports, text }
}
