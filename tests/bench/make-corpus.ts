// A number of articles → a publication's folder of generated articles of about 3 kB each: headings, links, a picture,
// lists, quotations, now and then a table or code; 1 to 5 of 40 tags; 1 % drafts. Or a blog as a large project writes it: of
// about 17 kB each, with release notes of many links, code and tables. The same number gives the same bytes.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

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

/** One article every five hours. */
const HOURS = 5

/**
 * Makes `<folder>/articles/`.
 *
 * @param write article number `n`
 */
export function makeCorpus(folder: string, count: number, write: Writing = article): void {
  for (let n = 0; n < count; n++) {
    const { path, text } = write(n)
    const file = join(folder, 'articles', path)
    if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(
    join(folder, 'articles/publication.yaml'),
    'title: The Bench\nurl: https://bench.example/\narticles: { pages: false }\nfeeds: { items: 30, content: full, per: [tag] }\n',
  )
}

type Writing = (n: number) => { readonly path: string; readonly text: string }

/**
 * Article number `n`, with the front matter that Hugo and Eleventy understand as well.
 *
 * @param hours from one to the next @param firstYear on whose first day the first is out
 */
export function article(n: number, hours = HOURS, firstYear = 2010): ReturnType<Writing> {
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
  const date = new Date(Date.UTC(firstYear, 0, 1) + n * 3_600_000 * hours)
    .toISOString()
    .replace('.000Z', '+00:00')
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

/** With the least that `check` and `build` warn about: a link to nothing, and a picture without words. */
export function warnedArticle(n: number): ReturnType<Writing> {
  const { path, text } = article(n)
  return {
    path,
    text: `${text}\n[a page that is nowhere](missing-${n}.md) ![](/images/picture-${n % 50}.jpg)\n`,
  }
}

const SECTIONS = ['release', 'vulnerability', 'announcements', 'wg', 'events']

/** Post number `n` of a blog: every second is the notes of a release. */
export function blogPost(n: number): ReturnType<Writing> {
  const next = chance(n + 1_000_003)
  const pick = <Value>(from: readonly Value[]) => from[Math.floor(next() * from.length)]!
  const words = (count: number) => Array.from({ length: count }, () => pick(WORDS)).join(' ')
  const hex = () =>
    Math.floor(next() * 2 ** 40)
      .toString(16)
      .padStart(10, '0')
  const commit = () =>
    `* [[\`${hex()}\`](https://github.com/example/project/commit/${hex()}${hex()}${hex()})] - **${pick(WORDS)}**: ${words(6)} (${words(2)}) [#${Math.floor(next() * 60000)}](https://github.com/example/project/pull/${Math.floor(next() * 60000)})`
  const prose = () =>
    `${words(40)} [${words(2)}](https://example.org/${pick(WORDS)}/${hex()}?q=${pick(WORDS)}#${pick(WORDS)}), ${words(30)}. See https://example.org/docs/${pick(WORDS)}.html, **${words(3)}**, and \`${pick(WORDS)}()\`.`
  const code = () =>
    `\`\`\`js\nimport { ${pick(WORDS)} } from 'node:${pick(WORDS)}'\n${Array.from({ length: 8 }, () => `await ${pick(WORDS)}({ ${pick(WORDS)}: '${pick(WORDS)}' })`).join('\n')}\n\`\`\``
  const table = () =>
    `| File | Size | Hash |\n| --- | ---: | --- |\n${Array.from({ length: 12 }, () => `| [${pick(WORDS)}.tar.gz](https://example.org/dist/${pick(WORDS)}.tar.gz) | ${Math.floor(next() * 9e6)} | \`${hex()}${hex()}\` |`).join('\n')}`
  const isRelease = n % 2 === 0
  const blocks = isRelease
    ? [
        prose(),
        '### Notable changes',
        ...Array.from({ length: 5 }, () => `#### ${words(4)}\n\n${prose()}`),
        '### Commits',
        Array.from({ length: 60 + Math.floor(next() * 80) }, commit).join('\n'),
        table(),
        `\`\`\`\n${Array.from({ length: 20 }, () => hex() + hex() + hex()).join('\n')}\n\`\`\``,
      ]
    : Array.from({ length: 12 }, (_, at) =>
        [
          `## ${words(5)}`,
          prose(),
          at % 3 === 0 ? code() : prose(),
          `> ${words(30)}`,
          `![${words(4)}](/images/picture-${at}.png)`,
        ].join('\n\n'),
      )
  const date = new Date(Date.UTC(2011, 7, 1) + n * 86_400_000 * 5).toISOString().replace('.000Z', '+00:00')
  const head = [
    '---',
    `title: "${isRelease ? `Version ${Math.floor(n / 20)}.${n % 20}.0` : words(6)}"`,
    `date: ${date}`,
    `categories: [${pick(SECTIONS)}]`,
    `tags: [${[...new Set([pick(TAGS), pick(TAGS)])].join(', ')}]`,
    `author: ${['Anna Berg', 'Ravi Das', 'Lin Wei', 'Omar Said'][n % 4]}`,
    '---',
  ]
  return {
    path: `${2011 + Math.floor(n / 73)}/post-${n}.md`,
    text: `${head.join('\n')}\n\n${blocks.join('\n\n')}\n`,
  }
}
