// Where pages lie: the file that answers at an article's address, and never where something else stands.

import { expect, test } from 'vitest'
import { pagePath } from '../../src/content/articles/paths.ts'
import type { Loaded } from '../../src/model.ts'
import { pagePlaces, shownFiles } from '../../src/site/pages/open-site.ts'
import { aLoaded, aNewsletter, anArticle, aPicture, aPublication, aRenderer } from '../builders.ts'
import { aSite } from './a-site.ts'

const home = 'https://meridian.example/'
const problems = (loaded: Loaded) =>
  pagePlaces(loaded, shownFiles(loaded, aRenderer(), []).copies).diagnostics

test.each([
  ['world/a/', 'world/a/index.html'],
  ['world/a', 'world/a/index.html'],
  ['world/a.html', 'world/a.html'],
  ['', 'index.html'],
  ['v1.2/', 'v1.2/index.html'],
  [encodeURI('नदी/'), 'नदी/index.html'],
  ['a%2Fb/', undefined],
  ['%2E%2E/b/', undefined],
  ['a//b/', undefined],
  ['%00/', undefined],
  ['%5Cb/', undefined],
  ['%E0%A4/', undefined],
  [`${'a'.repeat(256)}/`, undefined],
])('%s', (path, file) => {
  expect(pagePath(home + path, home)).toBe(file)
})

test.each([
  '',
  'rss.xml/',
  'feed.css/',
  'feeds.opml/a/',
  'tags/rail/',
  'tags/rail/rss.xml/',
  'TAGS/Rail/',
  'tagſ/rail/',
  'ARCHIVE/a/',
  'sections/world/index.html',
  'archive/2026-01/',
  'editions/',
  'editions/weekly/2026-W05/',
  'images/bridge.jpg/',
  '_headers/',
  '_redirects/',
  'a%2Fb/',
])('an article at /%s has no page, and its writer is told', path => {
  const { url } = aPublication()
  const plain = anArticle({ slug: 'plain', tags: ['Rail'], image: aPicture() })
  const bad = anArticle({ slug: 'bad', title: 'MISPLACED', url: url + path })
  const loaded = aLoaded([plain, bad], aPublication({ newsletters: [aNewsletter()] }))
  const [problem, ...others] = problems(loaded)
  expect(others).toEqual([])
  expect(problem).toMatchObject({ file: 'articles/bad.md', rule: 'page-address', severity: 'error' })
  expect(problem!.message).toContain(url + path)
  expect([...aSite(loaded).values()].filter(html => html.includes('<h1>MISPLACED</h1>'))).toEqual([])
})

test('an article below a section, a tag or another article collides with nothing', () => {
  const at = (slug: string, path: string) => anArticle({ slug, url: home + path, tags: ['rail'] })
  const loaded = aLoaded([
    at('one', 'sections/world/one/'),
    at('two', 'tags/rail/two/'),
    at('three', 'one/'),
    at('four', 'one/four.html'),
    at('five', 'editions/of-the-sagas/'),
  ])
  expect(problems(loaded)).toEqual([])
  expect(problems(aLoaded([at('a', 'x.html'), at('b', 'x.html/y/')]))).toHaveLength(1)
})

test('no pages, no collisions', () => {
  const articles = { url: '/{slug}/', pages: false, idHost: 'meridian.example' }
  expect(problems(aLoaded([anArticle({ url: `${home}rss.xml/` })], aPublication({ articles })))).toEqual([])
})

test('a static host answers with a page where there is none; an article of that address takes its place', () => {
  const page = aSite(aLoaded([anArticle()])).get('404.html')!
  expect(page).toContain('<meta name="robots" content="noindex">')
  // It is read at any address: nothing in it is relative to one.
  expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(match => match[1])).toEqual([home])
  const own = anArticle({ title: 'Lost?', url: `${home}404.html` })
  expect(aSite(aLoaded([own])).get('404.html')).toContain('<h1>Lost?</h1>')
  const partOfAnother = aPublication()
  const articles = { ...partOfAnother.articles, pages: false }
  expect(aSite(aLoaded([anArticle()], { ...partOfAnother, articles })).has('404.html')).toBe(false)
})
