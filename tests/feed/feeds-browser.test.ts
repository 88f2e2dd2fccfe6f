// The demo's feeds in a real browser, with their style sheet: who opens one by hand reads what it is and what is in it.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTemplates } from '../../src/templates/index.ts'
import { aBrowser } from '../a-browser.ts'
import { aLoaded, anArticle, aPublication, at } from '../builders.ts'
import { buildAll } from './fixture.ts'

const home = 'https://meridian.example/'
const out = new URL('../../out/', import.meta.url)
const style = readFileSync(new URL('feed.css', out), 'utf8')
const words = openTemplates('/no/templates/of/its/own').words('en')

const browser = aBrowser()

/** Of a feed in a browser: the titles that have a box on the page, what stands before its own address, and widths. */
const look = `(() => {
  const visible = element => {
    const { width, height } = element.getBoundingClientRect()
    const { visibility, opacity } = getComputedStyle(element)
    return width > 0 && height > 0 && visibility === 'visible' && opacity !== '0'
  }
  const all = selector => [...document.querySelectorAll(selector)].filter(visible)
  const titles = 'item > title, entry > title'
  const said = (element, place) => getComputedStyle(element, place).content
  return {
    name: all('channel > title, feed > title').map(title => title.textContent),
    titles: all(titles).map(title => title.textContent),
    written: [...document.querySelectorAll(titles)].map(title => title.textContent),
    about: all('[rel="self"], [rel="current"]').map(link => said(link, '::before') + said(link, '::after')),
    raw: all('guid, lastBuildDate, generator, id, content, *|encoded').length,
    wide: document.documentElement.scrollWidth - innerWidth,
  }
})()`

interface Seen {
  readonly name: string[]
  readonly titles: string[]
  readonly written: string[]
  readonly about: string[]
  readonly raw: number
  readonly wide: number
}

const demo = (path: string) => readFileSync(new URL(path, out))

async function open(
  path: string,
  css: string,
  read: (path: string) => string | Buffer = demo,
): Promise<Seen> {
  const tab = await browser().newPage({ viewport: { width: 320, height: 900 } })
  await tab.route('**/*', (route, request) => {
    if (request.url().endsWith('/feed.css')) return route.fulfill({ contentType: 'text/css', body: css })
    if (request.url() !== home + path) return route.abort()
    return route.fulfill({ contentType: 'text/xml; charset=utf-8', body: read(path) })
  })
  await tab.goto(home + path, { waitUntil: 'load' })
  const seen = await tab.evaluate<Seen>(look)
  await tab.close()
  return seen
}

test.each(['rss.xml', 'atom.xml'])(
  '%s says how to subscribe and shows every title, and nothing that only machines read',
  async path => {
    const { name, titles, written, about, raw, wide } = await open(path, style)
    expect(name).toEqual(['The Meridian'])
    expect(titles).toEqual(written)
    expect(about).toEqual([expect.stringContaining(words('feed.browser_note'))])
    expect(raw).toBe(0)
    expect(titles.length).toBeGreaterThan(10)
    expect(wide).toBeLessThanOrEqual(0)
    // It would be seen: a style sheet that hides all of it.
    const hidden = await open(path, `${style}\n* { display: none !important; }`)
    expect(hidden).toMatchObject({ name: [], titles: [], about: [] })
  },
  30_000,
)

test.each(['rss.xml', 'atom.xml'])(
  'a page of the archive sends its reader to %s, and titles stand as they were written',
  async name => {
    const titles = ['Live & ]]> <b>&amp;', 'Second']
    const articles = titles.map((title, index) =>
      anArticle({ slug: `a${index}`, title, date: at(`2025-0${2 - index}-01T10:00:00Z`) }),
    )
    const newest = anArticle({ slug: 'newest', date: at('2025-03-01T10:00:00Z') })
    const feeds = { ...aPublication().feeds, items: 1, archive: true }
    const files = buildAll(aLoaded([newest, ...articles], aPublication({ feeds })))
    const seen = await open(`archive/2025-02/${name}`, files['feed.css']!, path => files[path]!)
    expect(seen.about).toEqual([`"${words('feed.browser_archive')}""${home}${name}"`])
    expect(seen.titles).toEqual([titles[0]])
    expect(seen.wide).toBeLessThanOrEqual(0)
    const { user_comment: comment } = JSON.parse(files['archive/2025-02/feed.json']!)
    expect(comment).toContain(`archive of The Meridian`)
    expect(comment).toContain(`${home}feed.json`)
  },
  30_000,
)
