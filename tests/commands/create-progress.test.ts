import { expect, test } from 'vitest'
import { createProgress } from '../../src/commands/context.ts'

function drawn({ isTTY = true, columns = 80, quiet = false } = {}): string {
  let [text, time] = ['', 0]
  const write = (chunk: string) => {
    text += chunk
  }
  const progress = createProgress('Sending weekly/2026-W05', 3000, {
    stream: { write, isTTY, columns },
    quiet,
    env: {},
    clock: () => time,
  })
  for (; time <= 2000; time += 50) progress.at(time, '20/s, 25 s left')
  return text
}

test('a bar after a second, ten times a second at most, within the width', () => {
  const lines = drawn().split('\r\u001b[K').slice(1)
  expect(lines).toHaveLength(11)
  expect(lines[0]).toMatch(/^Sending weekly\/2026-W05 █+░+ 1000\/3000 20\/s, 25 s left$/)
  expect(
    Math.max(
      ...drawn({ columns: 40 })
        .split('\r\u001b[K')
        .map(line => line.length),
    ),
  ).toBe(39)
})

test('a terminal that does not know its width is taken for 80 columns', () => {
  expect(drawn({ columns: 0 })).toBe(drawn())
})

test('nothing where nobody watches', () => {
  expect(drawn({ isTTY: false })).toBe('')
  expect(drawn({ quiet: true })).toBe('')
})
