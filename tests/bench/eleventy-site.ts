// A corpus → the same articles as an Eleventy site that makes nothing but full-text RSS feeds, by its RSS plugin; or pages in a
// plain theme as well.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Feeds } from './hugo-site.ts'

const PACKAGES = ['@11ty/eleventy@3', '@11ty/eleventy-plugin-rss@3']

/** @param folder where it is put, unless it is there already @returns why not, when it cannot be had */
export function installEleventy(folder: string): string | undefined {
  if (existsSync(join(folder, 'node_modules/@11ty/eleventy-plugin-rss'))) return undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "bench-eleventy", "private": true, "type": "module" }\n',
  )
  const { status, stderr, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status === 0) return undefined
  return error?.message ?? stderr.split('\n').find(line => line.includes('error')) ?? 'npm failed'
}

const item = `{% for post in posts %}<item><title>{{ post.data.title }}</title><link>https://bench.example/{{ post.fileSlug }}/</link>
<pubDate>{{ post.date | dateToRfc822 }}</pubDate><description>{{ post.data.summary }}</description>
<content:encoded>{{ post.content | renderTransforms(post.data.page, "https://bench.example/") }}</content:encoded></item>{% endfor %}`
const rss = (posts: string) =>
  `{% set posts = ${posts} %}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Bench</title>${item}</channel></rss>\n`

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title><link rel="canonical" href="https://bench.example{{ page.url }}"><style>body{max-width:40em;margin:auto;font:18px/1.5 serif}</style></head>
<body><header><a href="/">The Bench</a></header><main><article><h1>{{ title }}</h1><time datetime="{{ page.date | dateToRfc3339 }}">{{ page.date | dateToRfc3339 }}</time>
{{ content | safe }}<p>{% for tag in tags %}<a href="/tags/{{ tag }}/">{{ tag }}</a> {% endfor %}</p></article></main></body></html>
`

export function eleventySite(
  folder: string,
  corpus: string,
  { items, tags, pages = false }: Feeds,
): readonly string[] {
  const site = join(folder, 'site')
  rmSync(site, { recursive: true, force: true })
  mkdirSync(site, { recursive: true })
  symlinkSync(join(corpus, 'articles'), join(site, 'articles'))
  writeFileSync(
    join(folder, 'eleventy.config.js'),
    `import rss from '@11ty/eleventy-plugin-rss'
export default function (config) {
  config.addPlugin(rss)
  config.setQuietMode(true)
  ${pages ? "config.addGlobalData('layout', 'page.njk')" : "config.addGlobalData('permalink', false)"}
  config.addPreprocessor('drafts', 'md', data => (data.draft ? false : undefined))
  config.addFilter('newest', list => (list ?? []).slice(-${items}).reverse())
  config.addCollection('posts', api => api.getFilteredByGlob('site/articles/**/*.md').filter(post => !post.data.draft))
  return { dir: { input: 'site', output: 'public' }, markdownTemplateEngine: false }
}
`,
  )
  if (pages) {
    mkdirSync(join(site, '_includes'))
    writeFileSync(join(site, '_includes/page.njk'), PAGE)
  }
  writeFileSync(
    join(site, 'feed.njk'),
    `---\npermalink: /rss.xml\nlayout: false\n---\n${rss('collections.posts | newest')}`,
  )
  if (tags)
    writeFileSync(
      join(site, 'tags.njk'),
      `---js\n{ pagination: { data: 'collections', size: 1, alias: 'tag', filter: ['all', 'posts'] }, layout: false, permalink: data => '/tags/' + data.tag + '/rss.xml' }\n---\n${rss('collections[tag] | newest')}`,
    )
  return ['npx', 'eleventy', '--quiet']
}
