// out/ is written whole or not at all, only where bytes changed, and never beyond its folder.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ChangedMeanwhile } from '../../src/errors.ts'
import { writeOutput } from '../../src/publish/output/write-output.ts'
import { aFolder } from '../a-folder.ts'

const page = (path: string, body = path) => ({ path, body })

function anOut() {
  const folder = aFolder({ 'articles/images/a.png': 'picture' })
  const out = join(folder, 'out')
  return {
    folder,
    out,
    write: (...files: Parameters<typeof writeOutput>[2]) => writeOutput(out, join(folder, 'articles'), files),
  }
}

test('writes text, bytes and copies of own files', () => {
  const { out, write } = anOut()
  const report = write(
    page('rss.xml'),
    { path: 'a/b.bin', body: new Uint8Array([1, 2]) },
    { path: 'images/a.png', body: { copy: 'images/a.png' } },
  )
  expect(report).toEqual({ written: 3, unchanged: 0, removed: 0 })
  expect(readFileSync(join(out, 'images/a.png'), 'utf8')).toBe('picture')
})

test('what did not change is not written: its time stays', () => {
  const { out, write } = anOut()
  write(page('rss.xml'), page('atom.xml'))
  utimesSync(join(out, 'rss.xml'), 1, 1)
  expect(write(page('rss.xml'), page('atom.xml', 'new'))).toEqual({ written: 1, unchanged: 1, removed: 0 })
  expect(statSync(join(out, 'rss.xml')).mtimeMs).toBe(1000)
})

test('removes what a build made and no longer makes, with its empty folder, and nothing else', () => {
  const { out, write } = anOut()
  write(page('tags/old/rss.xml'), page('rss.xml'))
  writeFileSync(join(out, 'CNAME'), 'by hand')
  expect(write(page('rss.xml'))).toEqual({ written: 0, unchanged: 1, removed: 1 })
  expect(readdirSync(out).sort()).toEqual(['.broadsheet', 'CNAME', 'rss.xml'])
})

test('a list of made files that somebody altered removes nothing outside out/', () => {
  const { folder, out, write } = anOut()
  write(page('rss.xml'))
  writeFileSync(join(folder, 'precious'), 'x')
  writeFileSync(join(out, '.broadsheet'), '../precious\n/etc/hostname\nrss.xml\n')
  write(page('rss.xml'))
  expect(existsSync(join(folder, 'precious'))).toBe(true)
})

test.each(['../x', 'a/../../x', '/etc/x', 'a//b', '', 'a/./b', 'a\\b', 'a\0b'])(
  'refuses to write to %j',
  path => {
    const { write } = anOut()
    expect(() => write(page(path))).toThrow(/is not a valid path inside out/)
  },
)

test('two files for one path are refused before anything is written', () => {
  const { out, write } = anOut()
  expect(() => write(page('a'), page('b'), page('a', 'other'))).toThrow(/two things .* out\/a/)
  expect(existsSync(out)).toBe(false)
})

test('a write that fails leaves what stood there, and no half file', () => {
  const { out, write } = anOut()
  write(page('rss.xml', 'before'))
  mkdirSync(join(out, 'atom.xml'))
  writeFileSync(join(out, 'atom.xml', 'in the way'), '')
  expect(() => write(page('atom.xml'), page('rss.xml', 'after'))).toThrow(/cannot be written/)
  expect(readFileSync(join(out, 'rss.xml'), 'utf8')).toBe('before')
  expect(readdirSync(out).filter(name => name.includes('half'))).toEqual([])
})

test('an own file that went since it was seen is a reason to look again, not a fault of out/', () => {
  const { out, write } = anOut()
  expect(() => write(page('rss.xml'), { path: 'gone.png', body: { copy: 'gone.png' } })).toThrow(
    ChangedMeanwhile,
  )
  expect(readdirSync(out).filter(name => name.includes('half'))).toEqual([])
})

test('a fault in what makes the bytes is not laid to the disk', () => {
  const { write } = anOut()
  const body = {
    chunks: (function* () {
      yield 'half a feed'
      throw new TypeError('a bug')
    })(),
  }
  expect(() => write({ path: 'rss.xml', body })).toThrow(TypeError)
})

test('the disk is full: a clear error, the old file whole, nothing half-written', () => {
  const { folder, out, write } = anOut()
  if (!existsSync('/dev/full')) return // Linux only.
  write(page('rss.xml', 'before'))
  // The half file's name is known; a link to /dev/full there makes every write fail with ENOSPC.
  symlinkSync('/dev/full', join(out, `.${process.pid}.broadsheet-half`))
  expect(() => write(page('rss.xml', 'after'))).toThrow(/disk is full/)
  expect(readFileSync(join(out, 'rss.xml'), 'utf8')).toBe('before')
  expect(readdirSync(out).filter(name => name.includes('half'))).toEqual([])
  expect(folder).toBeTruthy()
})
