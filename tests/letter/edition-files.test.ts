// The files of an edition: the same bytes every time, nobody's links in the page for everybody, stable JSON.

import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { readToken } from '../../src/base/signed-links.ts'
import { planEdition } from '../../src/edition/plan-edition.ts'
import { findSlot } from '../../src/edition/slots.ts'
import { editionFiles } from '../../src/letter/edition-files.ts'
import type { Letter, Publication } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, at } from '../builders.ts'

const marker = '0123456789ab'
const slot = (name: string) => `⟦${marker}:${name}⟧`

function build(overrides: Partial<Publication> = {}, html?: string) {
  const articles = [
    anArticle({ slug: 'bridge', date: at('2026-01-29T10:00:00+05:30') }),
    anArticle({ slug: 'sketch', date: at('2026-01-28T10:00:00+05:30'), state: 'draft' }),
  ]
  const loaded = aLoaded(articles, aPublication(overrides))
  const newsletter = aNewsletter()
  const edition = planEdition(loaded, newsletter, findSlot(loaded, newsletter, '2026-W05')!, {
    carried: new Set(),
  })
  const letter: Letter = {
    edition: 'weekly/2026-W05',
    newsletter: 'weekly',
    subject: `⟦${marker}:name|You⟧: a bridge opens`,
    preheader: '',
    language: 'en-IN',
    from: newsletter.from,
    html:
      html ??
      `<p>⟦${marker}:name|reader⟧</p><a href="${slot('unsubscribe_url')}">x</a><a href="${slot('preferences_url')}">y</a>`,
    text: `⟦${marker}:name|reader⟧ <${slot('unsubscribe_url')}>`,
    marker,
    files: [],
  }
  const files = editionFiles(edition, letter, loaded)
  return Object.fromEntries(
    files.map(({ path, body }) => [
      path.replace('editions/weekly/2026-W05/', ''),
      body as string & Uint8Array,
    ]),
  )
}

test('the page for everybody leads to where people leave, and holds no token', () => {
  const service = 'https://letters.meridian.example/?a=1&b=2'
  expect(build({ service })['index.html']).toBe(
    '<p>reader</p><a href="https://letters.meridian.example/?a=1&amp;b=2">x</a>' +
      '<a href="https://letters.meridian.example/?a=1&amp;b=2">y</a>',
  )
  expect(build()['index.html']).toContain('<a href="https://meridian.example/">x</a>')
})

test('opened from a disk, page and letter have their pictures; a message has them on the web', () => {
  const picture =
    '<img src="https://meridian.example/images/a.jpg" alt=""><a href="https://meridian.example/a/">x</a>'
  const files = build({}, picture)
  for (const name of ['index.html', 'letter.html'])
    expect(files[name]).toBe(picture.replace('src="https://meridian.example/', 'src="../../../'))
  expect(new TextDecoder().decode(files['message.eml'])).toContain('meridian.example/images/a.jpg')
})

test('the page for everybody, and it alone, says where the feed of its newsletter is', () => {
  const newsletters = [aNewsletter({ title: 'Tea & "Toast"' })]
  const html = '<html><head></head><body><p>x</p></body></html>'
  const files = build({ newsletters }, html)
  expect(files['index.html']).toBe(
    `<html><head>
<link rel="alternate" type="application/atom+xml" title="The Meridian: Tea &amp; &quot;Toast&quot; (Atom)" href="https://meridian.example/editions/weekly/atom.xml">
<link rel="alternate" type="application/rss+xml" title="The Meridian: Tea &amp; &quot;Toast&quot; (RSS)" href="https://meridian.example/editions/weekly/rss.xml">
<link rel="alternate" type="application/feed+json" title="The Meridian: Tea &amp; &quot;Toast&quot; (JSON Feed)" href="https://meridian.example/editions/weekly/feed.json">
</head><body><p>x</p></body></html>`,
  )
  expect(files['letter.html']).toBe(html)
})

test('letter and message are made out to a sample reader, with links that no secret of ours signed', async () => {
  const files = build({ service: 'https://letters.meridian.example/' })
  const token = /\/u\/([\w.~-]+)/.exec(files['letter.txt']!)![1]!
  expect(readToken('sample', 'unsubscribe', token)).toEqual({ subscriber: 0, edition: 'weekly/2026-W05' })
  const mail = await simpleParser(Buffer.from(files['message.eml']!))
  expect(mail.subject).toBe('Sample Reader: a bridge opens')
  expect(mail.date?.toISOString()).toBe('2026-01-30T01:30:00.000Z')
  expect(mail.html).toBe(files['letter.html'])
  expect(mail.text?.trim()).toBe(files['letter.txt'])
})

test('edition.json has times in the publication’s zone and says what was left out', () => {
  expect(JSON.parse(build()['edition.json']!)).toEqual({
    id: '2026-W05',
    newsletter: 'weekly',
    from: '2026-01-23T07:00:00+05:30',
    until: '2026-01-30T07:00:00+05:30',
    subject: 'You: a bridge opens',
    articles: ['tag:meridian.example,2026:bridge'],
    left_out: [{ article: 'tag:meridian.example,2026:sketch', why: 'draft' }],
  })
})

test('same edition, same bytes', () => {
  expect(build()).toEqual(build())
})
