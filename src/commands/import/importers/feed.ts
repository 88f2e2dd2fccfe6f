// Feeds in files, RSS, Atom or JSON Feed, and the archives that belong to them (RFC 5005) → articles.

import { escapeHtml } from '../../../base/index.ts'
import { UserError } from '../../../errors.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import { parseHtml, plain, visibleText } from '../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedAuthor,
  type Importer,
  LeftOut,
  type Place,
  withFindings,
} from '../imported.ts'
import {
  childrenOf,
  childText,
  type JsonRow,
  leftOfItem,
  mediaAudio,
  mediaPicture,
  numbers,
  openLines,
  parseJson,
  placeOf,
  readElements,
  rowsOf,
  type XmlElement,
} from '../records.ts'

export const feed: Importer = {
  name: 'feed',
  title: 'a feed',
  recognises: files => feedsOf(files).length > 0,
  async open(files, { site }) {
    const feeds = feedsOf(files)
    if (feeds.length === 0)
      throw new UserError(
        `${files.name} contains no feed`,
        'A feed is RSS, Atom or JSON Feed. Save it, and import the file.',
      )
    // What the feed itself says counts more than its archives. RFC 5005 §4
    feeds.sort((a, b) => Number(isArchive(a)) - Number(isArchive(b)))
    const hosts = new Set<string>()
    for (const file of feeds) {
      const host = hostOf(homeOf(file.head) ?? site)
      if (host) hosts.add(host)
    }
    const leftOut = new LeftOut()
    return {
      hosts: [...hosts],
      leftOut: leftOut.counts,
      feeds: feeds.flatMap(({ head }) => (isArchive({ head }) ? [] : (ownPath(head) ?? []))),
      lists: [],
      async *articles() {
        leftOut.reset()
        const seen = new Set<string>()
        let waiting = missingArchives(feeds)
        for (const file of feeds)
          for await (const article of itemsOf(file, leftOut)) {
            if (seen.has(article.id)) {
              leftOut.add('items that are in several files')
              continue
            }
            seen.add(article.id)
            yield withFindings(article, waiting)
            waiting = []
          }
      },
    }
  },
}

const JSON_FEED = /"version"\s*:\s*"https:\/\/jsonfeed\.org\/version\//

export function feedsOf({ files }: Pick<ExportFiles, 'files'>): ExportFile[] {
  return files.filter(
    ({ head }) =>
      JSON_FEED.test(head) ||
      /^\ufeff?\s*(?:<\?[^>]*>\s*|<!--[\s\S]*?-->\s*|<!doctype[^[>]*(?:\[[^\]]*\]\s*)?>\s*)*<(?:rss|feed|atom:feed|rdf:RDF)\b/i.test(
        head,
      ),
  )
}

function isArchive({ head }: Pick<ExportFile, 'head'>): boolean {
  return /<fh:archive\s*\/?>/.test(head)
}

/** The page that it is the feed of: its first link that is no feed. */
function homeOf(head: string): string | undefined {
  return (
    /"home_page_url"\s*:\s*"([^"]+)"/.exec(head)?.[1] ??
    /<link>\s*(https?:\/\/[^<\s]+)\s*<\/link>/.exec(head)?.[1] ??
    links(head).find(({ rel }) => rel === 'alternate' || rel === '')?.href
  )
}

function ownPath(head: string): string | undefined {
  const url =
    /"feed_url"\s*:\s*"([^"]+)"/.exec(head)?.[1] ?? links(head).find(({ rel }) => rel === 'self')?.href
  const path = url?.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/s, '')
  return path?.startsWith('/') && path.length > 1 && !/\s/.test(path) ? path : undefined
}

function links(head: string): { rel: string; href: string }[] {
  const next = /"next_url"\s*:\s*"([^"]+)"/.exec(head)?.[1]
  if (next !== undefined) return [{ rel: 'next', href: next }]
  return [...beginningOf(head).matchAll(/<(?:atom:|atom10:)?link\s([^>]*)>/g)].map(([, attributes = '']) => ({
    rel: /\brel=["']([^"']*)/.exec(attributes)?.[1] ?? '',
    href: (/\bhref=["']([^"']*)/.exec(attributes)?.[1] ?? '').replace(/&amp;/g, '&'),
  }))
}

function beginningOf(head: string): string {
  return head.split(/<(?:item|(?:atom:)?entry)\b/)[0]!
}

/** Older items are elsewhere, in files that were not given. */
function missingArchives(feeds: readonly ExportFile[]): Finding[] {
  const names = new Set(feeds.map(({ path }) => path.replace(/^.*\//, '')))
  return feeds.flatMap(({ path, head }) =>
    links(head)
      .filter(
        ({ rel, href }) =>
          (rel === 'prev-archive' || rel === 'next') &&
          !names.has(href.replace(/[?#].*$/s, '').replace(/^.*\//, '')),
      )
      .map(({ href }) => ({
        file: path,
        line: 1,
        kind: 'parts of the feed that are missing',
        message: `older items are at ${href}: save that, too, and import the folder`,
        needsPerson: true as const,
      })),
  )
}

export async function* itemsOf(file: ExportFile, leftOut: LeftOut): AsyncGenerator<ImportedArticle> {
  if (JSON_FEED.test(file.head)) {
    yield* jsonItems(file)
    return
  }
  const wanted = new Set(['item', 'entry', 'atom:entry', 'at:deleted-entry'])
  const whole = wholeOf(file.head)
  let problem: Finding | undefined
  const note = ({ line, message }: { line: number; message: string }) => {
    problem = { file: file.path, line, kind: 'faults of the export', message, needsPerson: true }
  }
  for await (const element of readElements(await file.stream(), wanted, note)) {
    if (element.name === 'at:deleted-entry') leftOut.add('deleted entries')
    else {
      const article = element.name === 'item' ? rssItem(element, file) : atomEntry(element, file, whole)
      yield withFindings(article, problem ? [problem] : [])
      problem = undefined
    }
  }
}

function rssItem(item: XmlElement, file: ExportFile): ImportedArticle {
  const place = { file: file.path, line: item.line }
  const link = childText(item, 'link')
  const id = childText(item, 'guid') || item.attributes['rdf:about'] || link || childText(item, 'title')
  const content = item.children.find(({ name }) => name === 'content:encoded')
  const description = item.children.find(({ name }) => name === 'description')
  const body = content?.text.trim() ? content : description
  const creators = childrenOf(item, 'dc:creator').map(({ text }) => text.trim())
  const author = childText(item, 'author', 'itunes:author').replace(/^\S+@\S+\s*\(([^()]*)\)$/, '$1')
  const names = creators.length > 0 ? creators : author && !author.includes('@') ? [author] : []
  const summary = content?.text.trim() && description ? plain(description.text) : ''
  return {
    place,
    id,
    url: link || (/^https?:/.test(id) ? id : undefined),
    slug: slugOf(link || id),
    title: plain(childText(item, 'title', 'media:title')),
    date: childText(item, 'pubDate', 'dc:date', 'published') || undefined,
    updated: childText(item, 'atom:updated', 'dcterms:modified') || undefined,
    authors: names.map(name => ({ name: plain(name) })),
    tags: childrenOf(item, 'category').map(({ text }) => plain(text)),
    summary: summary && summary !== visibleText(parseHtml(content!.text)) ? summary : undefined,
    image: mediaPicture(item),
    audio: mediaAudio(item),
    dateline: placeOf(item),
    comments: /^https?:/.test(childText(item, 'comments')) ? childText(item, 'comments') : undefined,
    body: { syntax: 'html', text: asHtml(body?.text ?? '') + enclosed(item), line: body?.line ?? 0 },
    findings: [...cutShort(body?.text ?? '', content === undefined, place), ...leftOfItem(item, place)],
  }
}

function atomEntry(entry: XmlElement, file: ExportFile, whole: Whole): ImportedArticle {
  const place = { file: file.path, line: entry.line }
  const find = (name: string) => entry.children.find(child => child.name.replace(/^atom:/, '') === name)
  const texts = (name: string) => find(name)?.text.trim() ?? ''
  const link = entry.children
    .filter(
      ({ name, attributes }) =>
        /^(?:atom:)?link$/.test(name) && (attributes.rel ?? 'alternate') === 'alternate',
    )
    .map(({ attributes }) => resolved(attributes.href ?? '', entry.attributes['xml:base'], whole.base))[0]
  const content = find('content') ?? find('summary')
  const isSummary = (find('content') ?? { attributes: { src: '' } }).attributes.src !== undefined
  const text = content ? (content.attributes.type === 'xhtml' ? (content.markup ?? '') : textOf(content)) : ''
  const summary = find('content') === undefined ? '' : plain(textOf(find('summary')))
  return {
    place,
    id: texts('id') || link || texts('title'),
    url: link || undefined,
    slug: slugOf(link ?? ''),
    title: plain(textOf(find('title'))),
    date: texts('published') || texts('issued') || texts('updated') || undefined,
    updated: texts('updated') || undefined,
    authors: authorsOf(entry, whole.authors),
    tags: entry.children
      .filter(({ name }) => /^(?:atom:)?category$/.test(name))
      .map(({ attributes }) => attributes.label ?? attributes.term ?? ''),
    summary: summary || undefined,
    image: mediaPicture(entry),
    audio: mediaAudio(entry),
    dateline: placeOf(entry),
    language: entry.attributes['xml:lang'],
    body: { syntax: 'html', text, line: content?.attributes.type === 'xhtml' ? 0 : (content?.line ?? 0) },
    findings: [...cutShort(text, isSummary, place), ...leftOfItem(entry, place)],
  }
}

/** What a feed says for all of its entries. */
interface Whole {
  readonly base: string | undefined
  readonly authors: readonly string[]
}

function wholeOf(head: string): Whole {
  const beginning = beginningOf(head)
  const authors = beginning.matchAll(/<(?:atom:)?author>[^<]*<(?:atom:)?name>([^<]+)</g)
  return {
    base: /<(?:atom:)?feed\b[^<>]*\sxml:base=["']([^"']+)/.exec(beginning)?.[1] ?? homeOf(head),
    authors: [...authors].map(([, name]) => plain(name!)),
  }
}

/** The entry's own, or the feed's. RFC 4287 §4.2.1 */
function authorsOf(entry: XmlElement, ofFeed: readonly string[]): readonly ImportedAuthor[] {
  const own = entry.children.filter(({ name }) => /^(?:atom:)?author$/.test(name))
  if (own.length === 0) return ofFeed.map(name => ({ name }))
  return own
    .map(author => ({
      name: childText(author, 'name', 'atom:name'),
      url: addressOf(childText(author, 'uri', 'atom:uri')),
    }))
    .filter(({ name }) => name !== '')
}

function addressOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:/i.test(value.trim()) ? value.trim() : undefined
}

function resolved(href: string, ownBase: string | undefined, base: string | undefined): string {
  try {
    return href === '' ? '' : new URL(href, new URL(ownBase ?? '', base)).href
  } catch {
    return href
  }
}

/** A text construct of Atom (RFC 4287 §3.1) → HTML. Some call HTML a text. */
function textOf(construct: XmlElement | undefined): string {
  const text = construct?.text ?? ''
  if (/^(?:text\/)?html$/.test(construct?.attributes.type ?? '')) return text
  return /<\/?(?:p|br|a|div|img|b|i|em|strong|ul|ol|h\d|blockquote)\b[^<]*>/i.test(text)
    ? text
    : asHtml(escapeHtml(text))
}

async function* jsonItems(file: ExportFile): AsyncGenerator<ImportedArticle> {
  const source = decodeText(await file.read(512 * 2 ** 20), 'utf-8')
  const json = (parseJson(source, file, 'Save it again.') ?? {}) as JsonRow
  const lineOf = openLines(source)
  for (const item of rowsOf(json.items)) {
    const text = (key: string) => (typeof item[key] === 'string' ? item[key].trim() : '')
    const place = { file: file.path, line: lineOf(text('id') || text('url')) }
    const url = text('url')
    const html = text('content_html') || asHtml(escapeHtml(text('content_text') || text('summary')))
    const authors = rowsOf(item.authors ?? item.author ?? json.authors ?? json.author)
    const attachments = rowsOf(item.attachments).filter(({ url }) => typeof url === 'string')
    const audio = attachments.find(({ mime_type }) => /^audio\//.test(String(mime_type)))
    yield {
      place,
      id: text('id') || String(item.id ?? url),
      url: url || undefined,
      slug: slugOf(url),
      title: text('title'),
      date: text('date_published') || undefined,
      updated: text('date_modified') || undefined,
      authors: authors.flatMap(({ name, url, avatar }) =>
        typeof name === 'string' && name ? [{ name, url: addressOf(url), photo: addressOf(avatar) }] : [],
      ),
      tags: Array.isArray(item.tags) ? item.tags.map(String) : [],
      summary: text('content_html') || text('content_text') ? text('summary') || undefined : undefined,
      image: text('image') ? { src: text('image') } : undefined,
      audio: audio
        ? {
            src: String(audio.url),
            ...numbers({ bytes: audio.size_in_bytes, duration: audio.duration_in_seconds }),
          }
        : undefined,
      language: text('language') || undefined,
      source: text('external_url') || undefined,
      body: {
        syntax: 'html',
        text: html + attachments.map(each => (each === audio ? '' : fileLink(each.url, each.title))).join(''),
        line: 0,
      },
      findings: cutShort(html, !text('content_html') && !text('content_text'), place),
    }
  }
}

/** Files that are neither a picture nor a recording. */
function enclosed(item: XmlElement): string {
  return childrenOf(item, 'enclosure')
    .filter(
      ({ attributes }) => attributes.url && !/^(?:audio|video|image)\//.test(attributes.type ?? 'audio/'),
    )
    .map(({ attributes }) => fileLink(attributes.url))
    .join('')
}

function fileLink(url: unknown, title?: unknown): string {
  const address = escapeHtml(String(url))
  return `\n<p><a href="${address}">${typeof title === 'string' ? escapeHtml(title) : address}</a></p>`
}

/** The feed held no more than the beginning of the text. */
function cutShort(html: string, isSummary: boolean, place: Place): Finding[] {
  const words = visibleText(parseHtml(html))
  const ends =
    /(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&#8230;\])\s*$|(?:continue reading|read more|read the rest|weiterlesen|lire la suite|leer más)\W*$/i.test(
      words,
    )
  if (!ends && !(isSummary && !/<p\b|<br\b/i.test(html))) return []
  const message = `the feed has ${words === '' ? 'no text' : 'only the beginning of the text'}: copy the rest from the page`
  return [{ ...place, kind: 'texts that the feed has only a part of', message, needsPerson: true }]
}

/** Text without a tag → paragraphs. */
function asHtml(text: string): string {
  if (text.trim() === '' || /<[a-z!/]/i.test(text)) return text
  return text
    .split(/\n\s*\n/)
    .map(part => `<p>${part.trim().replace(/\n/g, '<br>')}</p>`)
    .join('\n')
}

function slugOf(url: string): string | undefined {
  const path = url
    .replace(/^https?:\/\/[^/]+/, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
  return path.replace(/^.*\/|\.(?:html?|php|aspx?)$/g, '') || undefined
}
