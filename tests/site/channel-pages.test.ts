// Pages of sections, tags and authors, and the archive of newsletters.

import { expect, test } from 'vitest'
import { aLoaded, aNewsletter, anArticle, anAuthor, aPicture, aPublication, aRenderer } from '../builders.ts'
import { aSite } from './a-site.ts'

const section = { slug: 'world', title: 'World' }
const desk = anAuthor({
  id: 'desk',
  name: 'World Desk',
  role: 'Foreign news',
  photo: aPicture({ file: 'images/desk.png', alt: 'Emblem' }),
  biography: 'The desk.',
  url: 'https://desk.example/',
})
const articles = [
  anArticle({ section, tags: ['नदी जोड़ो'], authors: [desk], image: aPicture() }),
  anArticle({ slug: 'urdu', title: 'قلم', language: 'ur', direction: 'rtl', tags: ['R&D'] }),
]

test('each has its newest articles, and announces its own three feeds', () => {
  const site = aSite(aLoaded(articles))
  const html = site.get('tags/नदी-जोड़ो/index.html')!
  const folder = `https://meridian.example/tags/${encodeURIComponent('नदी-जोड़ो')}/`
  expect(html).toContain('<h1>नदी जोड़ो</h1>')
  expect(html).toContain(`<link rel="canonical" href="${folder}">`)
  const feeds = [...html.matchAll(/<link rel="alternate" [^>]* href="([^"]*)">/g)].map(match => match[1])
  expect(feeds).toEqual([`${folder}atom.xml`, `${folder}rss.xml`, `${folder}feed.json`])
  expect(html).toContain(
    '<h2><a href="https://meridian.example/world/2026/bridge-opens/">A bridge opens</a></h2>',
  )
  expect(html).toContain('<img src="../../images/bridge.jpg"')
  expect(html).not.toContain('قلم')
  expect(site.get('tags/r-d/index.html')).toContain('<article class="row" lang="ur" dir="rtl">')
})

test('sections, tags and authors announce their own three feeds and no others', () => {
  const site = aSite(aLoaded(articles))
  const pages = [...site].filter(([path]) => /^(sections|tags|authors)\//.test(path))
  expect(new Set(pages.map(([path]) => path.split('/')[0]))).toEqual(new Set(['sections', 'tags', 'authors']))
  for (const [path, html] of pages) {
    const folder = new URL(path.replace('index.html', ''), 'https://meridian.example/').href
    const links = [...html.matchAll(/<link rel="alternate" type="([^"]*)" title="[^"]+" href="([^"]*)">/g)]
    expect(links.map(([, type, href]) => [type, href])).toEqual([
      ['application/atom+xml', `${folder}atom.xml`],
      ['application/rss+xml', `${folder}rss.xml`],
      ['application/feed+json', `${folder}feed.json`],
    ])
  }
})

test('an author has her photo, role, biography and links', () => {
  const html = aSite(aLoaded(articles)).get('authors/desk/index.html')!
  expect(html).toContain('<h1>World Desk</h1>\n<p class="role">Foreign news</p>\n<p>The desk.</p>')
  expect(html).toContain('<img src="../../images/desk.png" alt="Emblem"')
  expect(html).toContain('<a href="https://desk.example/" rel="me">desk.example</a>')
})

test('a section without articles has a page too; only what the settings ask for is made', () => {
  const { feeds } = aPublication()
  expect(aSite(aLoaded(articles)).get('sections/business/index.html')).toContain(
    'Nothing has been published yet.',
  )
  const few = aSite(aLoaded(articles, aPublication({ feeds: { ...feeds, per: ['tag'] } })))
  expect([...few.keys()].filter(path => /^(sections|authors)\//.test(path))).toEqual([])
})

test('no more articles than a feed has', () => {
  const { feeds } = aPublication()
  const many = Array.from({ length: 5 }, (_, n) => anArticle({ slug: `a${n}`, section }))
  const site = aSite(aLoaded(many, aPublication({ feeds: { ...feeds, items: 3 } })))
  expect(site.get('sections/world/index.html')!.match(/class="row"/g)).toHaveLength(3)
})

test('the archive: every edition of each newsletter, newest first, with date, number and subject', () => {
  const newsletters = [
    aNewsletter(),
    aNewsletter({ id: 'morning', title: 'Morning', every: 'day', language: 'ar' }),
  ]
  const edition = (newsletter: string, id: string, subject: string) => ({
    id,
    newsletter,
    subject,
    preheader: '',
    until: Date.parse(id.startsWith('2026-W') ? `2026-01-${Number(id.slice(-2)) * 7 - 5}` : id),
    articles: 4,
  })
  const weeks = [1, 2, 3, 4].map(week => edition('weekly', `2026-W0${week}`, `Week <${week}>`))
  const days = [10, 11, 12, 13, 14, 15].map(day => edition('morning', `2026-01-${day}`, `Day ${day}`))
  const loaded = aLoaded(articles, aPublication({ newsletters }))
  const site = aSite(loaded, aRenderer(), [...weeks, ...days])
  const weekly = site.get('editions/weekly/index.html')!
  expect([...weekly.matchAll(/Week (\d)/g)].map(match => match[1])).toEqual(['4', '3', '2', '1'])
  expect(weekly).toContain(
    '<a href="https://meridian.example/editions/weekly/2026-W04/" lang="en-IN" dir="ltr">Week &lt;4&gt;</a>',
  )
  expect(weekly).toContain('<time datetime="2026-01-23T05:30:00+05:30">Friday, 23 January 2026</time>')
  expect(weekly).not.toContain('Day 1')
  expect(site.get('editions/morning/index.html')).toContain('lang="ar" dir="rtl">Day 10</a>')
  const all = site.get('editions/index.html')!
  expect(all).toContain('Day 11')
  expect(all).not.toContain('Day 10')
  expect(all).toContain('<a href="https://meridian.example/editions/morning/">All editions</a>')
  const alternates = (html: string) =>
    [
      ...html.matchAll(
        /<link rel="alternate" type="[^"]*" title="([^"]*)" href="[^"]*\/editions\/([^"]*)">/g,
      ),
    ].map(([, title, file]) => `${title} ${file}`)
  expect(alternates(site.get('editions/morning/index.html')!)).toEqual([
    'The Meridian: Morning (Atom) morning/atom.xml',
    'The Meridian: Morning (RSS) morning/rss.xml',
    'The Meridian: Morning (JSON Feed) morning/feed.json',
  ])
  expect(alternates(all)).toEqual([
    'The Meridian Weekly (Atom) weekly/atom.xml',
    'The Meridian: Morning (Atom) morning/atom.xml',
  ])
  expect(aSite(loaded).get('editions/weekly/index.html')).toContain('No edition has appeared yet.')
  expect([...aSite(aLoaded(articles)).keys()].filter(path => path.startsWith('editions/'))).toEqual([])
})
