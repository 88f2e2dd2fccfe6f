// A newspaper's page, saved in every way that people save one → the same article, and nothing of what stood around it.

import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../../a-folder.ts'
import { anExport, anImport, errorsOf, exports } from './an-import.ts'

const ARTICLE = `---
title: Delhi minister opens harbour office in old depot
date: 2026-01-30T05:06:00+05:30
authors: [asha-verma]
tags: [ferry office, Delhi ferries, river transport, YouTube stream, delhi city news, current affairs]
summary: The office will take complaints from ferry passengers, and answer them within two days
place: New Delhi
image_caption: Transport Minister Ravi Menon said the depot had stood empty for years.
image_credit: PTI Photo/Kiran Das
id: urn:sha256:274c54a3671e55121893666dcf262fd6
draft: true # © The River Express Pvt Ltd
---

Transport Minister Ravi Menon on Thursday opened an office for ferry passengers in a depot that had been empty since 2011.

The office opens on February 4. He is expected to visit again in March.

“Nobody should wait a week for an answer,” he said, adding that “Story continues below this ad” was the most read sentence in the city.

The ministry has hired 40 people.

According to the ministry, 1.2 million passengers used the ferries last year.

The depot was built in 1962.

A spokesperson said the roof was repaired.

It cost Rs 4.5 crore, officials said.

The opposition called the opening late.

“It should have come in 2020,” its leader said.

Ferry users welcomed it.

One of them, a teacher, said she crosses twice a day.

The next office opens in May, in Noida.
`

const AUTHOR = `---
name: Asha Verma
role: Senior Correspondent
---

Asha Verma, Senior Correspondent at The River Express, has been covering transport and rivers for a decade. She has reported from four states and …
`

const text = readFileSync(join(exports, 'page.txt'), 'utf8')

test('a text saved from a page is one article, byte for byte, and its author', async () => {
  const imported = await anImport(join(exports, 'page.txt'))
  const files = imported.files()
  const article = 'articles/delhi-minister-opens-harbour-office-in-old-depot.md'
  expect(Buffer.from(files[article]!, 'latin1').toString()).toBe(ARTICLE)
  expect(Buffer.from(files['articles/authors/asha-verma.md']!, 'latin1').toString()).toBe(AUTHOR)
  expect(Object.keys(files).filter(file => file.endsWith('.md'))).toHaveLength(2)
  expect(imported.report.lost).toMatchObject({
    'dates that are those of a change': 1,
    'articles of another house': 1,
    'profiles without an address': 1,
    'pictures that the page does not contain': 1,
  })
  expect(imported.code).toBe(1)
  expect(errorsOf(imported)).toEqual([])
  const again = await anImport(join(exports, 'page.txt'), {}, imported.dir)
  expect(again.report.written).toEqual([])
})

test('a zone’s name that means several is read by place and by the publication’s zone, and never guessed', async () => {
  const from = async (timezone: string, place: string) => {
    const folder = anExport({ 'a.txt': text.replace('New Delhi', place) })
    const own = aFolder({
      'articles/publication.yaml': `title: The Post\nurl: https://new.example/\ntimezone: ${timezone}\n`,
    })
    const imported = await anImport(join(folder, 'a.txt'), {}, own)
    const file = Object.entries(imported.files()).find(([name]) => name.includes('delhi-minister'))![1]
    return [/^date: (.*)$/m.exec(file)![1], imported.report.lost['zones that are not sure'] ?? 0]
  }
  expect(await from('Europe/Berlin', 'New Delhi')).toEqual(['2026-01-30T05:06:00+05:30', 0])
  expect(await from('Asia/Jerusalem', 'Nowhere')).toEqual(['2026-01-30T05:06:00+02:00', 0])
  expect(await from('Europe/Berlin', 'Nowhere')).toEqual(['2026-01-30T05:06:00+01:00', 1])
})

const TITLE = 'Ferries return to the old harbour'
const SUMMARY = 'After ten years the boats run again, and twice as often as before'
const CAPTION = 'The first boat at the quay.'
const CREDIT = 'AFP/Jo Lund'
const PICTURE = 'https://paper.example/pictures/boat-1600.jpg'
const ADDRESS = 'https://paper.example/2026/01/ferries-return'
const PARAGRAPHS = Array.from(
  { length: 13 },
  (_, at) =>
    `Paragraph ${at + 1} tells what happened at the harbour on that day, and what the people there thought of it.`,
)

const HEADS: Readonly<Record<string, string>> = {
  'JSON-LD': `<script type="application/ld+json">${JSON.stringify({
    '@context': 'https://schema.org',
    '@graph': [
      { '@type': 'WebPage', name: 'A page' },
      {
        '@type': 'NewsArticle',
        headline: TITLE,
        description: SUMMARY,
        datePublished: '2026-01-30T05:06:00+05:30',
        dateModified: '2026-02-02T08:00:00+05:30',
        author: [{ '@type': 'Person', name: 'Anna Berg' }],
        image: { '@type': 'ImageObject', url: PICTURE, caption: CAPTION, creditText: CREDIT },
        keywords: ['harbour', 'ferries'],
        publisher: { '@type': 'Organization', name: 'The Paper' },
      },
    ],
  })}</script>`,
  OpenGraph: `<meta property="og:type" content="article"><meta property="og:title" content="${TITLE} | The Paper"><meta property="og:site_name" content="The Paper"><meta property="og:description" content="${SUMMARY}"><meta property="og:image" content="${PICTURE}"><meta property="article:published_time" content="2026-01-30T05:06:00+05:30"><meta property="article:modified_time" content="2026-02-02T08:00:00+05:30"><meta name="author" content="Anna Berg"><meta property="article:tag" content="harbour"><meta property="article:tag" content="ferries">`,
  microdata: '',
  nothing: '',
}

function aPage(kind: string): string {
  const item = (name: string) => (kind === 'microdata' ? ` itemprop="${name}"` : '')
  const tags =
    kind === 'microdata' || kind === 'nothing' ? '<meta name="keywords" content="harbour, ferries">' : ''
  const body = PARAGRAPHS.map(
    (words, at) =>
      `<p>${words}</p>${at === 3 ? '<div class="ad-slot"><p>Story continues below this ad</p></div>' : ''}${at === 5 ? '<p><strong>Also Read</strong></p><p><a href="/x">Bridge closed for a week</a></p>' : ''}`,
  )
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${TITLE} | The Paper</title><link rel="canonical" href="${ADDRESS}">${HEADS[kind]}${tags}</head><body>
<header class="site-header"><a href="/">The Paper</a><nav><ul><li><a href="/world">World</a></li></ul></nav></header>
<main><article${kind === 'microdata' ? ' itemscope itemtype="https://schema.org/NewsArticle"' : ''}>
<h1${item('headline')}>${TITLE}</h1>
<h2 class="synopsis"${item('description')}>${SUMMARY}</h2>
<div class="byline">Written by: <a href="/a"${item('author')}>Anna Berg</a></div>
<div>2 min read</div>
<div class="dates"><span>Oslo</span> Published: <time${item('datePublished')} datetime="2026-01-30T05:06:00+05:30">Jan 30, 2026 05:06 AM IST</time></div>
<div class="dates2">Updated: <time${item('dateModified')} datetime="2026-02-02T08:00:00+05:30">Feb 2, 2026 08:00 AM IST</time></div>
<div class="share-bar"><a href="https://x.com/share">Share</a><button>Copy link</button></div>
<figure><img${item('image')} src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="https://paper.example/pictures/boat-400.jpg" srcset="https://paper.example/pictures/boat-400.jpg 400w, ${PICTURE} 1600w" alt="A boat"><figcaption>${CAPTION} (Photo: ${CREDIT})</figcaption></figure>
<div${item('articleBody')}>${body.join('\n')}</div>
<div class="author-bio"><p>Anna Berg</p><p>Anna Berg, a reporter at The Paper, has covered harbours since 2010 and lives on a boat. ... Read More</p></div>
</article>
<article><h1>Another piece</h1><p>It is of no interest to anybody here at all.</p><p>And so on, and so forth, for ever.</p></article></main>
<aside class="sidebar"><h3>Top Stories</h3><ul><li><a href="/y">A bridge in the rain</a></li></ul></aside>
<footer><p>© 2026 The Paper Ltd. All rights reserved.</p></footer><script>document.write('<p>x</p>')</script></body></html>`
}

test.each(['JSON-LD', 'microdata', 'OpenGraph', 'nothing'])(
  'a page with %s: the same fields and the same text',
  async kind => {
    const folder = anExport({ 'page.html': aPage(kind) })
    const imported = await anImport(join(folder, 'page.html'))
    const article = imported.article(ADDRESS)
    expect({
      title: article.title,
      summary: article.summary,
      authors: article.authors.map(({ name, role, biography }) => ({ name, role, biography })),
      place: article.place,
      date: new Date(article.date.at).toISOString(),
      updated: article.updated && new Date(article.updated.at).toISOString(),
      tags: article.tags,
      image: [article.image?.url, article.image?.alt, article.image?.caption, article.image?.credit],
      state: article.state,
      source: article.source?.url,
    }).toEqual({
      title: TITLE,
      summary: SUMMARY,
      authors: [
        {
          name: 'Anna Berg',
          role: 'reporter',
          biography:
            'Anna Berg, a reporter at The Paper, has covered harbours since 2010 and lives on a boat.',
        },
      ],
      place: 'Oslo',
      date: '2026-01-29T23:36:00.000Z',
      updated: '2026-02-02T02:30:00.000Z',
      tags: ['harbour', 'ferries'],
      image: [PICTURE, 'A boat', CAPTION, CREDIT],
      state: 'draft',
      source: ADDRESS,
    })
    expect(article.body.trim().split('\n\n')).toEqual(PARAGRAPHS)
    expect(errorsOf(imported)).toEqual([])
  },
)

function encoded(html: string, charset: string): Uint8Array {
  if (charset === 'utf-16le') return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(html, 'utf16le')])
  const special: Readonly<Record<string, number>> = {
    '’': 0x92,
    '“': 0x93,
    '”': 0x94,
    '–': 0x96,
    '…': 0x85,
    '€': 0x80,
  }
  return Buffer.from([...html].map(sign => special[sign] ?? sign.charCodeAt(0)))
}

test.each(['windows-1252', 'utf-16le'])('a page in %s', async charset => {
  const html = aPage('nothing')
    .replace('charset="utf-8"', `charset="${charset}"`)
    .replace(
      PARAGRAPHS[1]!,
      'Café “Möwe” – it’s open … for 5 €, as everybody at the harbour in the town knows by now.',
    )
  const folder = anExport({ 'page.html': encoded(html, charset) })
  const imported = await anImport(join(folder, 'page.html'))
  expect(imported.article(ADDRESS).body).toContain('Café “Möwe” – it’s open … for 5 €')
})

test('a page saved as one file has its pictures beside it', async () => {
  const picture = readFileSync(join(exports, 'ghost/content/images/2026/01/lead.png'))
  const boundary = '----MultipartBoundary--abc'
  const html = Buffer.from(aPage('JSON-LD').replaceAll('boat-1600.jpg', 'boat-1600.png'))
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n')
  const mhtml = [
    'From: <Saved by Blink>',
    `Snapshot-Content-Location: ${ADDRESS}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/html',
    'Content-Transfer-Encoding: base64',
    `Content-Location: ${ADDRESS}`,
    '',
    html,
    `--${boundary}`,
    'Content-Type: image/png',
    'Content-Transfer-Encoding: base64',
    'Content-Location: https://paper.example/pictures/boat-1600.png',
    '',
    picture.toString('base64'),
    `--${boundary}--`,
    '',
  ].join('\r\n')
  const folder = anExport({ 'page.mhtml': mhtml })
  const imported = await anImport(join(folder, 'page.mhtml'))
  expect(imported.article(ADDRESS).image).toMatchObject({ width: 60, height: 40, caption: CAPTION })
  expect(imported.report.pictures).toEqual({ copied: 1, remote: 0 })
})

const HINDI = `<!DOCTYPE html><html lang="hi"><head><meta charset="utf-8"><title>पुराने बंदरगाह पर नाव सेवा फिर शुरू</title></head><body><article><h1>पुराने बंदरगाह पर नाव सेवा फिर शुरू</h1><p>लेखक: आशा वर्मा</p><p>नई दिल्ली अपडेटेड: 2026-01-30 05:06</p><p>दस साल बाद बंदरगाह से नावें फिर चलने लगी हैं और यात्रियों ने इस फैसले का स्वागत किया है, ऐसा मंत्री ने कहा।</p><p>विज्ञापन</p><p>यह भी पढ़ें: पुल एक हफ्ते के लिए बंद</p><p>मंत्रालय ने बताया कि पिछले साल बारह लाख लोगों ने नावों का इस्तेमाल किया और इस साल यह संख्या बढ़ेगी।</p><p>टॉप स्टोरीज</p><p>बारिश में पुल</p></article></body></html>`
const ARABIC = `<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>عودة العبارات إلى الميناء القديم</title></head><body><article><h1>عودة العبارات إلى الميناء القديم</h1><p>بقلم: آمنة صالح</p><p>القاهرة آخر تحديث: 2026-01-30 05:06</p><p>بعد عشر سنوات عادت القوارب إلى العمل من الميناء القديم، ورحب الركاب بهذا القرار الذي أعلنه الوزير أمس في مؤتمر صحفي.</p><p>إعلان</p><p>اقرأ أيضا: إغلاق الجسر لمدة أسبوع</p><p>وقالت الوزارة إن أكثر من مليون راكب استخدموا القوارب في العام الماضي، ومن المتوقع أن يرتفع هذا العدد هذا العام.</p><p>أهم الأخبار</p><p>جسر تحت المطر</p></article></body></html>`

test.each([
  ['Hindi', HINDI, 'hi', 'आशा वर्मा', 'नई दिल्ली', /^दस साल[^\n]*\n\nमंत्रालय[^\n]*$/],
  ['Arabic', ARABIC, 'ar', 'آمنة صالح', 'القاهرة', /^بعد عشر[^\n]*\n\nوقالت[^\n]*$/],
])('a page in %s', async (_, html, language, author, place, body) => {
  const imported = await anImport(join(anExport({ 'page.html': html }), 'page.html'))
  const [article] = imported.loaded.articles
  expect([article?.language, article?.authors[0]?.name, article?.place]).toEqual([language, author, place])
  expect(article?.body.trim()).toMatch(body)
})

test('a page of AMP, metadata with commas too many, and a text that only the metadata have', async () => {
  const words = 'The council met at the harbour and talked about the tower for a long time today.'
  const data = (more: string) =>
    `<script type="application/ld+json">{ "@type": "NewsArticle", "headline": "Harbour", "datePublished": "2026-01-30T08:00:00+05:30", ${more} }</script>`
  const page = (head: string, body: string) =>
    `<!doctype html><html><head><title>Harbour</title><link rel="canonical" href="https://n.example/a">${head}</head><body><article><h1>Harbour</h1>${body}</article></body></html>`
  const folder = aFolder({
    'amp.html': page(
      data('"keywords": ["port",],'),
      `<p>${words}</p><amp-img src="https://n.example/b.jpg" alt="B" width="1" height="1"></amp-img><p>${words}</p><p>${words}</p>`,
    ),
    'script.html': page(data(`"articleBody": "${Array(4).fill(words).join('\\n\\n')}"`), ''),
  })
  const amp = Object.values((await anImport(join(folder, 'amp.html'))).files()).join('')
  expect(amp).toContain('tags: [port]')
  expect(amp).toContain('![B](https://n.example/b.jpg)')
  const script = Object.values((await anImport(join(folder, 'script.html'))).files()).join('')
  expect(script.split(words)).toHaveLength(5)
})

test('of articles one after another without a headline of their own, none is the page’s', async () => {
  const words = 'met at the harbour and talked about the tower for a long time today.'
  const entry = (who: string) =>
    `<article><p>The ${who} ${words}</p><p>Then the ${who} went home again.</p></article>`
  const html = `<!doctype html><html><head><title>Harbour</title><link rel="canonical" href="https://n.example/a"><meta property="og:type" content="article"><meta property="article:published_time" content="2026-01-30T08:00:00Z"></head><body><h1>Harbour</h1><main>${['council', 'mayor', 'crew'].map(entry).join('')}</main></body></html>`
  const imported = await anImport(join(anExport({ 'page.html': html }), 'page.html'))
  const [article] = imported.loaded.articles
  expect(article?.body.trim()).toMatch(/^The council met .*The mayor met .*The crew met /s)
})

test('what AMP and TikTok show by scripts is a picture or a link, or is named', async () => {
  const long = (words: string) =>
    `<p>${words} and nobody knew where they had been kept since the harbour was made wider in 1962.</p>`
  const html = `<!doctype html><html amp lang="en"><head><title>Lamps return</title><link rel="canonical" href="https://news.example/lamps"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Lamps return to the quay","datePublished":"2026-01-30T10:00:00Z"}</script></head><body><article><h1>Lamps return to the quay</h1>
${long('The lamps return,')}
<amp-carousel width="4" height="3" type="slides"><figure><amp-img src="https://news.example/1.jpg" width="4" height="3" alt="One"></amp-img><figcaption>The first lamp</figcaption></figure><amp-img src="https://news.example/2.jpg" alt="Two"></amp-img></amp-carousel>
${long('A worker found them,')}
<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@quay/video/712345"><section><a href="https://www.tiktok.com/@quay?x=1">@quay</a> Lamps!</section></blockquote><script async src="https://www.tiktok.com/embed.js"></script>
<amp-tiktok data-src="799999"></amp-tiktok>
<amp-youtube data-videoid="abcDEF12345" data-param-start="30"></amp-youtube>
<amp-brightcove data-account="1" data-video-id="2"></amp-brightcove><amp-ad type="x"></amp-ad><amp-analytics></amp-analytics>
<amp-anim src="https://news.example/x.gif" alt="A turn"></amp-anim>
${long('The first is lit on Monday,')}</article></body></html>`
  const imported = await anImport(anExport({ 'page.html': html }))
  const body = imported.article('https://news.example/lamps').body.trim()
  expect(body.split('\n\n').filter(each => !each.includes('1962'))).toEqual([
    '<figure><img src="https://news.example/1.jpg" alt="One"><figcaption>The first lamp</figcaption>\n</figure>',
    '![Two](https://news.example/2.jpg)',
    '> [@quay](https://www.tiktok.com/@quay?x=1) Lamps!\n>\n> <https://www.tiktok.com/@quay/video/712345>',
    '<https://www.tiktok.com/player/v1/799999>',
    '<https://www.youtube.com/watch?v=abcDEF12345&t=30s>',
    '![A turn](https://news.example/x.gif)',
  ])
  expect(imported.report.findings.filter(({ kind }) => kind === 'embeds without an address')).toMatchObject([
    { message: '<amp-brightcove> has no address of its own' },
  ])
})

test('a page saved from a browser’s reader view keeps byline and standfirst', async () => {
  const long = (words: string) =>
    `<p>${words} and nobody knew where they had been kept since the harbour was made wider in 1962.</p>`
  const html = `<!DOCTYPE html><html lang="en"><head><title>The lamps return to the old quay</title></head><body><div class="header reader-header"><a class="domain reader-domain" href="https://news.example/lamps">news.example</a><h1 class="reader-title">The lamps return to the old quay</h1><div class="credits reader-credits">Jo Lund</div><div class="reader-estimated-time">3-4 minutes</div></div><hr><div class="moz-reader-content"><div id="readability-page-1" class="page"><p>The council voted for lamps that look like the old ones</p><p>Jan 30, 2026 05:06 AM GMT</p>${long('The lamps return,')}${long('A worker found them,')}${long('The first is lit on Monday,')}</div></div></body></html>`
  const imported = await anImport(join(anExport({ 'page.html': html }), 'page.html'))
  expect(imported.loaded.articles).toMatchObject([
    {
      title: 'The lamps return to the old quay',
      authors: [{ name: 'Jo Lund' }],
      summary: 'The council voted for lamps that look like the old ones',
    },
  ])
})

test('a live blog has its entries', async () => {
  const live = {
    '@type': 'LiveBlogPosting',
    headline: TITLE,
    datePublished: '2026-01-30T05:00:00+05:30',
    author: { name: 'Anna Berg' },
    liveBlogUpdate: [
      {
        '@type': 'BlogPosting',
        headline: 'The boat is here',
        datePublished: '2026-01-30T09:15:00Z',
        articleBody: 'It came at last.\nPeople waved.',
      },
      {
        '@type': 'BlogPosting',
        headline: 'Waiting',
        datePublished: '2026-01-30T08:35:00Z',
        articleBody: 'Nothing yet.',
      },
    ],
  }
  const html = `<html><head><link rel="canonical" href="${ADDRESS}"><script type="application/ld+json">${JSON.stringify(live)}</script></head><body><h1>${TITLE}</h1></body></html>`
  const imported = await anImport(join(anExport({ 'page.html': html }), 'page.html'))
  const article = imported.article(ADDRESS)
  expect(article.live).toBe(true)
  expect(article.body.trim()).toBe(
    '## 14:45 The boat is here\n\nIt came at last.\n\nPeople waved.\n\n## 14:05 Waiting\n\nNothing yet.',
  )
})

test('a page that was cut says so; a home page is refused', async () => {
  const cut = aPage('JSON-LD').replace('"headline"', '"isAccessibleForFree":false,"headline"')
  const imported = await anImport(join(anExport({ 'page.html': cut }), 'page.html'))
  expect(imported.report.lost).toMatchObject({ 'texts that were cut': 1 })
  expect([imported.code, imported.article(ADDRESS).state]).toEqual([1, 'draft'])
  const links = Array.from(
    { length: 60 },
    (_, at) => `<div><h3><a href="/${at}">Headline number ${at} of the day</a></h3><p>A teaser.</p></div>`,
  )
  const home = `<html><head><title>The Paper</title><meta property="og:type" content="website"></head><body><h1>The Paper</h1>${links.join('')}</body></html>`
  const refused = await anImport(join(anExport({ 'page.html': home }), 'page.html'))
  expect(refused.stderr).toContain('no article in it')
  expect(refused.code).toBe(1)
})

test('a hostile page brings no script, and no end of time', async () => {
  const nested = `${'<div>'.repeat(10_000)}<p>deep</p>${'</div>'.repeat(10_000)}`
  const html = aPage('nothing').replace(
    PARAGRAPHS[2]!,
    `<script>steal()</script><img src=x onerror=steal()><a href="java&#10;script:steal()">Press</a><svg onload=steal()></svg><iframe srcdoc="<script>steal()</script>"></iframe>{{ steal }} and words that go on for long enough to be a paragraph of the page.${nested}`,
  )
  const imported = await anImport(join(anExport({ 'page.html': html }), 'page.html'))
  const written = Object.values(imported.files()).join('')
  expect(written).not.toMatch(/<script|onerror|onload|javascript:|steal\(/i)
  expect(written).toContain('Press')
  expect(errorsOf(imported)).toEqual([])
  const huge = join(anExport({ 'page.html': '<html>' }), 'page.html')
  truncateSync(huge, 30 * 2 ** 20)
  expect((await anImport(huge)).stderr).toContain('larger than 24 MB')
})

test('a list of other stories in the middle of a text goes, and the text goes on', async () => {
  const inside =
    'Top Stories\nBridge closed for a week\nA bridge in the rain\nThe ministry has hired 40 people.'
  const folder = anExport({ 'page.txt': text.replace('The ministry has hired 40 people.', inside) })
  const imported = await anImport(join(folder, 'page.txt'))
  const [article] = imported.loaded.articles
  expect(article?.body).not.toMatch(/Top Stories|Bridge closed|in the rain/)
  expect(article?.body).toContain('The next office opens in May, in Noida.')
  expect(article?.body).toContain('1.2 million passengers')
})

/** UPDATE_GOLDEN=1 rewrites what comes out of them, for a person to read. */
test('pages of many systems, languages and encodings: the article, its authors and nothing else', async () => {
  const folder = join(exports, 'pages')
  const imported = await anImport(folder)
  expect(errorsOf(imported)).toEqual([])
  const written = Object.entries(imported.files()).filter(([path]) => path.endsWith('.md'))
  const got = written.map(([path, text]) => `${path}\n${Buffer.from(text, 'latin1')}`).join('\n')
  const golden = join(exports, 'pages.golden')
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, got)
  expect(got).toBe(readFileSync(golden, 'utf8'))
  expect(imported.report.lost['parts of the page that surround articles']).toBeGreaterThan(30)
  const again = await anImport(folder, {}, imported.dir)
  expect(again.report.written).toEqual([])
})

test('a text with a line for each fact, two authors with a biography each, and the name of the house above', async () => {
  const lines = [
    'THE RIVER EXPRESS',
    'Board clears old jetty for night boats',
    'Two boats an hour until midnight; fishermen ask for a meeting first',
    'Written by: Neha Kulkarni, Rohan Das',
    'Edited by: Anil Rao',
    '4 min read',
    'Mumbai',
    'Updated: Mar 3, 2026 11:45 PM IST',
    'The board on Tuesday cleared the old jetty for night boats, which ends a dispute that began in 2019.',
    'Investigation | How the jetty was lost in a file',
    'You have exhausted your monthly limit of free stories.',
    'The boats will run from March 20, and a second jetty may follow in June, its chairman said.',
    'A ticket costs Rs 40, and the last boat leaves a quarter of an hour after midnight.',
    'Neha Kulkarni',
    'Neha Kulkarni is an assistant editor with The River Express in Mumbai, and writes on ports.',
    'Rohan Das',
    'Rohan Das is a correspondent with The River Express, and covers civic affairs.',
  ]
  const imported = await anImport(join(anExport({ 'page.txt': lines.join('\n') }), 'page.txt'))
  const [article] = imported.loaded.articles
  expect([article?.title, article?.summary, article?.place]).toEqual([lines[1], lines[2], 'Mumbai'])
  expect(article?.body.trim().split('\n\n')).toEqual([lines[8], lines[11], lines[12]])
  expect(article?.authors.map(({ role, biography }) => [role, biography])).toEqual([
    ['assistant editor', lines[14]],
    ['correspondent', lines[16]],
  ])
  expect(errorsOf(imported)).toEqual([])
})
