// What systems leave to their own scripts, layouts and shortcodes in an export → it is shown here, or named with its line.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openGates } from '../../../src/commands/import/importers/ghost-body.ts'
import { anExport, anImport, errorsOf } from './an-import.ts'

const attrs = (value: unknown) => JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')

test('Substack: galleries, posts, players and names that are only attributes; what is not there is named', async () => {
  const html = [
    '<p>First words.</p>',
    `<div class="image-gallery-embed" data-attrs="${attrs({ gallery: { images: [{ src: 'https://m.example/1.jpg' }, { src: 'https://m.example/2.jpg' }], caption: 'Two & more' } })}"></div>`,
    `<div class="digest-post-embed" data-attrs="${attrs({ title: 'Next one', canonical_url: 'https://lamps.example/p/next' })}"></div>`,
    `<div class="spotify-wrap" data-attrs="${attrs({ title: 'Song', url: 'https://music.example/1' })}"></div>`,
    `<p class="button-wrapper" data-attrs="{}"><a class="button" href="https://shop.example/book"><span>The book</span></a></p>`,
    `<p class="button-wrapper" data-attrs="{}"><a class="button" href="https://lamps.example/p/first?action=share"><span>Share</span></a></p>`,
    `<div class="comment" data-attrs="${attrs({ url: 'https://open.example/', comment: { body: 'A note', name: 'Nina' } })}"></div>`,
    `<div class="latex-rendered" data-attrs="${attrs({ persistentExpression: 'a < b^2' })}"></div>`,
    `<div class="poll-embed" data-attrs="${attrs({ id: 7 })}"></div>`,
    `<p>With <span class="mention-wrap" data-attrs="${attrs({ name: 'Jo Lund' })}"></span>.</p>`,
  ].join('\n')
  const folder = anExport({
    'posts.csv':
      'post_id,post_date,is_published,type,audience,title,subtitle\n1.first,2026-01-05T07:00:00Z,true,newsletter,everyone,First,\n2.next,2026-01-06T07:00:00Z,true,newsletter,everyone,Next,\n',
    'posts/1.first.html': html,
    'posts/2.next.html': '<p>Next <a href="https://lamps.example/p/first">first</a>.</p>',
  })
  const imported = await anImport(folder)
  expect(imported.article('https://lamps.example/p/first').body.trim().split('\n\n')).toEqual([
    'First words.',
    '![](https://m.example/1.jpg)',
    '![](https://m.example/2.jpg)',
    '*Two & more*',
    '[Next one](next.md)',
    '[Song](https://music.example/1)',
    '[The book](https://shop.example/book)',
    '> A note\n>\n> Nina',
    '```latex\na < b^2\n```',
    'With Jo Lund.',
  ])
  expect(imported.report.findings.map(({ line, kind }) => [line, kind])).toEqual([
    [8, 'formulas'],
    [9, 'embeds without an address'],
    [6, 'subscribe buttons'],
  ])
  expect(errorsOf(imported)).toEqual([])
})

test('beehiiv: a letter laid out in tables is a text, and a table of figures a table', async () => {
  const letter = `<html><body><table><tr><td>Read online</td></tr></table><table role="none"><tr id='content-blocks'><td align='center'><table role='none'><tr><td><h1>Boats</h1></td></tr><tr><td><p>Hello {{first_name}}.</p></td></tr><tr><td><img src='https://media.beehiiv.com/cdn-cgi/image/fit=scale-down/uploads/a/boat.png'></td></tr><tr><td><a href='https://www.youtube.com/watch?v=abcDEF12345'><img src='https://i.ytimg.com/vi/abcDEF12345/0.jpg'></a></td></tr><tr><td><table><tr><td><p>Boat</p></td><td><p>People</p></td></tr><tr><td><p>Heron</p></td><td><p>90</p></td></tr></table></td></tr></table></td></tr></table></body></html>`
  const folder = anExport({
    'posts.csv': `id,web_title,status,web_audiences,url,content_html,thumbnail_url,created_at\na,Boats,confirmed,both,https://n.example/p/boats,"${letter.replaceAll('"', '""')}",uploads/a/boat.png,2026-01-18 21:25:27\nb,Paid,confirmed,All premium subscribers,https://n.example/p/paid,<p>x</p>,,2026-01-19 21:25:27\n`,
  })
  const imported = await anImport(join(folder, 'posts.csv'))
  const article = imported.article('https://n.example/p/boats')
  expect(article.body.trim().split('\n\n')).toEqual([
    'Hello .',
    '![](https://media.beehiiv.com/cdn-cgi/image/fit=scale-down/uploads/a/boat.png)',
    '<https://www.youtube.com/watch?v=abcDEF12345>',
    '| | |\n| - | - |\n| Boat | People |\n| Heron | 90 |',
  ])
  expect(article.image?.url).toBe('https://media.beehiiv.com/cdn-cgi/image/quality=100/uploads/a/boat.png')
  expect(imported.report.lost).toEqual({ 'tags filled for each reader': 1 })
  expect(imported.report.heldBack).toEqual({ 'for paying readers': 1 })
})

test('Squarespace: names of files, twins of pictures, players in attributes; an old feed beside it has the ids', async () => {
  const item = (path: string, more: string) =>
    `<item><title>A piece</title><link>${path}</link>${more}<wp:post_name>journal/a-piece.html</wp:post_name><wp:post_type>post</wp:post_type><wp:post_id>4</wp:post_id><wp:status>publish</wp:status><wp:post_date>2026-01-30 05:06:00</wp:post_date><wp:post_date_gmt>2026-01-30 05:06:00</wp:post_date_gmt><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>5</wp:meta_value></wp:postmeta></item><item><wp:post_type>attachment</wp:post_type><wp:post_id>5</wp:post_id><wp:attachment_url>https://cdn.example/lead.jpg</wp:attachment_url><excerpt:encoded>exc-5134cbefe4b0c6fb04df8065</excerpt:encoded></item>`
  const body = `<p>One.</p><noscript><img src="https://images.squarespace-cdn.com/boat.jpg"></noscript><img data-src="https://images.squarespace-cdn.com/boat.jpg" alt="A boat"><div class="sqs-block-video"><div data-html="&lt;iframe src=&quot;//www.youtube.com/embed/abcDEF12345&quot;&gt;"></div></div>`
  const folder = anExport({
    'export.xml': `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="c" xmlns:excerpt="e"><channel><link>https://quay.example</link>${item('/journal/a-piece.html', `<content:encoded><![CDATA[${body}]]></content:encoded>`)}</channel></rss>`,
    'feed.xml':
      '<rss version="2.0"><channel><link>https://quay.example/</link><item><title>A piece</title><link>https://quay.example/journal/a-piece.html</link><guid isPermaLink="false">51:52:53</guid><description>x</description></item></channel></rss>',
  })
  const imported = await anImport(folder)
  const article = imported.article('51:52:53')
  expect([imported.report.system, article.file, article.image?.caption]).toEqual([
    'squarespace',
    'articles/a-piece.md',
    undefined,
  ])
  expect(article.body.trim().split('\n\n')).toEqual([
    'One.',
    '![A boat](https://images.squarespace-cdn.com/boat.jpg)',
    '<https://www.youtube.com/watch?v=abcDEF12345>',
  ])
})

test('Medium: a line above the title, the chosen picture, links to other posts of the archive', async () => {
  const post = (title: string, body: string, key: string, above = '') =>
    `<html><body><article class="h-entry"><h1 class="p-name">${title}</h1><section class="e-content"><section><div class="section-divider"><hr></div>${above}<h3 class="graf graf--title">${title}</h3>${body}</section></section><footer><a href="https://medium.com/p/${key}"><time class="dt-published" datetime="2026-01-20T08:30:00Z">x</time></a><a href="https://own.example/${key}" class="p-canonical">c</a></footer></article></body></html>`
  const folder = anExport({
    'posts/2026-01-20_One-0123456789aa.html': post(
      'One',
      '<figure><img data-is-featured="true" src="https://cdn.example/1.jpg"><figcaption>The fog</figcaption></figure><p>See <a href="https://medium.com/@me/two-0123456789bb?source=x">two</a>.</p>',
      '0123456789aa',
    ),
    'posts/2026-01-21_Two-0123456789bb.html': post(
      'Two',
      '<p>Text.</p>',
      '0123456789bb',
      '<h4 class="graf graf--kicker">Fog</h4>',
    ),
  })
  const imported = await anImport(folder)
  expect(imported.article('https://medium.com/p/0123456789bb').body.trim()).toBe('#### Fog\n\nText.')
  const article = imported.article('https://medium.com/p/0123456789aa')
  expect([article.body.trim(), article.image?.url, article.image?.caption]).toEqual([
    'See [two](two.md).',
    'https://cdn.example/1.jpg',
    'The fog',
  ])
})

test('WordPress: shortcodes and blocks are named at their own lines, pages of a post stay apart', async () => {
  const text =
    'First.\n\n[box title="x"]In\n[inner a="1"]it[/inner][/box]\n\n[box title="x"]Again[/box]\nLast.<!--nextpage-->Second page.'
  const blocks =
    '<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n<!-- wp:latest-posts /-->\n<!-- wp:embed {"url":"https://video.example/1"} --><figure><div class="wp-block-embed__wrapper">\nhttps://video.example/1\n</div></figure><!-- /wp:embed -->'
  const item = (id: number, words: string) =>
    `<item><title>P${id}</title><link>https://old.example/p${id}/</link><guid>https://old.example/?p=${id}</guid>\n<content:encoded><![CDATA[${words}]]></content:encoded><wp:post_id>${id}</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_date>2026-01-30 05:06:00</wp:post_date></item>\n`
  const folder = anExport({
    'a.xml': `<?xml version="1.0"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="c"><channel>\n${item(1, text)}${item(2, blocks)}</channel></rss>`,
  })
  const imported = await anImport(join(folder, 'a.xml'))
  expect(imported.report.findings.map(({ line, message }) => [line, message.split(' has')[0]])).toEqual([
    [6, '[box]'],
    [7, '[inner]'],
    [9, '[box]'],
    [15, 'the block latest-posts'],
  ])
  expect(imported.article('https://old.example/?p=1').body).toContain('Last.\n\nSecond page.')
  expect(imported.article('https://old.example/?p=2').body).toContain('<https://video.example/1>')
})

test('Ghost: a text that cannot be read is named, profiles come over', async () => {
  const post = (id: string, more: object) => ({
    id,
    slug: id,
    title: id,
    status: 'published',
    visibility: 'public',
    type: 'post',
    published_at: '2026-01-02T10:00:00.000Z',
    ...more,
  })
  const data = {
    posts: [post('bad', { html: '', lexical: '{ not json' }), post('good', { html: '<p>x</p>' })],
    posts_authors: [{ post_id: 'good', author_id: '1' }],
    users: [{ id: '1', name: 'Ann', slug: 'ann', email: 'ann@secret.example', twitter: '@ann' }],
  }
  const folder = anExport({ 'g.json': JSON.stringify({ db: [{ meta: {}, data }] }) })
  const imported = await anImport(join(folder, 'g.json'))
  expect([imported.code, imported.report.lost]).toEqual([1, { 'texts that cannot be read': 1 }])
  expect(imported.files()['articles/authors/ann.md']).toBe(
    '---\nname: Ann\nsocial:\n  - name: X\n    url: https://x.com/ann\n---\n',
  )
})

test('Blogger: two line breaks are a paragraph, a style is a mark; Buttondown: parts for mails, lines, drafts', async () => {
  const entry = (id: number, html: string) =>
    `<entry><id>tag:blogger.com,1999:blog-1.post-${id}</id><published>2009-01-01T10:00:00+01:00</published><title>P${id}</title><content type="html"><![CDATA[${html}]]></content></entry>`
  const text =
    'One<br /><br />Two <span style="font-weight: bold;">bold</span><br><a name="more"></a>Three<pre>a<br><br>b</pre>'
  const blog = anExport({
    'b.xml': `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator>${entry(1, text)}</feed>`,
  })
  const imported = await anImport(join(blog, 'b.xml'))
  expect(imported.article('tag:blogger.com,1999:blog-1.post-1').body.trim().split('\n\n')).toEqual([
    'One',
    'Two **bold**',
    '<!--more-->',
    'Three',
    '```\na',
    'b\n```',
  ])
  const mails = anExport({
    'emails.csv':
      'subject,publish_date,slug,status,absolute_url\nA,2026-01-01T09:00:00Z,a,sent,https://mails.example/archive/a/\nB,,b,draft,\n',
    'emails/a.md':
      'First {{ subscriber.email }}.\n\n{% if medium == "email" %}\nFor mails\n{% endif %}\n\nLast.\n',
    'emails/b.md': 'Draft.',
  })
  const { report, article, problems } = await anImport(mails)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(article('https://mails.example/archive/a/').body.replace(/\n+/g, ' ').trim()).toBe('First . Last.')
  expect(report.findings.map(({ line, message }) => [line, message.replace(/:.*/s, '')])).toEqual([
    [1, '{{ subscriber.email }} is left out'],
    [3, 'what only mails show is left out'],
    [1, 'its address https'],
    [1, 'its address https'],
  ])
  expect(report.heldBack).toEqual({ draft: 1 })
})

test('parts that begin without end are read in time that grows with the text', () => {
  const begins = '<!--kg-gated-block:begin '.repeat(100_000)
  expect(openGates(begins, () => {}).html).toBe(begins)
})

test('what only some readers saw is never published by an import', async () => {
  const gate = (who: string, words: string) =>
    `<!--kg-gated-block:begin ${who} --><p>${words}</p><!--kg-gated-block:end-->`
  const post = (slug: string, more: object) => ({
    id: slug,
    slug,
    title: slug,
    status: 'published',
    visibility: 'public',
    published_at: '2026-01-02T10:00:00.000Z',
    ...more,
  })
  const html = (type: string, web: object) => ({ type, html: `<p>${type}</p>`, visibility: { web } })
  const lexical = {
    root: {
      children: [
        html('html', { nonMember: false, memberSegment: 'status:-free' }),
        {
          type: 'call-to-action',
          textValue: '<p>Give.</p>',
          buttonUrl: 'https://g.example/',
          buttonText: 'Now',
        },
        {
          type: 'product',
          productTitle: 'Lamp',
          productImageSrc: 'https://g.example/l.jpg',
          productRatingEnabled: true,
          productStarRating: 4,
        },
        {
          type: 'list',
          listType: 'number',
          start: 5,
          children: [
            { type: 'listitem', children: [{ type: 'text', text: 'five' }] },
            {
              type: 'listitem',
              children: [
                {
                  type: 'list',
                  children: [{ type: 'listitem', children: [{ type: 'text', text: 'in it' }] }],
                },
              ],
            },
          ],
        },
      ],
    },
  }
  const data = {
    posts: [
      post('members', {
        html: gate('nonMember:false memberSegment:"status:free,status:-free"', 'a'),
        codeinjection_foot: '<script>x</script>',
      }),
      post('all', {
        html: `${gate('nonMember:true memberSegment:""', 'Visitors')}${gate('nonMember:false memberSegment:""', 'Mail')}`,
      }),
      post('paid', { lexical: JSON.stringify(lexical) }),
    ],
  }
  const ghost = await anImport(
    join(anExport({ 'g.json': JSON.stringify({ db: [{ meta: {}, data }] }) }), 'g.json'),
  )
  expect(ghost.report.heldBack).toEqual({ 'a part is for members': 1, 'a part is for paying readers': 1 })
  expect(ghost.report.lost).toEqual({ 'code put into pages': 1, 'cards for mails and sign-ups': 1 })
  expect(ghost.article('all').body.trim()).toBe('Visitors')
  expect(ghost.files()['articles/paid.md']?.split('---\n')[2]?.trim().split('\n\n')).toEqual([
    'html',
    'Give.',
    '[Now](https://g.example/)',
    '![](https://g.example/l.jpg)',
    '### Lamp',
    Buffer.from('★★★★☆').toString('latin1'),
    '5. five\n   - in it',
  ])

  const item = (id: number, words: string, meta = '') =>
    `<item><title>P${id}</title><link>https://o.example/p${id}/</link><guid>https://o.example/?p=${id}</guid><content:encoded><![CDATA[${words}]]></content:encoded><wp:post_id>${id}</wp:post_id><wp:status>publish</wp:status><wp:post_date>2026-01-30 05:06:00</wp:post_date>${meta}</item>`
  const meta = (key: string, value: string) =>
    `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value>${value}</wp:meta_value></wp:postmeta>`
  const items = [
    item(1, 'a', meta('_jetpack_newsletter_access', 'paid_subscribers')),
    item(2, 'a', meta('_jetpack_newsletter_access', 'everybody')),
    item(3, 'a', meta('_members_access_role', 'editor')),
    item(4, '<!-- wp:jetpack/paid-content --><p>a</p><!-- /wp:jetpack/paid-content -->'),
    item(5, 'a [restrict paid="true"]b[/restrict]'),
  ]
  const wxr = `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="c"><channel>${items.join('')}</channel></rss>`
  const wordpress = await anImport(join(anExport({ 'a.xml': wxr }), 'a.xml'))
  expect(wordpress.report.heldBack).toEqual({
    'for paying readers': 1,
    'for members': 1,
    'a part is for members': 2,
  })

  const email = (slug: string, body: string, more = {}) => ({
    subject: slug,
    publish_date: '2026-01-05T07:00:00Z',
    slug,
    status: 'sent',
    absolute_url: `https://m.example/archive/${slug}/`,
    body,
    ...more,
  })
  const emails = [
    email('a', '{% if subscriber.can_view_premium_content %}Paid{% else %}Free{% endif %}'),
    email('b', 'Free. {{ paywall }} Paid.'),
    email('c', 'Hidden', { archival_mode: 'disabled' }),
    email('d', 'Hello{% if subscriber.metadata.name %} you{% endif %}.'),
  ]
  const mails = await anImport(join(anExport({ 'emails.json': JSON.stringify(emails) }), 'emails.json'))
  expect(mails.report.heldBack).toEqual({ 'a part is for paying readers': 2, 'not in the archive': 1 })

  const table =
    'id,web_title,status,audience,url,content_html,created_at,platform\na,A,confirmed,free,https://n.example/p/a,<p>x</p>,2026-01-01,email\nb,B,confirmed,free,https://n.example/p/b,<p>x</p>,2026-01-01,both\n'
  const beehiiv = await anImport(join(anExport({ 'posts.csv': table }), 'posts.csv'))
  expect(beehiiv.report.heldBack).toEqual({ 'sent by mail only': 1 })
})

test('what a system says with buttons, tables, styles and attributes is read, whoever exports it', async () => {
  const item = (id: number, words: string, more = '') =>
    `<item><title>P${id}</title><link>https://o.example/p${id}/</link><guid>https://o.example/?p=${id}</guid><content:encoded><![CDATA[${words}]]></content:encoded><wp:post_id>${id}</wp:post_id><wp:status>publish</wp:status><wp:post_date>2026-01-30 05:06:00</wp:post_date>${more}</item>`
  const wxr = (home: string, ...items: string[]) =>
    `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="c"><channel><link>${home}</link>${items.join('')}</channel></rss>`
  const blocks = [
    '<!-- wp:cover --><div class="wp-block-cover"><div class="wp-block-cover__image-background has-parallax" style="background-image:url(https://o.example/c.jpg)"></div><p>Over</p></div><!-- /wp:cover -->',
    '<!-- wp:accordion --><h3><button><span>Question</span><span aria-hidden="true">+</span></button></h3><p>Answer</p><!-- /wp:accordion -->',
    '<!-- wp:file --><div class="wp-block-file"><object class="wp-block-file__embed" data="https://o.example/f.pdf"></object><a href="https://o.example/f.pdf">Plan</a><a href="https://o.example/f.pdf" class="wp-block-file__button">Download</a></div><!-- /wp:file -->',
    '<!-- wp:video --><video src="https://o.example/v.mp4"><track src="https://o.example/v.vtt"></video><!-- /wp:video -->',
    '<!-- wp:block {"ref":9,"content":{"a":{"content":"Own"}}} /-->',
  ]
  const shared = item(9, '<p>Shared</p>', '<wp:post_type>wp_block</wp:post_type>')
  const folder = anExport({
    'a.xml': wxr('https://o.example', item(1, blocks.join('\n')), shared),
    's/b.xml': wxr(
      'https://s.example',
      `<generator>Squarespace</generator>`,
      item(
        2,
        `<div class="sqs-block embed-block" data-block-json="{&quot;url&quot;:&quot;https://v.example/1&quot;}"></div><div class="sqs-audio-embed" data-url="https://s.example/a.mp3" data-title="Song"></div>\n<div class="sqs-block map-block" data-block-json="{}"></div>`,
      ),
    ),
    'b.xml': `<feed xmlns="http://www.w3.org/2005/Atom"><generator>Blogger</generator><entry><id>tag:blogger.com,1999:blog-1.post-1</id><published>2026-01-01T10:00:00Z</published><title>B</title><content type="html"><![CDATA[<table align="center" class="tr-caption-container"><tr><td><img src="https://b.example/1.jpg"></td></tr><tr><td class="tr-caption">The boat</td></tr></table>]]></content></entry></feed>`,
  })
  const wordpress = await anImport(join(folder, 'a.xml'))
  expect(wordpress.article('https://o.example/?p=1').body.trim().split('\n\n')).toEqual([
    '![](https://o.example/c.jpg)',
    'Over',
    '### Question',
    'Answer',
    '[Plan](https://o.example/f.pdf)',
    '<video src="https://o.example/v.mp4" controls></video>',
    'Shared',
  ])
  expect(wordpress.report.lost).toEqual({
    controls: 2,
    subtitles: 1,
    'shared blocks with words of their own': 1,
  })
  const squarespace = await anImport(join(folder, 's/b.xml'))
  expect(squarespace.article('https://o.example/?p=2').body.trim().split('\n\n')).toEqual([
    '<https://v.example/1>',
    '<audio src="https://s.example/a.mp3" controls></audio>',
    'Song',
  ])
  expect(squarespace.report.findings).toMatchObject([
    { line: 2, message: 'map-block has no text of its own' },
  ])
  const blogger = await anImport(join(folder, 'b.xml'))
  expect(blogger.article('tag:blogger.com,1999:blog-1.post-1').body).toBe(
    '\n<figure><img src="https://b.example/1.jpg" alt=""><figcaption>The boat</figcaption>\n</figure>\n',
  )
})

test('how a list is numbered, when a player begins and how many stars there are come over', async () => {
  const html = `<ol reversed start="3"><li>Three</li><li>Two</li></ol><ol type="a"><li>A <b>b</b></li></ol><ol start="4"><li>Four</li></ol><ol><li value="7">Seven</li></ol>
<iframe src="https://www.youtube.com/embed/abcDEF12345?feature=oembed&amp;start=83"></iframe>
<iframe src="https://www.youtube-nocookie.com/embed/abcDEF12345?start=0"></iframe>
<iframe src="https://player.vimeo.com/video/12?h=ab12&amp;dnt=1#t=1m3s"></iframe>
<iframe src="https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fwww.youtube.com%2Fembed%2FabcDEF12345%3Fstart%3D9&amp;url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DabcDEF12345"></iframe>
<div class="kg-card kg-product-card"><div class="kg-product-card-title-container"><h4>Kettle</h4></div><div class="kg-product-card-rating">${'<span class="kg-product-card-rating-active kg-product-card-rating-star"><svg/></span>'.repeat(4)}<span class="kg-product-card-rating-star"><svg/></span></div></div>`
  const lexical = {
    root: {
      type: 'root',
      children: [{ type: 'product', productTitle: 'Cup', productRatingEnabled: true, productStarRating: 3 }],
    },
  }
  const post = { status: 'published', visibility: 'public', published_at: '2026-01-05T07:00:00.000Z' }
  const posts = [
    { id: '1', uuid: '1', title: 'One', slug: 'one', html, ...post },
    { id: '2', uuid: '2', title: 'Two', slug: 'two', html: null, lexical: JSON.stringify(lexical), ...post },
  ]
  const imported = await anImport(
    anExport({ 'blog.json': JSON.stringify({ db: [{ meta: {}, data: { posts } }] }) }),
  )
  expect(imported.article('1').body.trim().split('\n\n')).toEqual([
    '<ol start="3" reversed><li>Three</li>\n<li>Two</li>\n</ol>',
    '<ol type="a"><li>A <strong>b</strong></li>\n</ol>',
    '4. Four',
    '<ol><li value="7">Seven</li>\n</ol>',
    '<https://www.youtube.com/watch?v=abcDEF12345&t=83s>',
    '<https://www.youtube.com/watch?v=abcDEF12345>',
    '<https://vimeo.com/12/ab12#t=1m3s>',
    '<https://www.youtube.com/watch?v=abcDEF12345&t=9s>',
    '#### Kettle',
    '★★★★☆',
  ])
  expect(imported.article('2').body.trim().split('\n\n')).toEqual(['### Cup', '★★★☆☆'])
  expect(errorsOf(imported)).toEqual([])
})

test('what a feed says of an episode and of a place comes over, and the rest is named', async () => {
  const item = `<item><title>One</title><link>https://p.example/one/</link><guid>one</guid><pubDate>Mon, 05 Jan 2026 07:00:00 GMT</pubDate>
<description><![CDATA[<p>Words of it.</p>]]></description>
<enclosure url="https://p.example/one.mp3" length="12" type="audio/mpeg"/>
<itunes:episodeType>trailer</itunes:episodeType><itunes:image href="https://p.example/one.jpg"/>
<podcast:season>2</podcast:season><podcast:episode>3</podcast:episode>
<podcast:transcript url="https://p.example/one.txt" type="text/plain"/>
<podcast:transcript url="https://p.example/one.vtt" type="text/vtt"/>
<podcast:chapters url="https://p.example/one.json" type="application/json+chapters"/>
<podcast:soundbite startTime="61.5" duration="20">The bell</podcast:soundbite>
<podcast:location geo="geo:57,2">Aberdeen</podcast:location>
<podcast:value type="lightning"/>
<podcast:socialInteract uri="https://s.example/1"/></item>`
  const names =
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
  const rss = `<rss version="2.0" ${names}><channel><title>P</title><link>https://p.example/</link>\n${item}</channel></rss>`
  const imported = await anImport(anExport({ 'feed.xml': rss }))
  expect(imported.article('one')).toMatchObject({
    place: 'Aberdeen',
    audio: {
      url: 'https://p.example/one.mp3',
      kind: 'trailer',
      season: 2,
      episode: 3,
      transcript: 'https://p.example/one.vtt',
      chapters: 'https://p.example/one.json',
      soundbites: [{ start: 61.5, duration: 20, title: 'The bell' }],
      image: { url: 'https://p.example/one.jpg' },
    },
  })
  expect(imported.report.findings.map(({ line, message }) => `${line} ${message}`)).toEqual([
    '8 <podcast:transcript> is left out: https://p.example/one.vtt',
    '12 <podcast:value> is left out',
    '13 <podcast:socialInteract> is left out: https://s.example/1',
  ])
  expect(errorsOf(imported)).toEqual([])

  const entry = `<entry><id>tag:blogger.com,1999:blog-1.post-2</id><published>2026-01-05T07:00:00.000-05:00</published><category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/><title>B</title><content type="html">&lt;p&gt;Words&lt;/p&gt;</content><link rel="alternate" href="https://b.example/2026/01/b.html"/><georss:featurename>Leith, Edinburgh</georss:featurename><georss:point>55.9 -3.1</georss:point></entry>`
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss"><id>tag:blogger.com,1999:blog-1</id><generator>Blogger</generator>\n${entry}</feed>`
  const blog = await anImport(anExport({ 'blog.xml': atom }))
  expect(blog.article('tag:blogger.com,1999:blog-1.post-2').place).toBe('Leith, Edinburgh')
  expect(blog.report.findings).toMatchObject([{ line: 2, kind: 'coordinates' }])
})
