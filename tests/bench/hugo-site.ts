// A corpus → the same articles as a Hugo site that makes nothing but full-text RSS feeds; or pages in a plain theme as well.

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Feeds {
  /** How many of the newest articles a feed carries. */
  readonly items: number
  readonly tags: boolean
  /** Whether each article has a page, and each section, tag and author a list and a feed. */
  readonly pages?: boolean
}

const TEMPLATE = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>The Bench</description>
{{ range first ITEMS PAGES }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate><guid>{{ .Permalink }}</guid>
<description>{{ .Params.summary | html }}</description><content:encoded>{{ .Content | html }}</content:encoded></item>
{{ end }}</channel></rss>
`

/** What the plainest of themes has: navigation, byline, tags, neighbours, and lists of titles with summaries. */
const FRAME = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title><meta name="description" content="{{ with .Description }}{{ . }}{{ else }}{{ .Summary | plainify | truncate 200 }}{{ end }}"><link rel="canonical" href="{{ .Permalink }}">
<link rel="alternate" type="application/rss+xml" href="/index.xml"><style>body{max-width:40em;margin:auto;font:18px/1.5 serif}</style></head>
<body><header><a href="/">{{ site.Title }}</a></header><main>MAIN</main><footer>{{ site.Title }}</footer></body></html>
`
const SINGLE = `<article><h1>{{ .Title }}</h1><p>{{ with .Params.author }}{{ . }}, {{ end }}<time datetime="{{ .Date }}">{{ .Date.Format "2 January 2006" }}</time>, {{ .ReadingTime }} minutes</p>
{{ .Content }}<p>{{ range .GetTerms "tags" }}<a href="{{ .Permalink }}">{{ .Title }}</a> {{ end }}</p></article>
<nav>{{ with .PrevInSection }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}</nav>
<aside>{{ range first 3 (site.RegularPages.Related .) }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}</aside>`
const LIST = `<h1>{{ .Title }}</h1>{{ range first 100 .Pages.ByDate.Reverse }}<p><a href="{{ .Permalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2 January 2006" }}</time><br>{{ with .Params.summary }}{{ . }}{{ else }}{{ .Summary | plainify | truncate 280 }}{{ end }}</p>{{ end }}`

/** @param corpus a folder whose `articles/` makeCorpus made, or that Hugo understands as well */
export function hugoSite(
  folder: string,
  corpus: string,
  { items, tags, pages = false }: Feeds,
): readonly string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'layouts/_default'), { recursive: true })
  symlinkSync(join(corpus, 'articles'), join(folder, 'content'))
  const kinds = pages
    ? ['section', 'robotsTXT', '404']
    : ['section', 'sitemap', 'robotsTXT', '404', ...(tags ? [] : ['taxonomy', 'term'])]
  const outputs = pages
    ? ['home = ["HTML", "RSS"]', 'taxonomy = ["HTML"]', 'term = ["HTML", "RSS"]']
    : ['home = ["RSS"]', ...(tags ? ['taxonomy = []', 'term = ["RSS"]'] : [])]
  const taxonomies = pages
    ? ['[taxonomies]', 'tag = "tags"', 'category = "categories"', 'author = "author"']
    : tags
      ? ['[taxonomies]', 'tag = "tags"']
      : []
  writeFileSync(
    join(folder, 'config.toml'),
    [
      'baseURL = "https://bench.example/"',
      'title = "The Bench"',
      `disableKinds = [${kinds.map(kind => `"${kind}"`).join(', ')}]`,
      'ignoreFiles = ["publication\\\\.yaml$"]',
      // Without pages, articles have addresses all the same.
      ...(pages
        ? []
        : ['[[cascade]]', '[cascade._build]', 'render = "link"', '[cascade._target]', 'kind = "page"']),
      // As Broadsheet, which cleans it. Code has colours in both: it is what Hugo does unless told otherwise.
      '[markup.goldmark.renderer]',
      'unsafe = true',
      '[outputs]',
      ...outputs,
      ...taxonomies,
      '',
    ].join('\n'),
  )
  const write = (name: string, pages: string) =>
    writeFileSync(
      join(folder, 'layouts/_default', name),
      TEMPLATE.replace('ITEMS', String(items)).replace('PAGES', pages),
    )
  write('home.rss.xml', '(where site.RegularPages "Draft" false).ByDate.Reverse')
  write('term.rss.xml', '.Pages.ByDate.Reverse')
  if (pages)
    for (const [name, main] of Object.entries({ single: SINGLE, list: LIST, home: LIST }))
      writeFileSync(
        join(folder, 'layouts/_default', `${name}.html`),
        FRAME.replace('MAIN', () => (name === 'home' ? main.replace('.Pages', 'site.RegularPages') : main)),
      )
  return [
    'hugo',
    '--quiet',
    '--source',
    folder,
    '--destination',
    join(folder, 'public'),
    '--cleanDestinationDir',
  ]
}
