// The page of an article: everything a newspaper's page carries, for people and for machines.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Article, Body } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { buildPages } from '../../src/site/pages/build-pages.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { aLoaded, anArticle, anAuthor, aPicture, aPublication, aRenderer, at } from '../builders.ts'
import { parseFragment } from '../feed/html-fragment.ts'
import { aSite, dataOf } from './a-site.ts'

const PATH = 'world/2026/bridge-opens/index.html'
const section = { slug: 'world', title: 'World' }

function page(overrides: Partial<Article> = {}, body: Partial<Body> = {}, others: Article[] = []): string {
  return aSite(aLoaded([anArticle({ section, ...overrides }), ...others]), aRenderer(body)).get(PATH)!
}

test('headline, standfirst, byline with role, place, times in the zone of the publication, reading time', () => {
  const html = page({
    summary: 'Closed since autumn.',
    place: 'New Delhi',
    authors: [anAuthor({ name: 'Asha', role: 'Foreign news' }), anAuthor({ name: 'Ben' })],
    date: at('2026-01-29T15:10:00Z'),
    updated: at('2026-01-29T23:36:00Z'),
  })
  expect(html).toContain('<h1>A bridge opens</h1>')
  expect(html).toContain('<p class="standfirst">Closed since autumn.</p>')
  expect(html).toMatch(
    /By <a href="https:\/\/meridian\.example\/authors\/asha\/" rel="author"><bdi>Asha<\/bdi><\/a> <bdi class="role">\(Foreign news\)<\/bdi> and <a [^>]*><bdi>Ben/,
  )
  expect(html).toContain('<time datetime="2026-01-29T20:40:00+05:30">Published 29 January 2026')
  expect(html).toContain('<time datetime="2026-01-30T05:06:00+05:30">Updated 30 January 2026 at 5:06')
  expect(html).toContain('1 min read')
  expect(html).toContain('<p><span class="place">New Delhi</span> — The bridge opened this morning.</p>')
})

test.each(['article', 'withdrawn'])(
  'where the template pages/%s.html.hbs fails, no file is returned',
  name => {
    const folder = aFolder({ [`templates/pages/${name}.html.hbs`]: '{{shout article.title}}' })
    const broken = openTemplates(join(folder, 'templates'))
    const loaded = aLoaded([
      anArticle({ section }),
      anArticle({ id: 'tag:two', slug: 'two', state: 'withdrawn', withdrawn: { reason: '' } }),
    ])
    expect(() => buildPages(loaded, aRenderer(), broken, [])).toThrow('there is no helper "shout"')
  },
)

test('a date without a time is shown as one', () => {
  const html = page({ date: at('2026-01-29T00:00:00+05:30'), updated: at('2026-01-30T00:00:00+05:30') })
  expect(html).toContain('Published 29 January 2026</time>')
  expect(html).toContain('Updated 30 January 2026</time>')
})

test('the lead picture with its words; not twice where the body shows it', () => {
  const image = aPicture({ caption: 'At dawn', credit: 'ANI' })
  const html = page({ image })
  expect(html).toContain(
    '<figure class="picture"><img src="../../../images/bridge.jpg" alt="A bridge at dawn" fetchpriority="high" width="1200" height="800"><figcaption>At dawn · <bdi class="credit">Picture: ANI</bdi></figcaption></figure>',
  )
  const twice = page({ image, body: `<p><img src="${image.url}" alt="x"></p>` })
  expect(twice.match(/images\/bridge\.jpg" alt/g)).toHaveLength(1)
  expect(twice).toContain('Picture: ANI')
})

test('own pictures and footnotes are reached from where the page lies, links to other pages are absolute', () => {
  const html = page({
    body:
      '<p>"src=https://meridian.example/"<img src="https://meridian.example/images/a.png" srcset="https://meridian.example/images/a.png 1x, https://meridian.example/images/b.png 2x" alt=""> <img src="https://other.example/c.png" alt="">' +
      '<a href="https://meridian.example/world/2026/bridge-opens/#fn1">1</a> <a href="https://meridian.example/about/">2</a></p><table><tr><td>1</td></tr></table><pre><code>x</code></pre><ul><li>☑ Done</li></ul>',
  })
  expect(html).toContain('"src=https://meridian.example/"')
  expect(html).toContain(
    '<img loading="lazy" src="../../../images/a.png" srcset="../../../images/a.png 1x, ../../../images/b.png 2x" alt="">',
  )
  expect(html).toContain('<img loading="lazy" src="https://other.example/c.png" alt="">')
  expect(html).toContain('<a href="#fn1">1</a> <a href="https://meridian.example/about/">2</a>')
  expect(html).toContain(
    '<div class="wide" role="group" tabindex="0" aria-label="Table"><table><tr><td>1</td></tr></table></div>',
  )
  expect(html).toContain('<pre tabindex="0"><code>')
  expect(html).toContain('<li class="task">☑ Done</li>')
})

test('a live blog: the newest entry first, each with its own anchor; behind them what is no entry, and the footnotes', () => {
  const prose = (html: string) => ({ html, letterHtml: html, text: '', files: [] })
  const entry = (id: string, time: string, title: string) => {
    return {
      ...prose(`<p>${title.replace('&', '&amp;')}.</p>`),
      id,
      time,
      title,
      at: at(`2026-01-27T${time}:00+05:30`),
    }
  }
  const parts = {
    intro: prose('<p>Intro.</p>\n<h2 id="so-far">What we know so far</h2>\n<p>Key point.</p>'),
    entries: [
      entry('1140-the-sun', '11:40', 'The sun & the "wind"'),
      entry('0550-good-morning', '05:50', 'Good morning'),
    ],
    sections: prose('<h2 id="background">Background</h2>\n<p>Once upon a time.</p>'),
    notes: prose('<hr>\n<ol>\n<li id="fn1"><p>Note</p></li>\n</ol>'),
  }
  const written = parts.entries.map(({ id, html }) => `<h2 id="${id}">${id}</h2>\n${html}`).join('\n')
  const html = `${parts.intro.html}\n${written}\n${parts.sections.html}\n${parts.notes.html}`
  const live = page({ live: true }, { html, live: parts })
  expect(live).toContain('<span class="live">Live</span>')
  expect(
    [...live.matchAll(/<h2 id="([^"]*)"><a href="#\1"><time datetime="([^"]*)">/g)].map(m => m.slice(1)),
  ).toEqual([
    ['1140-the-sun', '2026-01-27T11:40:00+05:30'],
    ['0550-good-morning', '2026-01-27T05:50:00+05:30'],
  ])
  expect(dataOf(live).liveBlogUpdate).toHaveLength(2)
  const order = [
    '>Intro.<',
    '>What we know so far<',
    '>Key point.<',
    '"wind',
    '>Good morning.<',
    '>Background<',
  ]
  const places = [...order, '>Once upon a time.<', '<li id="fn1">'].map(words =>
    live.indexOf(words, live.indexOf('<div class="text">')),
  )
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
  // An element of the author's own around several entries cannot be taken apart.
  const whole = `<div>${html}</div>`
  const closed = { ...parts, intro: prose(`<div>${parts.intro.html}</div>`) }
  const wrapped = page({ live: true }, { html: whole, live: closed })
  expect(wrapped).toContain(whole.slice(0, 40))
  expect(wrapped).not.toContain('class="entry"')
  expect(parseFragment(wrapped.replace('<!doctype html>', '')).faults).toEqual([])
})

test('every word of a live blog is on its page', () => {
  const body =
    'Before.\n\n> ## Quoted\n\n# High\n\n## What we know\n\nKeypoint.\n\n## 22.05 First\n\nOne[^1].\n\n### Detail\n\nMore.\n\n## Background\n\nHistorytext.\n\n## 22:10 Second\n\nTwo.\n\n# Top\n\nEndtext.\n\n[^1]: Footnotetext.'
  const article = anArticle({ live: true, date: at('2026-01-27T22:00:00+05:30'), body })
  const loaded = aLoaded([article])
  const html = aSite(loaded, createRenderer(loaded)).get(PATH)!
  const words = [...body.matchAll(/[A-Z]\p{L}+/gu)].map(([word]) => word)
  const shown = html.slice(html.indexOf('<div class="text">'), html.indexOf('<div class="after">'))
  for (const word of words) expect(shown.split(word), word).toHaveLength(2)
  expect(shown.match(/class="entry"/g)).toHaveLength(2)
  // Links to an entry are made of its heading, in feeds and on the page.
  expect(shown).toContain('<h2 id="2205-first"><a href="#2205-first">')
  expect(shown.indexOf('Background')).toBeGreaterThan(shown.lastIndexOf('class="entry"'))
  const raw = { ...article, body: `<div>\n\n${body}\n\n</div>` }
  const kept = aSite(aLoaded([raw]), createRenderer(aLoaded([raw]))).get(PATH)!
  for (const word of words) expect(kept).toContain(word)
  // What an element of the author's own holds stays in it.
  const held =
    '## 10:00 First\n\nOne.\n\n<details><summary>More</summary>\n\n## 11:00 Second\n\nTwo.\n\n</details>\n'
  const folded = anArticle({ live: true, date: at('2026-01-27T22:00:00+05:30'), body: held })
  const page = aSite(aLoaded([folded]), createRenderer(aLoaded([folded]))).get(PATH)!
  expect(page).toMatch(/<details><summary>More<\/summary>.*Two\..*<\/details>/s)
})

test('a player that loads nothing by itself, its transcript; the discussion; the source', () => {
  const html = page({
    audio: {
      url: 'https://meridian.example/audio/bell.mp3',
      file: 'audio/bell.mp3',
      type: 'audio/mpeg',
      duration: 3668,
      season: 2,
      episode: 3,
      transcript: 'https://meridian.example/audio/bell.vtt',
    },
    comments: 'https://talk.example/?a=1&b=2',
    source: { url: 'https://archive.example/', title: 'The clerk' },
  })
  expect(html).toContain('<audio controls preload="none" src="../../../audio/bell.mp3"></audio>')
  expect(html).toContain('Season 2, episode 3 · ')
  expect(html).toContain('1:01:08')
  expect(html).toContain('<a href="https://meridian.example/audio/bell.vtt">Transcript</a>')
  expect(html).toContain('<a href="https://talk.example/?a=1&amp;b=2">Read and write comments</a>')
  expect(html).toContain('Read the original: <a href="https://archive.example/">The clerk</a>')
})

test('the author, what else there is to read, and the feeds it belongs to', () => {
  const desk = anAuthor({
    id: 'desk',
    name: 'World Desk',
    photo: aPicture({ file: 'images/desk.png', alt: 'Emblem' }),
    biography: 'The desk.',
    social: [{ name: 'Mastodon', url: 'https://social.example/@desk' }],
  })
  const older = anArticle({
    slug: 'older',
    title: 'Older',
    section,
    tags: ['Trade'],
    date: at('2026-01-02T00:00:00Z'),
  })
  const html = page({ authors: [desk], tags: ['trade', 'Trade'] }, {}, [older])
  expect(html).toContain('<img src="../../../images/desk.png" alt="Emblem" loading="lazy"')
  expect(html).toContain('<p>The desk.</p>')
  expect(html).toContain('<a href="https://social.example/@desk" rel="me">Mastodon</a>')
  expect(html).toContain('<a href="https://meridian.example/tags/trade/" rel="tag">trade</a>')
  expect(html).toContain('<a href="https://meridian.example/sections/world/">World</a>')
  expect(html).toMatch(/Related stories<\/h2>\n<ul>\n<li><a href="[^"]*older\/">Older</)
  const feeds = [...html.matchAll(/<link rel="alternate" type="[^"]*" title="([^"]*)" href="([^"]*)">/g)]
  expect(feeds.map(([, title, url]) => `${title} ${url}`)).toEqual([
    'The Meridian (Atom) https://meridian.example/atom.xml',
    'The Meridian (RSS) https://meridian.example/rss.xml',
    'The Meridian (JSON Feed) https://meridian.example/feed.json',
    'The Meridian: World (Atom) https://meridian.example/sections/world/atom.xml',
    'The Meridian: World Desk (Atom) https://meridian.example/authors/desk/atom.xml',
    'The Meridian: #Trade (Atom) https://meridian.example/tags/trade/atom.xml',
  ])
})

test('Open Graph, card, canonical address and schema.org', () => {
  const html = page({
    title: 'One & </script><b>two',
    image: aPicture({ credit: 'ANI' }),
    canonical: 'https://elsewhere.example/a',
    tags: ['trade'],
    place: 'New Delhi',
  })
  expect(html).toContain('<link rel="canonical" href="https://elsewhere.example/a">')
  expect(html).toContain('<meta property="og:image" content="https://meridian.example/images/bridge.jpg">')
  expect(html).toContain('<meta property="og:locale" content="en_IN">')
  expect(html).toContain('<meta name="twitter:card" content="summary_large_image">')
  expect(html.match(/<script/g)).toHaveLength(1)
  expect(dataOf(html)).toMatchObject({
    '@type': 'NewsArticle',
    headline: 'One & </script><b>two',
    datePublished: '2026-01-30T07:00:00+05:30',
    dateModified: '2026-01-30T07:00:00+05:30',
    dateline: 'New Delhi',
    articleSection: 'World',
    keywords: ['trade'],
    author: [{ '@type': 'Person', name: 'World Desk', url: 'https://meridian.example/authors/world-desk/' }],
    image: { '@type': 'ImageObject', url: 'https://meridian.example/images/bridge.jpg', creditText: 'ANI' },
    publisher: { name: 'The Meridian', sameAs: ['https://instagram.example/meridian'] },
    isAccessibleForFree: true,
    inLanguage: 'en-IN',
    mainEntityOfPage: 'https://elsewhere.example/a',
  })
})

test('an article without a byline is the publication’s, and a picture says whose it is', () => {
  const data = dataOf(page({ authors: [], image: aPicture({ copyright: '© 2026 ANI' }) }))
  expect(data.author).toMatchObject({ '@type': 'NewsMediaOrganization', name: 'The Meridian' })
  expect(data.image).toMatchObject({ copyrightNotice: '© 2026 ANI' })
})

describe('languages', () => {
  test('words are in the language of the article where a catalogue speaks it', () => {
    const html = page({ language: 'hi', title: 'किताबें' })
    expect(html).toContain('<html lang="hi" dir="ltr">')
    expect(html).toContain('1 मिनट का पाठ')
    expect(html).toContain('<header lang="en-IN" dir="ltr">')
  })

  test('else in that of the publication, marked as such', () => {
    const html = page({ language: 'fa', direction: 'rtl', title: 'قلم' })
    expect(html).toContain('<html lang="fa" dir="rtl">')
    expect(html).toContain('<p class="line turn" lang="en-IN" dir="ltr">')
    expect(html).toContain('1 min read')
  })
})

test('withdrawn: a notice without the text, for no search engine; drafts, future and expired ones: nothing', () => {
  const states = ['draft', 'future', 'expired'] as const
  const site = aSite(
    aLoaded([
      anArticle({
        state: 'withdrawn',
        body: 'SECRET',
        summary: 'SECRET',
        image: aPicture({ alt: 'SECRET' }),
        withdrawn: { at: at('2026-01-31T10:00:00+05:30'), reason: 'It rested on a <draft>.' },
      }),
      anArticle({ slug: 'unlisted', state: 'unlisted', title: 'Unlisted' }),
      ...states.map(state => anArticle({ slug: state, state, title: 'SECRET' })),
    ]),
  )
  const notice = site.get(PATH)!
  expect(notice).toContain('<meta name="robots" content="noindex">')
  expect(notice).toContain('It rested on a &lt;draft&gt;.')
  expect(notice).toContain('<time datetime="2026-01-31T10:00:00+05:30">Withdrawn 31 January 2026')
  expect(notice).not.toContain('canonical')
  expect(site.get('world/2026/unlisted/index.html')).toContain('<h1>Unlisted</h1>')
  expect([...site.values()].join('')).not.toContain('SECRET')
  for (const [path, html] of site) if (!path.includes('unlisted')) expect(html).not.toContain('Unlisted')
})

test('a publication with a site of its own: no pages, and links lead to where the articles are', () => {
  const articles = { url: '/{slug}/', pages: false, idHost: 'meridian.example' }
  const site = aSite(aLoaded([anArticle({ section })], aPublication({ articles })))
  expect([...site.keys()]).toEqual(['index.html'])
  expect(site.get('index.html')).toContain('href="https://meridian.example/world/2026/bridge-opens/"')
  expect(site.get('index.html')).not.toMatch(/href="[^"]*\/(sections|tags|authors)\/[^"]*\/"/)
})
