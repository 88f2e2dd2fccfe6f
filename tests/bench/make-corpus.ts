// A number of articles → a publication's folder of generated articles of about 3 kB each: headings, links, a picture,
// lists, quotations, now and then a table or code; 1 to 5 of 40 tags; 1 % drafts. The same number gives the same bytes.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const WORDS =
  'river market evening harbour council railway garden winter summer report station morning letter bridge school museum concert island weather valley theatre library engine farmer doctor teacher window village street paper signal season number record answer question journey border forest mountain building history language science'.split(
    ' ',
  )

/** mulberry32: small, fast, and the same everywhere. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const TAGS = Array.from({ length: 40 }, (_, n) => `tag-${String(n + 1).padStart(2, '0')}`)

/** Makes `<folder>/articles/`. */
export function makeCorpus(folder: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const { path, text } = article(n)
    const file = join(folder, 'articles', path)
    if (n % 100 === 0) mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(
    join(folder, 'articles/publication.yaml'),
    'title: The Bench\nurl: https://bench.example/\narticles: { pages: false }\nfeeds: { items: 30, content: full, per: [tag] }\n',
  )
}

/** Article number `n`, with the front matter that Hugo and Eleventy understand as well. */
export function article(n: number): { path: string; text: string } {
  const next = chance(n + 1)
  const pick = <Value>(from: readonly Value[]) => from[Math.floor(next() * from.length)]!
  const sentence = () => {
    const words = Array.from({ length: 8 + Math.floor(next() * 10) }, () => pick(WORDS))
    words[2] = `*${words[2]}*`
    words[0] = words[0]!.replace(/^./, first => first.toUpperCase())
    return `${words.join(' ')}.`
  }
  const paragraph = () => Array.from({ length: 4 }, sentence).join(' ')
  const tags = [...new Set(Array.from({ length: 1 + Math.floor(next() * 5) }, () => pick(TAGS)))].sort()
  const date = new Date(Date.UTC(2010, 0, 1) + n * 3_600_000 * 5).toISOString().replace('.000Z', '+00:00')
  const blocks = [
    paragraph(),
    `${paragraph()} See [the earlier report](https://example.org/reports/${n}) and [another](/archive/${n}/).`,
    '## What happened',
    paragraph(),
    `![A picture of the ${pick(WORDS)}](/images/picture-${n % 50}.jpg "By an agency")`,
    Array.from({ length: 4 }, () => `- ${sentence()}`).join('\n'),
    `> ${sentence()} ${sentence()}`,
    '## What comes next',
    paragraph(),
    n % 5 === 0 ? '| Place | Figure |\n| --- | --- |\n| North | 12 |\n| South | 15 |' : paragraph(),
    n % 7 === 0 ? '```js\nif (a[b[0]] > 1) { count(a && b) }\n```' : paragraph(),
    paragraph(),
  ]
  const head = [
    '---',
    `title: "Article ${n}: ${pick(WORDS)} & ${pick(WORDS)}"`,
    `date: ${date}`,
    ...(n % 4 === 0 ? [`lastmod: ${date.replace('T0', 'T1')}`] : []),
    `tags: [${tags.join(', ')}]`,
    `summary: ${sentence()}`,
    ...(n % 100 === 99 ? ['draft: true'] : []),
    '---',
  ]
  return {
    path: `${Math.floor(n / 100)}/article-${n}.md`,
    text: `${head.join('\n')}\n\n${blocks.join('\n\n')}\n`,
  }
}
