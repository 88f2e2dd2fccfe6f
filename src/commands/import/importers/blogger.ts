// Blogger's export, an Atom feed of everything there is, comments and settings among it → articles.

import { lookUpTable } from '../../../base/index.ts'
import type { ExportFile, ExportFiles } from '../export-files.ts'
import { plain } from '../html-tree.ts'
import { hostOf, type ImportedArticle, type Importer, LeftOut, type OpenExport } from '../imported.ts'
import { childrenOf, childText, leftOfItem, placeOf, readElements, type XmlElement } from '../records.ts'

export const blogger: Importer = {
  name: 'blogger',
  title: 'Blogger',
  recognises: files => feedsOf(files).length > 0,
  open: async files => openBlog(feedsOf(files)),
}

function feedsOf({ files }: ExportFiles): ExportFile[] {
  return files.filter(
    ({ path, head }) =>
      /\.(?:xml|atom)$/i.test(path) &&
      /<feed\b/.test(head) &&
      /tag:blogger\.com|schemas\.google\.com\/blogger|<generator[^>]*>Blogger</.test(head),
  )
}

async function openBlog(feeds: readonly ExportFile[]): Promise<OpenExport> {
  const hosts = new Set<string>()
  for (const file of feeds)
    for await (const entry of readElements(await file.stream(), new Set(['entry']))) {
      const host = hostOf(addressOf(entry))
      if (host && kindOf(entry) === 'post') hosts.add(host)
    }
  const leftOut = new LeftOut()
  return {
    hosts: [...hosts],
    leftOut: leftOut.counts,
    feeds: ['/feeds/posts/default'],
    lists: [],
    async *articles() {
      leftOut.reset()
      for (const file of feeds)
        for await (const entry of readElements(await file.stream(), new Set(['entry']))) {
          const kind = kindOf(entry)
          if (kind === 'post') yield entryArticle(entry, file.path)
          else leftOut.add(KINDS[kind] ?? `entries of the kind ${kind}`)
        }
    },
  }
}

const KINDS = lookUpTable({
  comment: 'comments',
  page: 'pages',
  settings: 'settings',
  template: 'templates',
  trashed: 'posts in the trash',
})

/** As both forms of the export say it: by a category, and by an element of Blogger's. */
function kindOf(entry: XmlElement): string {
  const term = childrenOf(entry, 'category').find(({ attributes }) => /#kind$/.test(attributes.scheme ?? ''))
  const kind = (
    term?.attributes.term?.replace(/^.*#/, '') ||
    childText(entry, 'blogger:type') ||
    'post'
  ).toLowerCase()
  if (childrenOf(entry, 'thr:in-reply-to').length > 0) return 'comment'
  if (kind === 'post' && childText(entry, 'blogger:trashed') !== '') return 'trashed'
  return kind
}

function addressOf(entry: XmlElement): string | undefined {
  const link = childrenOf(entry, 'link').find(({ attributes }) => attributes.rel === 'alternate')
  return link?.attributes.href ?? (childText(entry, 'blogger:filename') || undefined)
}

function entryArticle(entry: XmlElement, file: string): ImportedArticle {
  const url = addressOf(entry)
  const content = entry.children.find(({ name }) => name === 'content')
  const status = childText(entry, 'blogger:status').toLowerCase()
  const isDraft =
    entry.children.some(
      ({ name, children }) => name === 'app:control' && children.some(({ text }) => /yes/i.test(text)),
    ) || status === 'draft'
  const author = entry.children.find(({ name }) => name === 'author')
  const name = author ? childText(author, 'name') : ''
  const profile = author ? childText(author, 'uri') : ''
  const date = childText(entry, 'published') || childText(entry, 'blogger:created')
  return {
    place: { file, line: entry.line },
    id: childText(entry, 'id'),
    url,
    slug: url?.replace(/^.*\/|\.html$/g, '') || undefined,
    title: plain(childText(entry, 'title')),
    date: date || undefined,
    updated: childText(entry, 'updated') || undefined,
    authors:
      name === '' || name === 'Unknown'
        ? []
        : [{ name, url: /^https?:/.test(profile) ? profile : undefined }],
    tags: childrenOf(entry, 'category')
      .filter(({ attributes }) => !/#kind$/.test(attributes.scheme ?? ''))
      .map(({ attributes }) => attributes.term ?? ''),
    summary: plain(childText(entry, 'blogger:metaDescription')) || undefined,
    dateline: placeOf(entry),
    findings: leftOfItem(entry, { file, line: entry.line }),
    heldBack: isDraft ? 'draft' : status === 'scheduled' || status === 'soft_trashed' ? status : undefined,
    body: { syntax: 'html', text: withBreaks(content?.text ?? ''), line: content?.line ?? 0 },
  }
}

/** Old posts have two line breaks for a paragraph, or lines and no tag but links. */
function withBreaks(written: string): string {
  const html = written
    .split(/(<pre\b[\s\S]*?<\/pre\s*>)/i)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part
            .replace(/<a\s+name=["']?more["']?\s*(?:\/>|>\s*<\/a>)/gi, '</p><!--more--><p>')
            .replace(/(?:<br\s*\/?>\s*){2,}/gi, '</p><p>'),
    )
    .join('')
  return /<(?:p|br|div|h\d|ul|ol|table|blockquote)\b/i.test(html)
    ? html
    : html
        .split(/\n\s*\n/)
        .map(part => `<p>${part.replace(/\n/g, '<br>')}</p>`)
        .join('\n\n')
}
