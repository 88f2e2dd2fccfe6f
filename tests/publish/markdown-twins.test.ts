// Articles as Markdown for programs: beside their pages, in RSS and from `serve`; what readers see, and nothing of what a source
// holds back.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createStaticFiles } from '../../src/serve/static-files.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const SETTINGS = `title: Harbour Post
url: https://harbour.example/
rights: © 2026 Harbour Post
articles: { url: '/{year}/{slug}/', markdown: true }
feeds: { markdown: true }
`
const ARTICLE = `---
title: 'The "07.40": a <ferry> *and* its [bell]'
date: 2026-01-20T07:40:00Z
authors: Ines Roth
tags: [ferries]
editor_phone: SECRET
notes: SECRET plan
comments_internal: SECRET
---
The bell rang at **07.40**. %%SECRET obsidian%% <!-- SECRET html -->

{% comment %}SECRET liquid{% endcomment %}

<!--
SECRET block
-->

{::comment}
SECRET kramdown
{:/comment}

<script>SECRET()</script><form><input value="SECRET"></form>

Price: $5 to $6; formula $a_1 * b_1$ and a note.[^1]

| Pier | Ferries |
| --- | ---: |
| North | 1 \\| 2 |

\`\`\`js
const bell = \`<ring>\`
\`\`\`

- one
- two ~~three~~

![A bell](images/bell.png)

[^1]: It was late.
`

const files = {
  'articles/publication.yaml': SETTINGS,
  'articles/bell.md': ARTICLE,
  'articles/draft.md': '---\ntitle: SECRET draft\ndate: 2026-01-20\ndraft: true\n---\nSECRET draft\n',
  'articles/future.md': '---\ntitle: SECRET future\ndate: 2036-01-20\n---\nSECRET future\n',
  'articles/gone.md': '---\ntitle: Gone\ndate: 2026-01-19\nwithdrawn: Wrong\n---\nSECRET withdrawn\n',
  'articles/hidden.md':
    '---\ntitle: Hidden\ndate: 2026-01-18\nunlisted: true\n---\nOnly whoever has the address.\n',
}
const NOW = ['--now', '2026-01-30T07:00:00Z']

const textsOf = (dir: string) =>
  readdirSync(join(dir, 'out'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(md|xml|html|json)$/.test(entry.name))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))

test('a twin has the words of the page and nothing that is held back', async () => {
  const dir = aFolder(files)
  expect((await aRun(dir, ['build', ...NOW])).code).toBe(0)
  expect(readFileSync(join(dir, 'out/2026/bell/index.md'), 'utf8')).toBe(`---
title: "The \\"07.40\\": a <ferry> and its [bell]"
date: "2026-01-20T07:40:00+00:00"
authors: ["Ines Roth"]
tags: ["ferries"]
language: "en"
url: "https://harbour.example/2026/bell/"
publication: "Harbour Post"
rights: "© 2026 Harbour Post"
---

# The "07.40": a \\<ferry> and its \\[bell]

The bell rang at **07.40**.

Price: $5 to $6; formula <math><mrow><msub><mi>a</mi><mn>1</mn></msub><mo>∗</mo><msub><mi>b</mi><mn>1</mn></msub></mrow></math> and a note.[1](https://harbour.example/2026/bell/#fn1)

| Pier | Ferries |
| - | -: |
| North | 1 \\| 2 |

\`\`\`js
const bell = \`<ring>\`
\`\`\`

- one
- two ~~three~~

![A bell](https://harbour.example/2026/bell/images/bell.png)

---

1. It was late.
`)
  for (const text of textsOf(dir)) expect(text).not.toContain('SECRET')
  expect(readFileSync(join(dir, 'out/2026/hidden/index.md'), 'utf8')).toContain('Only whoever')
  expect(existsSync(join(dir, 'out/2026/gone/index.md'))).toBe(false)
  const rss = readFileSync(join(dir, 'out/rss.xml'), 'utf8')
  expect(rss).toContain('xmlns:source="http://source.scripting.com/"')
  expect(rss).toMatch(/<source:markdown>The bell rang at \*\*07\.40\*\*\./)
  expect(readFileSync(join(dir, 'out/2026/bell/index.html'), 'utf8')).toContain(
    '<link rel="alternate" type="text/markdown" href="index.md">',
  )
})

test('it follows its article, and goes with it and with the setting', async () => {
  const dir = aFolder(files)
  const build = () => aRun(dir, ['build', ...NOW])
  const twin = join(dir, 'out/2026/bell/index.md')
  await build()
  writeFileSync(join(dir, 'articles/bell.md'), ARTICLE.replace('rang at', 'was late at'))
  await build()
  expect(readFileSync(twin, 'utf8')).toContain('was late at')
  rmSync(twin)
  await build()
  expect(readFileSync(twin, 'utf8')).toContain('was late at')
  writeFileSync(join(dir, 'articles/bell.md'), ARTICLE.replace('tags:', 'draft: true\ntags:'))
  await build()
  expect(existsSync(twin)).toBe(false)
  writeFileSync(join(dir, 'articles/bell.md'), ARTICLE)
  writeFileSync(join(dir, 'articles/publication.yaml'), SETTINGS.replace(/^articles.*\nfeeds.*\n/m, ''))
  await build()
  expect(textsOf(dir).some(text => /source:markdown|text\/markdown|^---\n/.test(text))).toBe(false)
})

test('serve gives it to whoever would rather have it', async () => {
  const dir = aFolder({
    'out/a/index.html': '<p>page',
    'out/a/index.md': '# twin',
    'out/b/index.html': '<p>page',
  })
  const site = createStaticFiles(join(dir, 'out'), "default-src 'none'", '/')
  const get = async (path: string, accept: string) => {
    const answer = (await site.answer(
      new Request(`https://x.example${path}`, { headers: { accept } }),
      path,
    ))!
    return [await answer.text(), answer.headers.get('content-type'), answer.headers.get('vary')]
  }
  const twin = ['# twin', 'text/markdown; charset=utf-8', 'Accept, Accept-Encoding']
  const page = ['<p>page', 'text/html; charset=utf-8', 'Accept, Accept-Encoding']
  expect(await get('/a/', 'text/markdown, text/html;q=0.5')).toEqual(twin)
  expect(await get('/a/', 'text/markdown')).toEqual(twin)
  expect(await get('/a/', 'text/html,application/xhtml+xml,*/*;q=0.8')).toEqual(page)
  expect(await get('/a/', '*/*')).toEqual(page)
  expect(await get('/a/index.md', '*/*')).toEqual([
    '# twin',
    'text/markdown; charset=utf-8',
    'Accept-Encoding',
  ])
  expect((await get('/b/', 'text/markdown'))[2]).toBe('Accept-Encoding')
})
