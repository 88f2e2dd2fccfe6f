// What a letter must be, statement by statement: each is broken on purpose, and a rule finds it.

import { expect, test } from 'vitest'
import type { Letter, LetterPicture } from '../../src/model.ts'
import { edition, judged, letter, own } from './a-checked-letter.ts'

type Spoil = (html: string) => string

const replaced =
  (from: string | RegExp, to: string): Spoil =>
  html => {
    const made = html.replace(from, to)
    // What does not stand in the letter cannot be broken.
    expect(made, String(from)).not.toBe(html)
    return made
  }
const within = (fragment: string) => replaced(/class="prose"[^>]*>/, `$&${fragment}`)
const styled = (css: string) => replaced('</style>', `${css}</style>`)
const everywhere =
  (from: string, to: string): Spoil =>
  html => {
    expect(html).toContain(from)
    return html.replaceAll(from, to)
  }

const statements: readonly [string, string, Spoil][] = [
  ['longer than Gmail shows', 'letter-size', replaced('</body>', `<!--${'x'.repeat(103_000)}--></body>`)],
  [
    'the link to leave after byte 90,000',
    'letter-size',
    replaced('<body', `<!--${'x'.repeat(89_000)}--><body`),
  ],
  ['more than 16 kB of styles', 'letter-style-size', styled('.a { color: #1a1a1a; }\n'.repeat(900))],
  ['a C1 control character', 'letter-characters', within('a\u0092b')],
  ['U+FFFD', 'letter-characters', within('a\ufffdb')],
  ['half a character', 'letter-characters', within('a\ud800b')],
  ['<script>', 'letter-forbidden', within('<script>1</script>')],
  ['<iframe>', 'letter-forbidden', within('<iframe src="https://e.example/"></iframe>')],
  ['<form>', 'letter-forbidden', within('<form></form>')],
  ['<object>', 'letter-forbidden', within('<object></object>')],
  ['an event handler', 'letter-forbidden', within('<p onclick="x()">Text</p>')],
  ['javascript:', 'letter-forbidden', within('<a href="javascript:x()">Run the thing</a>')],
  [
    'a style sheet elsewhere',
    'letter-forbidden',
    replaced('</head>', '<link rel="stylesheet" href="https://e.example/a.css"></head>'),
  ],
  ['@import', 'letter-forbidden', styled('@import "https://e.example/a.css";')],
  ['a font from the web', 'letter-forbidden', styled('@font-face { font-family: X }')],
  ['a token of Mailchimp', 'letter-tokens', within('Dear *|FNAME|*')],
  ['a token of Handlebars', 'letter-tokens', within('Dear {{name}}')],
  ['a token in a link', 'letter-tokens', within('<a href="https://e.example/%%id%%">The list</a>')],
  ['no doctype', 'letter-document', replaced('<!doctype html>', '')],
  ['no language', 'letter-document', replaced(/<html lang="[^"]*"/, '<html')],
  ['a language that is none', 'letter-document', replaced(/<html lang="[^"]*"/, '<html lang="english!"')],
  ['no direction', 'letter-document', replaced(/(<html [^>]*?) dir="ltr"/, '$1')],
  [
    'a child of the body without language',
    'letter-document',
    replaced(/(<body[^>]*>\s*<div [^>]*?)lang="[^"]*"/, '$1'),
  ],
  [
    'a child of the body without direction',
    'letter-document',
    replaced(/(<body[^>]*>\s*<div [^>]*?)dir="[^"]*"/, '$1'),
  ],
  ['a title that is not the subject', 'letter-document', replaced(/<title>[^<]*/, '<title>News')],
  ['no title', 'letter-document', replaced(/<title>[^<]*<\/title>/, '')],
  [
    'a table for layout without role',
    'letter-tables',
    replaced(/(<table [^>]*class="card"[^>]*?) role="presentation"/, '$1'),
  ],
  ['a heading of a table without scope', 'letter-tables', within('<table><tr><th>A</th></tr></table>')],
  [
    'a table for layout with headings',
    'letter-tables',
    within('<table role="presentation"><tr><th scope="col">A</th></tr></table>'),
  ],
  ['two first headings', 'letter-headings', within('<h1>Another</h1>')],
  ['no first heading', 'letter-headings', html => html.replace(/<(\/?)h1/g, '<$1h2')],
  ['a step of the outline left out', 'letter-headings', within('<h4>Deep</h4>')],
  ['an empty heading', 'letter-headings', within('<h2></h2>')],
  [
    'an article without a heading',
    'letter-headings',
    replaced(/<h2[^>]*>(<a [^>]*>A bridge opens<\/a>)<\/h2>/, '<p>$1</p>'),
  ],
  [
    'a picture without alt',
    'letter-picture-alt',
    within('<img src="https://meridian.example/a.png" width="10" height="10">'),
  ],
  [
    'a linked picture without words',
    'letter-picture-alt',
    within(
      '<a href="https://e.example/"><img src="https://meridian.example/a.png" alt="" width="10" height="10"></a>',
    ),
  ],
  ['“read more”', 'letter-link-text', within('<a href="https://e.example/">Read more</a>')],
  ['“lire la suite”', 'letter-link-text', within('<a href="https://e.example/">Lire la suite…</a>')],
  ['“click here” in Arabic', 'letter-link-text', within('<a href="https://e.example/">اضغط هنا</a>')],
  [
    'a link without words',
    'letter-link-text',
    within('<a href="https://e.example/" style="color:#9a1b2f"></a>'),
  ],
  [
    'a link that looks like its text',
    'letter-link-look',
    within(
      '<p>See <a href="https://e.example/" style="color:#1a1a1a;text-decoration:none">the list</a> now.</p>',
    ),
  ],
  ['grey on white', 'letter-contrast', everywhere('#595650', '#a0a0a0')],
  ['grey in the dark', 'letter-contrast', everywhere('#b8b4ac', '#505050')],
  [
    'dark grey where light grounds alone are darkened',
    'letter-contrast',
    within('<p style="color:#777777">Some words that are neither dark nor light</p>'),
  ],
  [
    'a mark that needs its ground',
    'letter-contrast',
    within('<p><span style="background-color:#b3261e;color:#ffffff">Live</span></p>'),
  ],
  ['text of 13 pixels', 'letter-text-size', within(`<p style="font-size:13px">${'word '.repeat(20)}</p>`)],
  [
    'a foot of 11 pixels',
    'letter-text-size',
    within('<p class="soft" style="font-size:11px">Small words</p>'),
  ],
  ['lines without air', 'letter-text-size', within(`<p style="line-height:1.2">${'word '.repeat(20)}</p>`)],
  ['justified text', 'letter-alignment', within('<p style="text-align:justify">Some words</p>')],
  ['centred text', 'letter-alignment', within(`<p style="text-align:center">${'word '.repeat(90)}</p>`)],
  ['text to the wrong side', 'letter-alignment', within('<p style="text-align:right">Some words</p>')],
  [
    'a link too low to be hit',
    'letter-tap-targets',
    within('<p style="font-size:14px;line-height:18px"><a href="https://e.example/">All stories</a></p>'),
  ],
  ['no zooming', 'letter-document', replaced(/(name="viewport" content="[^"]*)"/, '$1,user-scalable=no"')],
  ['an id twice', 'letter-aria', within('<p id="a">One</p><p id="a">Two</p>')],
  ['a role that is none', 'letter-aria', within('<p role="paragraphs">One</p>')],
  ['nothing that says “article”', 'letter-document', everywhere('role="article"', '')],
  ['an article that does not say its language', 'letter-direction', everywhere('lang="ur" dir="rtl"', '')],
  ['a heading of emoji', 'letter-signs', within('<h2>🎉🎂</h2>')],
  ['a link of an arrow', 'letter-signs', within('<a href="https://e.example/">➡️</a>')],
  [
    'a cell with a tick',
    'letter-signs',
    within('<table><tr><th scope="col">Open</th></tr><tr><td>✔</td></tr></table>'),
  ],
  [
    'alternative text of an emoji',
    'letter-signs',
    within('<img src="https://meridian.example/a.png" alt="📷" width="10" height="10">'),
  ],
  ['a drawing of characters', 'letter-signs', within('<pre>  /\\_/\\\n ( o.o )\n  > ^ <\n</pre>')],
  ['a tag left open', 'letter-markup', within('<div><p>One <b>two</p></div>')],
  ['an end of nothing', 'letter-markup', within('<p>One</p></section>')],
  ['what moves', 'letter-plain-css', styled('.a { animation: turn 9s infinite; }')],
  ['a variable', 'letter-plain-css', within('<p style="color:var(--ink)">Text</p>')],
  ['a computation', 'letter-plain-css', within('<p style="width:calc(100% - 1px)">Text</p>')],
  ['light-dark()', 'letter-plain-css', styled('.a { color: light-dark(#ffffff, #000000); }')],
  ['a colour of three digits', 'letter-plain-css', within('<p style="color:#111">Text</p>')],
  ['a colour in rgb()', 'letter-plain-css', within('<p style="color:rgb(1,1,1)">Text</p>')],
  ['a colour by name', 'letter-plain-css', within('<p style="color:black">Text</p>')],
  ['flex', 'letter-plain-css', within('<p style="display:flex">Text</p>')],
  ['grid', 'letter-plain-css', styled('.a { display: grid; }')],
  ['position', 'letter-plain-css', within('<p style="position:absolute">Text</p>')],
  ['padding outside of a cell', 'letter-plain-css', within('<p style="padding:0 12px">Text</p>')],
  ['a negative margin', 'letter-plain-css', within('<p style="margin:0 -12px">Text</p>')],
  [
    'a table wider than the letter',
    'letter-tables',
    within('<table role="presentation" width="700"><tr><td>A</td></tr></table>'),
  ],
  [
    'a picture that does not say its width',
    'letter-picture-address',
    within('<img src="https://e.example/a.png" alt="A">'),
  ],
  ['a comment for Outlook left open', 'letter-conditions', within('<!--[if mso]><p>A</p>')],
  ['one that ends otherwise', 'letter-conditions', within('<!--[if mso]><p>A</p><![endif]/-->')],
  ['no word on pixels an inch', 'letter-document', everywhere('PixelsPerInch>96<', 'PixelsPerInch>72<')],
  ['what Outlook would show', 'letter-conditions', everywhere('mso-hide:all', '')],
  [
    'what a class hides and Outlook would show',
    'letter-conditions',
    html => styled('.gone { display: none; }')(within('<p class="gone">Text</p>')(html)),
  ],
  [
    'a selector with brackets among others',
    'letter-plain-css',
    styled('.a, [data-x] .b { color: #111111; }'),
  ],
  [
    '@media in @media',
    'letter-plain-css',
    styled('@media screen { @media print { .a { color: #111111; } } }'),
  ],
  [
    'a media query of another kind',
    'letter-plain-css',
    styled('@media (hover: hover) { .a { color: #111111; } }'),
  ],
  ['no meta of colour schemes', 'letter-document', replaced(/<meta [^>]*name="color-scheme"[^>]*>/, '')],
  ['no colour schemes in the styles', 'letter-dark', replaced(/:root\s*\{[^}]*\}/, '')],
  [
    'a page that stays light',
    'letter-dark',
    replaced(/(prefers-color-scheme:dark\)\s*\{[^}]*?)\.page,\.page>div\{[^}]*\}/, '$1'),
  ],
  [
    'paper that stays light',
    'letter-dark',
    replaced(/(prefers-color-scheme:dark\)[\s\S]*?)\.paper,\.paper>table\{[^}]*\}/, '$1'),
  ],
  ['nothing for Outlook.com', 'letter-dark', everywhere('[data-ogsb] .page', '.x .page')],
  ['text without its twin', 'letter-dark', everywhere('[data-ogsc] .soft', '.x .soft')],
  [
    'a direction that turns',
    'letter-direction',
    within('<div lang="ur" dir="rtl" style="direction:ltr;text-align:right"><p>دہلی</p></div>'),
  ],
  [
    'Arabic to the left',
    'letter-alignment',
    within('<div lang="ar" dir="rtl"><p style="text-align:left">خبر اليوم</p></div>'),
  ],
  [
    'a picture in the letter itself',
    'letter-picture-address',
    within('<img src="data:image/png;base64,AA==" alt="A" width="1" height="1">'),
  ],
  [
    'a picture without host',
    'letter-picture-address',
    within('<img src="/a.png" alt="A" width="1" height="1">'),
  ],
  [
    'a picture behind text',
    'letter-plain-css',
    within('<p style="background:url(https://e.example/a.png)">Text</p>'),
  ],
  [
    'WebP',
    'letter-picture-address',
    within('<img src="https://meridian.example/a.webp" alt="A" width="1" height="1">'),
  ],
  [
    'almost only pictures',
    'letter-picture-share',
    within('<img src="https://meridian.example/a.png" alt="" width="10" height="10">'.repeat(60)),
  ],
  ['no postal address', 'letter-required', everywhere('12 Observatory Road', '')],
  ['no link to leave', 'letter-required', html => html.replace(/<a [^>]*unsubscribe_url[\s\S]*?<\/a>/g, '')],
  [
    'no view in browser',
    'letter-required',
    everywhere('https://meridian.example/editions/weekly/2026-W05/', 'https://meridian.example/'),
  ],
  ['no name of who sends it', 'letter-required', everywhere('The Meridian', '')],
  ['a link without host', 'letter-links', within('<a href="/world/">The World desk</a>')],
  ['a link to this machine', 'letter-links', within('<a href="http://localhost:8080/">The World desk</a>')],
  [
    'a link that counters break',
    'letter-links',
    within('<a href="https://e.example/?a&#x3D;1">The list</a>'),
  ],
  [
    'a preheader that is not the first',
    'letter-preheader',
    replaced(/(<div [^>]*display:none[^>]*>)/, '$1Other words '),
  ],
]

test.each(statements)('%s', (_, rule, spoil) => {
  expect(judged(spoil).map(found => found.rule)).toContain(rule)
})

const parts: readonly [string, string, Partial<Letter>][] = [
  ['a subject too short', 'letter-subject', { subject: 'News' }],
  ['a subject too long', 'letter-subject', { subject: 'Long '.repeat(16) }],
  ['a subject of emoji', 'letter-signs', { subject: '🎉🎂' }],
  ['a subject with a control character', 'letter-characters', { subject: 'News of\u0007 the week' }],
  ['a preheader too short', 'letter-preheader', { preheader: 'Read this.' }],
  ['a preheader that is the subject', 'letter-preheader', { preheader: letter.subject }],
  [
    'a text that begins with the preheader',
    'letter-preheader',
    { text: `${letter.preheader}\n${letter.text}` },
  ],
  ['a text that is a stub', 'letter-text', { text: 'This letter is HTML.' }],
  ['a text in another order', 'letter-text', { text: `<${edition.articles.at(-1)!.url}>\n${letter.text}` }],
  ['a text of long lines', 'letter-text', { text: `${'word '.repeat(20)}\n${letter.text}` }],
  ['a text of long lines in Japanese', 'letter-text', { text: `${'日本 '.repeat(17)}\n${letter.text}` }],
  ['a text of lines too long to send', 'letter-text', { text: `${letter.text}${'x'.repeat(1000)}\n` }],
]

test.each(parts)('%s', (_, rule, changed) => {
  expect(judged(html => html, changed).map(found => found.rule)).toContain(rule)
})

const logos: readonly [string, string, Partial<LetterPicture>][] = [
  ['a logo that vanishes in the dark', 'letter-logo', { shades: { dark: 0.01, light: 0.02 } }],
  ['a logo that vanishes in the light', 'letter-logo', { shades: { dark: 0.9, light: 0.95 } }],
  ['a picture of 300 kB', 'letter-picture-size', { bytes: 300_000 }],
  ['pictures of 1.2 MB', 'letter-picture-size', { bytes: 1_200_000 }],
  ['a picture that is stretched', 'letter-picture-size', { height: 400 }],
  ['a picture that is not sharp', 'letter-picture-size', { width: 200, height: 50 }],
  ['a picture in another format', 'letter-picture-address', { type: 'image/webp' }],
]

test.each(logos)('%s', (_, rule, changed) => {
  const found = judged(html => html, {}, new Map([[own.url, { ...own, ...changed }]]))
  expect(found.map(one => one.rule)).toContain(rule)
})

test('a logo that was converted stands at another address, and is judged all the same', () => {
  const url = 'https://meridian.example/images/letter/logo-0123456789abcdef.png'
  const dark = { ...own, url, shades: { dark: 0.01, light: 0.02 } }
  const found = judged(html => html.replaceAll(own.url, url), {}, new Map([[url, dark]]))
  expect(found.map(({ rule, message }) => `${rule} ${message}`).join()).toMatch(
    /letter-logo .* vanishes on black/,
  )
})
