// A run of tests → a folder of its own for temporary files, which goes with it: workers are ended from outside, and a test that
// fails or is interrupted may not come to its end.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** For the configuration, which is read once for each project; its workers have the environment that it leaves. */
export function useTemporaryFolder(): void {
  if (process.env.BROADSHEET_TESTS) return
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-tests-'))
  // PostgreSQL runs as another user where the tests run as root.
  chmodSync(folder, 0o755)
  process.env.BROADSHEET_TESTS = folder
  process.env.TMPDIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
}
