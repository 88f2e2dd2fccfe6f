// `npm run bench [-- ROW… --count 10000 --readers 10000 --rounds 5 --whole --folder PATH]` → a table of ratios, measured in turns on this machine.

import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { deliveryRows } from './delivery-rows.ts'
import type { Standing } from './in-turns.ts'
import { letterRows } from './letter-rows.ts'
import { previewRow } from './preview-row.ts'
import { type Bench, rows as buildRows, type Row } from './rows.ts'
import { shapeRows } from './shape-rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '10000' },
    readers: { type: 'string', default: '10000' },
    whole: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string' },
    program: { type: 'string', default: new URL('../../dist/program/cli.js', import.meta.url).pathname },
  },
})
const rows = [...buildRows, ...shapeRows, previewRow, ...letterRows, ...deliveryRows]
const chosen = positionals.length > 0 ? rows.filter(({ name }) => positionals.includes(name)) : rows
const scratch = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'))
const bench: Bench = {
  scratch,
  program: ['node', values.program],
  count: Number(values.count),
  readers: Number(values.readers),
  whole: values.whole,
  rounds: Number(values.rounds),
  folder: values.folder,
  say: line => void process.stderr.write(`${line}\n`),
}

try {
  process.stdout.write(
    `${bench.count} articles; Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}\n\n`,
  )
  process.stdout.write(
    '| what | goal | who | median | CPU | ratio | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- |\n',
  )
  for (const row of chosen) {
    bench.say(row.what)
    process.stdout.write(lines(row, await row.run(bench)))
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function lines({ what, goal }: Row, standings: readonly Standing[]): string {
  return standings
    .map(({ name, wall, work, ratio, memory }, index) => {
      const [first, second] = index === 0 ? [what, goal] : ['', '']
      const shown = `${ratio >= 9.95 ? ratio.toFixed(1) : ratio.toFixed(2)} ×`
      return `| ${first} | ${second} | ${name} | ${time(wall)} | ${work === undefined ? '—' : time(work)} | ${shown} | ${memory?.toFixed(0) ?? '—'} |\n`
    })
    .join('')
}

function time(wall: number): string {
  if (wall < 1) return `${(wall * 1000).toFixed(1)} µs`
  if (wall < 10) return `${wall.toFixed(1)} ms`
  return wall < 1000 ? `${wall.toFixed(0)} ms` : `${(wall / 1000).toFixed(2)} s`
}
