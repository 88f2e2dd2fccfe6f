// Whatever an article says, its pages are well-formed, hold no script but their data, and that is JSON.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Article } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { aLoaded, aNewsletter, anArticle, anAuthor, aPicture, aPublication } from '../builders.ts'
import { parseFragment } from '../feed/html-fragment.ts'
import { aSite, dataOf } from './a-site.ts'

const NASTY = [
  '</script>',
  '<!--<script>',
  '<script>alert(1)</script>',
  '</style>',
  '</title>',
  '</main>',
  '<img src=x onerror=alert(1)>',
  '" onload="alert(1)',
  "' x='",
  ']]>',
  '&',
  '&lt;',
  '<b>',
  '{{title}}',
  '{{{data}}}',
  '$&',
  '\0',
  '\u0008',
  '\ud800',
  '\u2028',
  '\u202e',
  '\n\n## 14:05 Now\n\n',
  '\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n',
  '\n\n```\n</pre>\n```\n\n',
  '[^1]',
  '\n\n[^1]: note\n\n',
  '\n\n- [x] done\n\n',
  '![a](b.png)',
  '<div>',
  '</div>',
  '<table>',
  'हिन्दी',
  '😀',
]

const text = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 8 })
  .map(parts => parts.join(''))
const url = fc.oneof(fc.webUrl({ withQueryParameters: true }), text)
const picture = fc
  .record({ url, alt: text, caption: text, credit: text, file: fc.constantFrom(undefined, 'images/a b.png') })
  .map(fields => aPicture(fields))
const author = fc
  .record({
    name: text,
    role: text,
    biography: text,
    url,
    photo: picture,
    social: fc.array(fc.record({ name: text, url }), { maxLength: 2 }),
  })
  .map(fields => anAuthor(fields))

const article: fc.Arbitrary<Article> = fc
  .record(
    {
      title: text,
      summary: text,
      place: text,
      body: text,
      tags: fc.array(text, { maxLength: 3 }),
      section: fc.record({ slug: fc.constant('world'), title: text }),
      authors: fc.array(author, { maxLength: 2 }),
      image: picture,
      audio: fc.record({ url, type: text, transcript: url, duration: fc.nat() }),
      comments: url,
      source: fc.record({ url, title: text }),
      canonical: url,
      live: fc.boolean(),
      language: fc.constantFrom('en', 'hi', 'ur', 'x-none'),
      state: fc.constantFrom('published', 'unlisted', 'withdrawn'),
      withdrawn: fc.record({ reason: text }),
    },
    { requiredKeys: [] },
  )
  .map(fields => anArticle(fields as Partial<Article>))

const publication = fc
  .record({ title: text, tagline: text, rights: text, address: text })
  .map(fields => aPublication({ ...fields, newsletters: [aNewsletter({ title: fields.title })] }))

test('any text in any field', () => {
  fc.assert(
    fc.property(fc.uniqueArray(article, { maxLength: 3 }), publication, (articles, about) => {
      const placed = articles.map((one, n) => ({ ...one, id: `${n}`, url: `https://meridian.example/${n}/` }))
      const loaded = aLoaded(placed, about)
      const weekly = { id: '2026-W05', newsletter: 'weekly', until: 0, articles: 1 }
      const editions = [{ ...weekly, subject: about.title, preheader: '' }]
      for (const [path, html] of aSite(loaded, createRenderer(loaded), editions)) {
        const page = html.replace('<!doctype html>', '').replace(/<style>[\s\S]*?<\/style>/, '')
        const isArticle = html.includes('<script')
        if (isArticle) dataOf(html)
        const rest = page.replace(/<script type="application\/ld\+json">[\s\S]*?<\/script>/, '')
        const { tags, faults } = parseFragment(rest)
        expect(faults, path).toEqual([])
        expect(tags.filter(({ name }) => name === 'script' || name === 'iframe')).toEqual([])
        expect(
          tags.flatMap(({ attributes }) => Object.keys(attributes)).filter(name => name.startsWith('on')),
        ).toEqual([])
        for (const mark of ['html', 'head', 'body', 'main', 'h1']) {
          const found = tags.filter(({ name }) => name === mark).length
          if (mark === 'h1' || mark === 'main') expect(found).toBeGreaterThanOrEqual(1)
          else expect(found).toBe(1)
        }
      }
    }),
    { numRuns: 150 },
  )
})
