// Whoever watches a build that takes longer than a second sees how far it is; nobody else does.

import { expect, test } from 'vitest'
import { run } from '../../src/run.ts'
import { aFolder } from '../a-folder.ts'

async function watched(isTTY: boolean): Promise<string> {
  const article = (n: number) =>
    `---\ntitle: Article ${n}\ndate: 2026-01-${String(n).padStart(2, '0')}\n---\n\nText\n`
  const cwd = aFolder(
    Object.fromEntries(Array.from({ length: 28 }, (_, n) => [`articles/a-${n + 1}.md`, article(n + 1)])),
  )
  let [at, stderr] = [0, '']
  const code = await run({
    argv: ['build', '--now', '2026-02-01T00:00Z'],
    env: {},
    cwd,
    stdin: (async function* () {})(),
    stdout: { write() {} },
    stderr: { write: text => (stderr += text), isTTY, columns: 60 },
    clock: () => (at += 400),
    signal: new AbortController().signal,
  })
  expect(code).toBe(0)
  return stderr
}

test('on a terminal a bar for the articles and one for the files, each wiped away', async () => {
  const lines = (await watched(true)).split('\r')
  expect(lines.filter(line => /articles █+░+ \d+\/28/.test(line)).length).toBeGreaterThan(3)
  expect(lines.at(-1)).toBe('\u001b[K')
})

test('nothing where nobody watches', async () => {
  expect(await watched(false)).toBe('')
})
