// A folder without an article: what it says, and what of another tool's folder it finds.

import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const post = '---\ntitle: Hello\ndate: 2026-01-01\n---\n\nText\n'
const build = (folder: string) => aRun(folder, ['build', '--now', '2026-02-01T00:00Z'])

test('nothing to build is a warning that says what to do', async () => {
  const { code, stderr } = await build(aFolder())
  expect(code).toBe(0)
  expect(stderr).toContain('articles/: contains no article')
  expect(stderr).toContain('articles/hello.md')
})

test('the folder of another tool is named, and builds as it says', async () => {
  const folder = aFolder({
    '_posts/2026-01-01-hello.md': post,
    'publication.yaml': 'title: T\nurl: https://t.example/\n',
  })
  rmSync(join(folder, 'articles'), { recursive: true })
  const refused = await build(folder)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('ln -s _posts articles')
  mkdirSync(join(folder, 'articles'))
  expect((await build(folder)).stderr).toContain('ln -s _posts articles')
  rmSync(join(folder, 'articles'), { recursive: true })
  symlinkSync('_posts', join(folder, 'articles'))
  const { code, stdout, stderr } = await build(folder)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('1 of 1')
})

test.each([
  ['content/posts', 'content/posts/hello/index.md'],
  ['_posts', '_posts/2026/2026-01-01-hello.md'],
])('folders of years and page bundles are found: %s', async (place, file) => {
  const folder = aFolder({ [file]: post, 'src/posts/a/b/deeper.md': post })
  expect((await build(folder)).stderr).toContain(`ln -s ${place} articles`)
})

test('Hugo’s page of a section is no article', async () => {
  const page = '---\ntitle: Posts\n---\n'
  const folder = aFolder({
    'articles/_index.md': page,
    'articles/_index.fr.md': page,
    'articles/news/_index.pt-br.markdown': page,
    'articles/a.md': post,
  })
  const { code, stdout, stderr } = await build(folder)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('1 of 1')
})
