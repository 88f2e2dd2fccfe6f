// The committed out/ is what the demo builds to: the golden file of the whole program. Text byte for byte, pictures by
// type and size. UPDATE_GOLDEN=1 rewrites it.

import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { imageSize } from 'image-size'
import { beforeAll, expect, test } from 'vitest'
import { aRun } from '../a-run.ts'

const root = new URL('../../', import.meta.url).pathname
const golden = join(root, 'out')
const scratch = join(root, '.broadsheet/golden')
const built = join(scratch, 'out')

const tree = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

beforeAll(async () => {
  rmSync(scratch, { recursive: true, force: true })
  cpSync(join(root, 'articles'), join(scratch, 'articles'), { recursive: true })
  const { code, stderr } = await aRun(scratch, ['build'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  if (process.env.UPDATE_GOLDEN) {
    rmSync(golden, { recursive: true, force: true })
    cpSync(built, golden, { recursive: true })
  }
})

test('out/ has the files that the demo builds to, no more and no fewer', () => {
  expect(tree(golden)).toEqual(tree(built))
})

test('every file of out/ is up to date: npm run golden rewrites it', () => {
  const stale = tree(built).filter(name => {
    const [is, was] = [readFileSync(join(built, name)), readFileSync(join(golden, name))]
    if (!/\.(png|jpe?g|gif)$/.test(name)) return !is.equals(was)
    const [a, b] = [imageSize(is), imageSize(was)]
    return a.type !== b.type || a.width !== b.width || a.height !== b.height
  })
  expect(stale).toEqual([])
})
