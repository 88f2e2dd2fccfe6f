// What every letter has: the statements of the checklist that can be read off its bytes.

import { expect, test } from 'vitest'
import { editionSubject, renderLetter } from '../../src/letter/letter.ts'
import {
  aLoaded,
  aNewsletter,
  anArticle,
  anAuthor,
  aPicture,
  aPublication,
  aRenderer,
  at,
} from '../builders.ts'
import { aLetter, aNote, anEdition, filled, someArticles, templates } from './letter-edition.ts'

const edition = anEdition(someArticles(), {
  note: aNote('Dear {{reader "name" "reader"}},\n\na week of talks.'),
})
const letter = await aLetter(edition, {
  publication: aPublication({
    service: 'https://letters.meridian.example/',
    logo: aPicture({ alt: '', width: 480, height: 120, file: 'images/logo.png', type: 'image/png' }),
  }),
})
const { html, text, marker } = letter
const count = (pattern: RegExp, within = html) => [...within.matchAll(pattern)].length

test('it begins as a document with language and direction, and so does every child of its body', () => {
  expect(html).toMatch(/^<!doctype html><html lang="en-IN" dir="ltr"/)
  expect(html).toMatch(/<body [^>]*><div [^>]*role="article" lang="en-IN" dir="ltr"/)
  expect(html).toContain('<title>Ministers speak of trade &amp; minerals</title>')
})

test('one h1, one h2 for each article, in the order of the edition', () => {
  expect(count(/<h1[\s>]/g)).toBe(1)
  const headings = [...html.matchAll(/<h2[^>]*><a [^>]*>([^<]*)<\/a><\/h2>/g)].map(match => match[1])
  expect(headings).toEqual([
    'Ministers speak of trade &amp; minerals',
    'A bridge opens',
    'Budget day',
    'دہلی میں بارش',
    'Worth reading',
  ])
  const places = edition.articles.map(article => text.indexOf(article.title))
  expect(places.every(place => place >= 0)).toBe(true)
  expect([...places].sort((a, b) => a - b)).toEqual(places)
})

test('an article in another language says so, and stands on its own side', () => {
  expect(html).toMatch(/<div lang="ur" dir="rtl" style="text-align:right">/)
})

test('every picture has alt, width and height, and a linked one has words', () => {
  const pictures = [...html.matchAll(/<img [^>]*>/g)].map(match => match[0])
  expect(pictures).toHaveLength(3)
  for (const picture of pictures) {
    expect(picture).toMatch(/ alt="[^"]+"/)
    expect(picture).toMatch(/ width="\d+" height="\d+"/)
  }
  expect(html).toContain('alt="The Meridian" width="240" height="60"')
  expect(letter.files).toEqual(['images/logo.png', 'images/bridge.jpg'])
})

test('no colour but six digits, no CSS variable, no script, form, font or tracking of MJML’s', () => {
  expect(html).not.toMatch(/(?<!&)#[0-9a-f]{3}[;"'\s}]/i)
  expect(html).not.toMatch(
    /var\(|calc\(|light-dark\(|@import|fonts\.googleapis|<script|<form|<iframe|javascript:/,
  )
  expect(html).not.toMatch(/height="auto"|user-scalable|display:\s*(flex|grid)|&#x3D;|margin:[^;"]*-\d/)
})

test('layout tables are presentation, styles are small, conditional comments balance', () => {
  expect(count(/<table(?![^>]*role="presentation")/g)).toBe(0)
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(match => match[1]!.length)
  expect(styles.reduce((a, b) => a + b)).toBeLessThan(16_384)
  expect(count(/<!--\[if /g)).toBe(count(/<!\[endif\]-->/g))
  expect(html).toContain('<o:PixelsPerInch>96</o:PixelsPerInch>')
})

test('what it says in its head', () => {
  for (const name of [
    'color-scheme',
    'supported-color-schemes',
    'format-detection',
    'x-apple-disable-message-reformatting',
  ])
    expect(html).toContain(`<meta name="${name}"`)
})

test('lines are short enough for SMTP and nothing in it is a control character', () => {
  expect(Math.max(...html.split('\n').map(line => Buffer.byteLength(line)))).toBeLessThan(4000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  expect(html + text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffd]/)
})

test('readers differ only in slots that carry the marker', () => {
  expect(marker).toMatch(/^[0-9a-f]{12}$/)
  const slots = (within: string) => [...within.matchAll(/⟦([^:⟧]*):([^⟧]*)⟧/g)].map(match => match[0])
  expect(new Set(slots(html))).toEqual(
    new Set([`⟦${marker}:name|reader⟧`, `⟦${marker}:unsubscribe_url⟧`, `⟦${marker}:preferences_url⟧`]),
  )
  expect(new Set(slots(text))).toEqual(new Set(slots(html)))
  expect(html).toContain(`href="⟦${marker}:unsubscribe_url⟧"`)
})

test('without a service there is no page for preferences', async () => {
  const plain = await aLetter(edition)
  expect(plain.html + plain.text).not.toContain('preferences_url')
})

test('the preheader is 40 to 200 characters of words, not the subject, hidden, and not in the text', () => {
  expect(letter.preheader.length).toBeGreaterThanOrEqual(40)
  expect(letter.preheader.length).toBeLessThanOrEqual(200)
  expect(letter.preheader).not.toBe(letter.subject)
  expect(html).toMatch(/<div lang="en-IN" dir="ltr" style="display:none[^"]*mso-hide:all">The two ministers/)
  expect(html).not.toMatch(/\u200b|\u200c|\u200d|\u2007|\u034f|\ufeff|color:#ffffff;font-size:1px/)
})

test('byline, place, updated time in the publication’s zone, reading time, caption and credit, marks', () => {
  for (const words of [
    'By World Desk',
    'New Delhi',
    '1\u00a0min\u00a0read',
    'The bridge at dawn',
    'Picture: Meridian Pictures',
  ])
    expect(html).toContain(words)
  expect(html).toMatch(/Updated 30 January 2026 at 5:06\s?am IST/)
  expect(html).toContain('قسط سنیں، 24 منٹ')
  expect(html).toContain('Original at example.org')
  expect(html).toContain('>Live</td>')
})

test('the text part has every link of the HTML, its content at once and the way out at its end', () => {
  const links = new Set(
    [...html.matchAll(/href="([^"]*)"/g)].map(match => match[1]!.replaceAll('&amp;', '&')),
  )
  expect([...links].filter(link => !text.includes(link))).toEqual([])
  expect(text.split('\n').slice(0, 3).join('\n')).toContain('Dear ')
  expect(text.indexOf('unsubscribe_url')).toBeGreaterThan(text.indexOf('Worth reading'))
  expect(text.trimEnd()).toMatch(/12 Observatory Road, New Delhi 110001\n© 2026 The Meridian$/)
  expect(
    filled(text)
      .split('\n')
      .filter(line => line.length > 78),
  ).toEqual([])
})

test('the same edition makes the same bytes', async () => {
  expect(await aLetter(edition)).toEqual(await aLetter(edition))
})

test('a letter in Arabic reads from right to left throughout', async () => {
  const newsletter = aNewsletter({ language: 'ar', title: 'الرسالة' })
  const arabic = await aLetter(
    anEdition([anArticle({ title: 'خبر', language: 'ar', direction: 'rtl', summary: 'نص الخبر.' })], {
      newsletter,
    }),
  )
  expect(arabic.html).toMatch(/<html lang="ar" dir="rtl"/)
  expect(arabic.html).not.toMatch(/direction:ltr|text-align:left|align="left"/)
  expect(arabic.html).toContain('إلغاء الاشتراك')
})

test('a newsletter in a language without a catalogue speaks English in the right direction', async () => {
  const farsi = await aLetter(anEdition(someArticles(), { newsletter: aNewsletter({ language: 'fa' }) }))
  expect(farsi.html).toMatch(/<html lang="fa" dir="rtl"/)
  expect(farsi.html).toContain('Unsubscribe')
})

test('every: article carries the whole article, its title as the one h1', async () => {
  const body =
    '<h1>Part</h1><p>One <a href="https://e.example/?a=1&amp;b">two</a>.</p><h4>Deep</h4><pre>a  b\n  c</pre><p><img src="https://meridian.example/a.webp" alt="A map"><img src="https://meridian.example/b.png" alt="B" width="1200" height="600"></p>'
  const article = anArticle({ title: 'Whole', body, comments: 'https://meridian.example/talk' })
  const whole = await aLetter(
    anEdition([article], { newsletter: aNewsletter({ every: 'article' }), id: 'whole' }),
  )
  expect(count(/<h1[\s>]/g, whole.html)).toBe(1)
  expect(whole.html).toMatch(/<h2 style="[^"]*">Part<\/h2>/)
  expect(whole.html).toMatch(/<h3 style="[^"]*">Deep<\/h3>/)
  expect(whole.html).toContain('a  b\n  c</pre>')
  expect(whole.html).toContain('<em>A map</em>')
  expect(whole.html).toMatch(
    /<img class="shade" src="https:\/\/meridian.example\/b.png" style="[^"]*" alt="B" width="552" height="276">/,
  )
  expect(whole.text).toContain('https://meridian.example/talk')
})

test('one author who carries the edition is introduced', async () => {
  const author = {
    id: 'world',
    name: 'World Desk',
    role: 'Reporters',
    biography: 'They report.',
    social: [{ name: 'Mastodon', url: 'https://social.example/@w' }],
    photo: aPicture({ width: 200, height: 200, file: 'images/desk.png' }),
  }
  const made = await aLetter(
    anEdition([anArticle({ authors: [author] }), anArticle({ slug: 'b', authors: [author] })]),
  )
  expect(made.html).toContain('They report.')
  expect(made.html).toContain('width="72" height="72"')
  expect(made.text).toContain('Mastodon: <https://social.example/@w>')
  expect(made.files).toContain('images/desk.png')
  expect(html).not.toContain('They report.')
})

test('more than ten articles make a compact letter', async () => {
  const many = Array.from({ length: 11 }, (_, n) =>
    anArticle({ slug: `n${n}`, title: `News ${n}`, image: aPicture() }),
  )
  const compact = await aLetter(anEdition(many))
  expect(count(/<img /g, compact.html)).toBe(1)
  expect(count(/<h2/g, compact.html)).toBe(11)
})

test('pictures that mail clients do not show leave their words', async () => {
  const made = await aLetter(
    anEdition([anArticle({ image: aPicture({ type: 'image/webp', alt: 'The new bridge' }) })]),
  )
  expect(made.html).not.toContain('<img')
  expect(made.html).toContain('The new bridge')
  expect(made.files).toEqual([])
})

test('an accent too light to read is darkened', async () => {
  const made = await aLetter(edition, { publication: aPublication({ accent: '#ffee00' }) })
  expect(made.html).not.toContain('#ffee00;text-decoration')
})

test('bands have the accent of the settings where it carries no text', async () => {
  const { html } = await aLetter(edition, { publication: aPublication({ accent: '#f2b705' }) })
  expect(html).toMatch(/class="band"[^>]*border-top:2px solid #f2b705/)
  expect(html).not.toMatch(/style="(?:[^"]*;)?color:#f2b705/)
  const pale = await aLetter(edition, { publication: aPublication({ accent: '#fefefe' }) })
  expect(pale.html).not.toContain('solid #fefefe')
})

test('nothing floats or clears, which Outlook cannot; badges, times and minutes keep to one line', () => {
  expect(html).not.toMatch(/float\s*:|clear\s*:|<table[^>]* align="(?:left|right)/)
  expect(html).toMatch(/<td [^>]*white-space:nowrap[^>]*>Live<\/td>/)
  expect(html).toMatch(/<span>\d+\u00a0min\u00a0read<\/span>/)
})

test('a byline in letters of the other direction does not move what is beside it', async () => {
  const article = anArticle({
    authors: [{ name: 'محمد العربي', biography: '', social: [] }],
    place: 'القاهرة',
  })
  const made = await aLetter(anEdition([article]))
  expect(made.html).toContain(
    '>\u2068By محمد العربي\u2069</span> &#183; <span>\u2068القاهرة\u2069</span> &#183;',
  )
  expect(made.text).toContain('\u2068القاهرة\u2069')
  expect(html.replace(/<div lang="ur"[\s\S]*?<\/div>/g, '')).not.toContain('\u2068')
})

test('beside a small picture, the parts of a line that a telephone has no room for are below one another', async () => {
  const compact = { newsletter: aNewsletter({ layout: 'compact' }) }
  const [long, short] = ['Nether Wallop-on-Sea', 'Bern'].map((place, at) =>
    anArticle({
      slug: `a${at}`,
      place,
      image: aPicture(),
      authors: [],
    }),
  )
  const made = await aLetter(anEdition([anArticle({ image: aPicture() }), long!, short!], compact))
  expect(made.html).toMatch(/Wallop-on-Sea<\/span><span class="dot"> &#183; <\/span><span class="item">1/)
  expect(made.html).toMatch(/Bern<\/span> &#183; <span>1/)
})

test('a link in a caption is one in the text, has the colour of what is around it, and words keep off pictures', async () => {
  const links = [{ text: 'Ann', of: 'Ann Lee', at: 0, url: 'https://ann.example/' }]
  const body = '<p><img src="https://meridian.example/a.png" alt="A" width="1200" height="800"> Said Ann.</p>'
  const article = anArticle({ body, image: aPicture({ credit: 'Ann Lee', links }) })
  const made = await aLetter(anEdition([article], { newsletter: aNewsletter({ every: 'article' }), id: 'a' }))
  expect(made.text).toContain('Ann: <https://ann.example/>')
  expect(made.html).toMatch(/<a href="https:\/\/ann\.example\/" class="soft" style="color:/)
  expect(made.html).toMatch(/<img [^>]*;margin:0 0 8px"[^>]*> Said Ann/)
})

test('a section’s label is not printed twice in a row', async () => {
  const articles = ['a', 'b', 'c'].map(slug =>
    anArticle({ slug, section: { slug: 'world', title: 'Worldwide' } }),
  )
  const labels = async (of: typeof articles) =>
    ((await aLetter(anEdition(of))).html.match(/class="accent"[^>]*>Worldwide</g) ?? []).length
  expect(await labels(articles)).toBe(1)
  expect(await labels(articles.slice(0, 1))).toBe(1)
})

test('a task has its box and no bullet; German may be hyphenated, English is not', async () => {
  const instant = { newsletter: aNewsletter({ every: 'article' }), id: 'a' }
  const body = '<ul><li>☐ Call</li><li><p>☑ Write</p></li><li>Else</li></ul>'
  const german = await aLetter(anEdition([anArticle({ body, language: 'de' })], instant))
  expect(german.html.match(/<li style="[^"]*list-style-type:none">/g)).toHaveLength(2)
  expect(german.html).toContain('.page :lang(de){-webkit-hyphens:auto;hyphens:auto}')
  expect(html).not.toContain('hyphens')
})

test('a byline that is too long for a line has several, and none ends in a separator', async () => {
  const place = 'Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson'
  const long = anArticle({ slug: 'long', place, authors: [anAuthor({ name: 'Jean-Baptiste d’Alembert' })] })
  const { html } = await aLetter(anEdition([anArticle({ slug: 'lead' }), long]))
  const line = /<span>By Jean-Baptiste.*?<\/p>/.exec(html)![0].replaceAll('\u00ad', '')
  expect(line.split('<br>')).toHaveLength(3)
  expect(line).not.toMatch(/·|&#183;/)
})

test.each([
  ['a wide one', 1120, 280, 'width="280" height="70"'],
  ['a square one', 512, 512, 'width="72" height="72"'],
  ['a high one', 300, 600, 'width="36" height="72"'],
])('no logo pushes the news off the screen: %s', async (_, width, height, drawn) => {
  const logo = aPicture({
    file: 'images/logo.png',
    url: 'https://meridian.example/images/logo.png',
    width,
    height,
  })
  const { html } = await aLetter(edition, { publication: aPublication({ logo }) })
  expect(/<img src="[^"]*logo.png"[^>]*>/.exec(html)?.[0]).toContain(drawn)
})

test('a second logo takes the place of the first in the dark', async () => {
  const logo = aPicture({ file: 'images/logo.png', url: 'https://meridian.example/images/logo.png' })
  const logoDark = aPicture({ file: 'images/night.png', url: 'https://meridian.example/images/night.png' })
  const made = await aLetter(edition, { publication: aPublication({ logo, logoDark }) })
  expect(made.html).toMatch(/<img class="logo-light" src="[^"]*logo.png"/)
  expect(made.html).toMatch(
    /<img class="logo-dark" src="[^"]*night.png"[^>]* style="display:none;[^"]*mso-hide:all"/,
  )
  expect(made.html).toMatch(/dark\)\s*\{\s*\.logo-light\{display:none !important\}/)
  expect(made.files).toContain('images/night.png')
  expect(html).not.toContain('logo-')
})

test('subjects are one line, and never empty', () => {
  const publication = aPublication()
  const subjectOf = (subject: string) =>
    editionSubject(anEdition(someArticles(), { newsletter: aNewsletter({ subject }) }), publication)
  expect(subjectOf('{{edition.lead.title}}')).toBe('Ministers speak of trade & minerals')
  expect(subjectOf('{{nothing}}')).toBe('The Meridian Weekly, 30 January 2026')
  expect(subjectOf('a\r\nBcc: x')).toBe('a Bcc: x')
  expect(subjectOf('For {{reader "name" "you"}}')).toBe('For you')
  expect(() => subjectOf('{{#if')).toThrow('subject of newsletter weekly')
  const noted = anEdition(someArticles(), {
    note: aNote('', { subject: '{{edition.id}} for {{reader "name" "you"}}' }),
  })
  expect(editionSubject(noted, publication)).toBe('{{edition.id}} for you')
})

test('a subject may greet', async () => {
  const made = await aLetter(
    anEdition(someArticles(), { note: aNote('', { subject: 'News, {{reader "name" "reader"}}' }) }),
  )
  expect(made.subject).toBe(`News, ⟦${made.marker}:name|reader⟧`)
  expect(made.html).toContain(`<title>News, ⟦${made.marker}:name|reader⟧</title>`)
})

test('a reader’s column that cannot be is told by the note’s file', async () => {
  const edition = anEdition(someArticles(), { note: aNote('{{reader "na:me" "x"}}') })
  await expect(aLetter(edition)).rejects.toThrow(
    'articles/editions/weekly/2026-W05.md: "na:me" cannot be a column',
  )
})

test('only editions of a week have a number, and it is that of the week', async () => {
  const month = await aLetter(
    anEdition(someArticles(), { newsletter: aNewsletter({ every: 'month' }), id: '2026-01' }),
  )
  expect(month.html).not.toMatch(/(?:No\.|Week) 1\b/)
  const day = await aLetter(
    anEdition([anArticle({ updated: at('2026-01-30T05:06:00+05:30') })], {
      newsletter: aNewsletter({ every: 'day' }),
      id: '2026-01-30',
    }),
  )
  expect(day.html).not.toContain('Week ')
})

test('words in another language are set as its script asks, wherever they stand', async () => {
  const quote = '<blockquote><p>Said.</p></blockquote>'
  const urdu = { language: 'ur', direction: 'rtl' as const, body: quote }
  const instant = { newsletter: aNewsletter({ every: 'article' }), id: 'a' }
  const english = await aLetter(anEdition([anArticle({ body: quote })], instant))
  expect(english.html).toContain(
    '<blockquote style="margin:0 0 16px;border-left:3px solid #d8d4ca;padding-left:20px;mso-padding-alt:0 15px 0 15px;font-style:italic">',
  )
  expect(english.html).not.toContain('Nastaliq')
  const made = await aLetter(anEdition([anArticle(urdu)], instant))
  expect(made.html).toContain(
    '<blockquote style="margin:0 0 16px;border-right:3px solid #d8d4ca;padding-right:20px;mso-padding-alt:0 15px 0 15px;font-style:normal">',
  )
  expect(made.html).toMatch(/h1:lang\(ur\)[^{]*\{[^}]*Nastaliq[^}]*line-height:2 /)
  const hindi = await aLetter(anEdition([anArticle({ ...urdu, language: 'hi', direction: 'ltr' })], instant))
  expect(hindi.html).toContain(
    '<blockquote style="margin:0 0 16px;border-left:3px solid #d8d4ca;padding-left:20px;mso-padding-alt:0 15px 0 15px;font-style:normal">',
  )
  const arabic = { ...aPublication(), language: 'ar', direction: 'rtl' as const }
  expect((await aLetter(edition, { publication: arabic })).html).not.toMatch(/<p [^>]*lang="ar"[^>]*italic/)
})

test('an author says who she is in her own language', async () => {
  const author = { name: 'اردو ڈیسک', biography: 'شہر کی خبریں۔', social: [] }
  const article = anArticle({ language: 'ur', direction: 'rtl', authors: [author] })
  const { html } = await aLetter(anEdition([article]))
  expect(html).toMatch(
    /<div lang="ur" dir="rtl" style="text-align:right">\s*<table [^>]*><tr><td[^>]*>\s*<p class="ink"[^>]*>اردو ڈیسک/,
  )
  const abroad = anArticle({ language: 'ar', direction: 'rtl', authors: [{ ...author, name: 'World Desk' }] })
  const others = [abroad, anArticle({ slug: 'b', authors: [{ ...author, name: 'World Desk' }] })]
  const mixed = await renderLetter(
    anEdition([abroad], { newsletter: aNewsletter({ language: 'ar' }) }),
    aLoaded(others),
    aRenderer(),
    templates,
  )
  expect(mixed.html).toMatch(
    /<div lang="en-IN" dir="ltr" style="text-align:left">\s*<table [^>]*><tr><td[^>]*>\s*<p class="ink"[^>]*>World Desk/,
  )
})
