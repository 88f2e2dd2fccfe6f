// What a reader previews of an item: its first 250 characters, which are the article's own words.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import { contentMaker, contentProblems } from '../../src/feed/item-content.ts'
import { createRenderer } from '../../src/render/index.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'

const root = new URL('../../', import.meta.url).pathname
const now = Date.parse('2026-03-01T00:00Z')
const REFERENCES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  nbsp: '\u00a0',
}

/** Tags go, references are decoded, white space is one space, and the rest is cut off. */
function preview(html: string): string {
  const text = html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&([#\w]+);/g, (whole, name) => REFERENCES[name] ?? whole)
  return text.replace(/\s+/g, ' ').trim().slice(0, 250).trim()
}

test('every item of the demo begins with the article', () => {
  const loaded = loadPublication(root, { now })
  const renderer = createRenderer(loaded)
  const feed = JSON.parse(readFileSync(join(root, 'out/feed.json'), 'utf8'))
  expect(feed.items.length).toBeGreaterThan(20)
  for (const { id, content_html } of feed.items) {
    const article = loaded.articles.find(one => one.id === id)!
    const { html } = renderer.body(article)
    const own = [article.summary ?? '', article.place ? `${article.place} — ` : '', html].join(' ')
    const known = article.live ? preview(content_html) : preview(own)
    expect(preview(content_html).slice(0, known.length).replace(/\s/g, '')).toBe(known.replace(/\s/g, ''))
    expect(preview(content_html)).not.toMatch(/Published|min read|Picture:|Listen to this/)
  }
  // Its folder has the templates that are shipped: `check` must not name them.
  expect(contentProblems(loaded, renderer)).toEqual([])
})

const words = (count: number) => 'lantern '.repeat(count).trim()
const image =
  'image: { src: https://p.example/a.jpg, alt: A, caption: "By the *sea* &amp; sky, caf&eacute;", credit: Ann }'

function contentOf(text: string, settings = '', files: Record<string, string> = {}) {
  const dir = aFolder({
    'articles/publication.yaml': `title: T\nurl: https://t.example/\n${settings}`,
    'articles/a.md': `---\ntitle: A\ndate: 2026-01-30\nauthor: Ann\n${text}`,
    ...files,
  })
  const loaded = loadPublication(dir, { now })
  const renderer = createRenderer(loaded)
  const make = contentMaker(loaded, renderer, openTemplates(join(dir, 'templates')))
  return { content: make(loaded.articles[0]!).toString(), problems: contentProblems(loaded, renderer) }
}

test.each([
  ['a text of one paragraph', `---\n${words(9)}`, /^<p>lantern/],
  [
    'a picture without words',
    `image: https://p.example/a.jpg\n---\n${words(9)}`,
    /^<figure>\n<img[^>]*>\n<\/figure>\n<p>l/,
  ],
  [
    'a picture with a caption',
    `${image}\n---\n${words(50)}\n\n${words(9)}`,
    /^<p>lantern[^<]*<\/p>\n<figure>/,
  ],
  [
    'one behind two short paragraphs',
    `${image}\n---\n${words(20)}\n\n${words(20)}\n\nEnd`,
    /^<p>[^<]*<\/p>\n<p>[^<]*<\/p>\n<figure>/,
  ],
  [
    'one that a list comes before',
    `${image}\n---\n${'- lantern\n'.repeat(60)}\nEnd`,
    /^<ul>[\s\S]*<\/ul>\n<figure>/,
  ],
  [
    'one behind a long summary',
    `summary: ${words(40)}\n${image}\n---\nText`,
    /^<p><strong>lantern[^<]*<\/strong><\/p>\n<figure>/,
  ],
  [
    'a place',
    `place: Delhi\n${image}\n---\n${words(50)}\n\nEnd`,
    /^<p><b>Delhi<\/b> — lantern[^<]*<\/p>\n<figure>/,
  ],
])('%s comes first', (_, text, begins) => {
  const { content } = contentOf(text)
  expect(content).toMatch(begins)
  expect(content).toMatch(/<p><small>By Ann<br>\n<time/)
})

test('a caption is plain text, decoded', () => {
  expect(contentOf(`${image}\n---\nText`).content).toContain(
    '<figcaption>By the sea &amp; sky, café · <small>Picture: Ann</small></figcaption>',
  )
})

test('furniture: none leaves nothing but the article', () => {
  const { content } = contentOf('tags: [x]\n---\nText', 'rights: © T\nfeeds: { furniture: none }\n')
  expect(content).toBe('<p>Text</p>')
})

test('a template of one’s own that begins with something else is reported', () => {
  const template = (text: string) => ({ 'templates/feed/content.html.hbs': text })
  expect(contentOf('---\nText', '', template('<p>{{article.title}}</p>{{{body}}}')).problems).toMatchObject([
    { file: 'templates/feed/content.html.hbs', line: 1, rule: 'feed-content-begins' },
  ])
  expect(contentOf('---\nText', '', template('<div>{{{body}}}</div>By {{article.title}}')).problems).toEqual(
    [],
  )
  expect(
    contentOf('place: Delhi\n---\nText', '', template('<b>{{article.place}}</b>: {{{body}}}')).problems,
  ).toEqual([])
})
