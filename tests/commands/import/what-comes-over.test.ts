// The table of importer × field in the guide, cell by cell: an export of each system with all that it can have → which fields the
// article has.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { anExport, anImport, errorsOf } from './an-import.ts'

const NOTED =
  '<p>Text one<sup><a href="#fn1" id="r1">1</a></sup> here.</p><ol class="footnotes"><li id="fn1">The note <a href="#r1">↩</a></li></ol>'
const attributed = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const meta = (key: string, value: string) =>
  `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value><![CDATA[${value}]]></wp:meta_value></wp:postmeta>`

function wordpress(generator = '', more = '') {
  const picture = `<item><title>Boat</title><link>https://o.example/boat/</link><excerpt:encoded>The boat</excerpt:encoded><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:attachment_url>https://o.example/boat.jpg</wp:attachment_url></item>`
  const post = `<item><title>One</title><link>https://o.example/one/</link><guid>https://o.example/?p=1</guid><dc:creator>ann</dc:creator><content:encoded><![CDATA[${NOTED}]]></content:encoded><excerpt:encoded>In short</excerpt:encoded><wp:post_id>1</wp:post_id><wp:post_date>2026-01-30 10:06:00</wp:post_date><wp:post_date_gmt>2026-01-30 04:36:00</wp:post_date_gmt><wp:post_name>one</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain="post_tag" nicename="tea">Tea</category>${meta('_thumbnail_id', '9')}${more}</item>`
  return `<rss xmlns:excerpt="e" xmlns:content="c" xmlns:dc="d" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>O</title><link>https://o.example</link>${generator}<wp:author><wp:author_login>ann</wp:author_login><wp:author_display_name>Ann Lee</wp:author_display_name></wp:author>${picture}${post}</channel></rss>`
}

const ghost = {
  posts: [
    {
      id: '1',
      uuid: '1',
      title: 'One',
      slug: 'one',
      html: NOTED,
      status: 'published',
      visibility: 'public',
      published_at: '2026-01-30T04:36:00.000Z',
      custom_excerpt: 'In short',
      feature_image: 'https://o.example/boat.jpg',
      type: 'post',
    },
  ],
  posts_meta: [{ post_id: '1', feature_image_caption: 'The boat' }],
  tags: [{ id: 't', name: 'Tea', slug: 'tea' }],
  posts_tags: [{ post_id: '1', tag_id: 't', sort_order: 0 }],
  users: [{ id: 'a', name: 'Ann Lee', slug: 'ann', bio: 'Writes about tea.' }],
  posts_authors: [{ post_id: '1', author_id: 'a', sort_order: 0 }],
}

const PAGE = {
  '@type': 'NewsArticle',
  headline: 'Lamps return to the quay',
  description: 'In short it is so',
  datePublished: '2026-01-30T10:06:00+05:30',
  author: { '@type': 'Person', name: 'Ann Lee' },
  keywords: ['Tea'],
  contentLocation: { name: 'Leith' },
  image: { '@type': 'ImageObject', url: 'https://o.example/boat.jpg', caption: 'The boat' },
}

/** Title of a system as in the table → its export. */
const EXPORTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  WordPress: {
    'a.xml': wordpress(
      '',
      meta('_wp_old_slug', 'old') +
        meta('enclosure', 'https://o.example/a.mp3\n123\naudio/mpeg') +
        meta('geo_address', 'Leith'),
    ),
  },
  Ghost: {
    'a.json': JSON.stringify({ db: [{ meta: {}, data: ghost }] }),
    'redirects.json': JSON.stringify([{ from: '/old/', to: '/one/' }]),
  },
  Substack: {
    'posts.csv':
      'post_id,post_date,is_published,type,audience,title,subtitle,podcast_url\n1.one,2026-01-30T04:36:00.000Z,true,podcast,everyone,One,In short,https://o.example/a.mp3\n',
    'posts/1.one.html':
      '<p>Text<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a> <a href="https://x.substack.com/p/one">one</a>.</p><div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div class="footnote-content"><p>The note</p></div></div>',
  },
  Medium: {
    'posts/2026-01-30_One-abc1.html':
      '<html><body><article class="h-entry"><header><h1 class="p-name">One</h1></header><section class="p-summary">In short</section><section class="e-content"><figure class="graf"><img class="graf-image" data-is-featured="true" src="https://cdn.example/b.jpg"><figcaption class="imageCaption">The boat</figcaption></figure><p class="graf">Text one.</p></section><footer><p>By <a class="p-author h-card" href="https://medium.com/@ann">Ann Lee</a> <time class="dt-published" datetime="2026-01-30T04:36:00.000Z">then</time></p><p><a class="p-canonical" href="https://medium.com/@ann/one-abc1">Link</a></p></footer></article></body></html>',
    'profile/profile.html': '<html><body><p>Ann writes.</p></body></html>',
  },
  Buttondown: {
    'emails.csv':
      'id,publish_date,subject,slug,status,email_type,description,image,absolute_url,tags\n1,2026-01-30T04:36:00Z,One,one,sent,public,In short,https://o.example/boat.jpg,https://buttondown.com/ann/archive/one/,tea\n',
    'emails/one.md': 'Text one[^1] here.\n\n[^1]: The note\n',
  },
  beehiiv: {
    'posts.csv': `id,web_title,status,web_audiences,content_tags,url,web_subtitle,content_html,thumbnail_url,created_at,authors\n1,One,confirmed,both,Tea; Boats,https://o.example/p/one,In short,"<div id=""content-blocks"">${NOTED.replaceAll('"', '""')}</div>",https://o.example/boat.jpg,2026-01-30 04:36:00,Ann Lee\n`,
  },
  Blogger: {
    'a.xml': `<feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator><entry><id>tag:blogger.com,1999:blog-1.post-1</id><published>2026-01-30T10:06:00.000+05:30</published><category scheme="http://www.blogger.com/atom/ns#" term="Tea"/><title>One</title><content type="html">${attributed(NOTED)}</content><link rel="alternate" href="https://o.example/one.html"/><author><name>Ann Lee</name><uri>https://www.blogger.com/profile/1</uri></author><blogger:metaDescription>In short</blogger:metaDescription><georss:featurename>Leith</georss:featurename></entry></feed>`,
  },
  Squarespace: { 'a.xml': wordpress('<generator>Squarespace</generator>') },
  'a feed': {
    'a.xml': `<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><entry><id>one</id><title>One</title><published>2026-01-30T10:06:00+05:30</published><link href="https://o.example/one/"/><link rel="enclosure" type="audio/mpeg" href="https://o.example/a.mp3"/><author><name>Ann Lee</name><uri>https://ann.example/</uri></author><category term="Tea"/><summary>In short</summary><content type="html">${attributed(NOTED)}</content><georss:featurename>Leith</georss:featurename><media:content url="https://o.example/boat.jpg" medium="image"><media:description>The boat</media:description><media:credit>Kiran</media:credit></media:content></entry></feed>`,
  },
  'a page': {
    'page.html': `<!doctype html><html lang="en"><head><title>Lamps</title><link rel="canonical" href="https://o.example/one/"><script type="application/ld+json">${JSON.stringify(PAGE)}</script></head><body><article><h1>Lamps return to the quay</h1><p>The lamps on the quay will be lit again next week, the council said on Friday<sup><a href="#fn1" id="r1">1</a></sup> after a long debate about the cost.</p><p>They were taken down in 1962, when the harbour was made wider, and nobody knew where they had been kept since then.</p><p>The first of them will be lit on Monday at six, and the last one before the end of February, if the weather holds.</p><ol class="footnotes"><li id="fn1">The note <a href="#r1">↩</a></li></ol><div class="author-box"><h4>Ann Lee</h4><p>Ann Lee, Correspondent at The Post, has been writing about the harbour and its lamps since 2011.</p></div></article></body></html>`,
  },
}

/** Row of the table → what shows in the article's file, or in that of its author. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  address: /^(?:url|source): /m,
  'earlier addresses': /^aliases: /m,
  'dates with offset': /^date: \S+[+-]\d\d:\d\d$/m,
  authors: /^authors: /m,
  'biography, profiles': /^(?:role|url|photo|social):|---\n\n\S/m,
  tags: /^(?:tags|categories): /m,
  summary: /^summary: /m,
  place: /^place: Leith$/m,
  'lead picture': /^image:/m,
  'caption, credit': /^ {2}caption: /m,
  'recording of an episode': /^audio:/m,
  footnotes: /\[\^1\]: The note/,
}

const guide = readFileSync(new URL('../../../docs/guides/moving-here.md', import.meta.url), 'utf8')
const rows = guide
  .split('\n')
  .filter(line => line.startsWith('| ') && line.split('|').length === 13)
  .map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
const [systems = []] = rows

test.each(Object.keys(EXPORTS))('the column of %s is true', async system => {
  const place = anExport(EXPORTS[system]!)
  const imported = await anImport(system === 'a page' ? join(place, 'page.html') : place)
  expect(errorsOf(imported)).toEqual([])
  const files = Object.entries(imported.files())
  const article = files.find(([path]) => /^articles\/(?!authors\/)[^/]+\.md$/.test(path))![1]
  const author = files.find(([path]) => path.startsWith('articles/authors/'))?.[1] ?? ''
  const column = systems.indexOf(system)
  const said = Object.keys(SIGNS).map(row => {
    const cell = rows.find(([name]) => name === row)![column]!
    return [row, cell !== '–' && cell !== 'no']
  })
  const found = Object.entries(SIGNS).map(([row, sign]) => [
    row,
    sign.test(row === 'biography, profiles' ? author : article),
  ])
  expect(found).toEqual(said)
})
