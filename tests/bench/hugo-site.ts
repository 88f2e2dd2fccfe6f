// A corpus → the same articles as a Hugo site that makes nothing but full-text RSS feeds.

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Feeds {
  /** How many of the newest articles a feed carries. */
  readonly items: number
  readonly tags: boolean
}

const TEMPLATE = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>The Bench</description>
{{ range first ITEMS PAGES }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate><guid>{{ .Permalink }}</guid>
<description>{{ .Params.summary | html }}</description><content:encoded>{{ .Content | html }}</content:encoded></item>
{{ end }}</channel></rss>
`

/** @param corpus a folder that makeCorpus made */
export function hugoSite(folder: string, corpus: string, { items, tags }: Feeds): readonly string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'layouts/_default'), { recursive: true })
  symlinkSync(join(corpus, 'articles'), join(folder, 'content'))
  const kinds = ['section', 'sitemap', 'robotsTXT', '404', ...(tags ? [] : ['taxonomy', 'term'])]
  writeFileSync(
    join(folder, 'config.toml'),
    [
      'baseURL = "https://bench.example/"',
      'title = "The Bench"',
      `disableKinds = [${kinds.map(kind => `"${kind}"`).join(', ')}]`,
      'ignoreFiles = ["publication\\\\.yaml$"]',
      // Pages have addresses, and are not made.
      '[[cascade]]',
      '[cascade._build]',
      'render = "link"',
      '[cascade._target]',
      'kind = "page"',
      '[outputs]',
      'home = ["RSS"]',
      ...(tags ? ['taxonomy = []', 'term = ["RSS"]', '[taxonomies]', 'tag = "tags"'] : []),
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
