// WordPress's export (WXR: RSS with fields of its own) → articles. The file is read as a stream, three times: for what posts
// refer to, for their addresses, and for their texts.

import { lookUpTable, ownText } from '../../../base/index.ts'
import { UserError } from '../../../errors.ts'
import type { ExportFile, ExportFiles } from '../export-files.ts'
import { plain } from '../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedAuthor,
  type Importer,
  LeftOut,
  type OpenExport,
  withFindings,
} from '../imported.ts'
import { childOf, childrenOf, childText, readElements, type XmlElement } from '../records.ts'
import { type Attachment, type BodyParts, readBody } from './wordpress-body.ts'

export const wordpress: Importer = {
  name: 'wordpress',
  title: 'WordPress',
  recognises: files => exportsOf(files).length > 0,
  open: (files, { site }) => openWxr(files, 'WordPress', site),
}

function exportsOf({ files }: ExportFiles): ExportFile[] {
  return files.filter(({ path, head }) => /\.xml$/i.test(path) && isWxr(head))
}

export function isWxr(head: string): boolean {
  return /xmlns:wp=["']|<wp:wxr_version>|wordpress\.org\/export\//.test(head)
}

const WANTED = new Set(['item', 'wp:author', 'wp:base_site_url', 'wp:base_blog_url'])

/** What posts refer to. */
interface Known {
  readonly attachments: Map<string, Attachment>
  /** By login. */
  readonly authors: Map<string, ImportedAuthor>
  /** Reusable blocks, by id. */
  readonly blocks: Map<string, string>
  readonly hosts: Set<string>
}

/** @param system for messages @param site its address, where the export does not say it */
export async function openWxr(
  files: ExportFiles,
  system: string,
  site: string | undefined,
): Promise<OpenExport> {
  const exports = exportsOf(files)
  const known: Known = { attachments: new Map(), authors: new Map(), blocks: new Map(), hosts: new Set() }
  const problems: Finding[] = []
  for (const file of exports) await survey(file, known, problems)
  const own = hostOf(site)
  if (own !== undefined) known.hosts.add(own)
  const leftOut = new LeftOut()
  return {
    hosts: [...known.hosts],
    leftOut: leftOut.counts,
    feeds: ['/feed/'],
    lists: [],
    async *articles() {
      leftOut.reset()
      let waiting = problems
      for (const file of exports)
        for await (const element of readElements(await file.stream(), new Set(['item']))) {
          const article = itemArticle(element, file.path, known, leftOut)
          if (!article) continue
          yield withFindings(article, waiting)
          waiting = []
        }
      if (waiting.length > 0) throw new UserError(`${system}: ${waiting[0]!.message}`, 'Export it again.')
    },
  }
}

async function survey(file: ExportFile, known: Known, problems: Finding[]): Promise<void> {
  const problem = ({ line, message }: { line: number; message: string }) => {
    const kind = 'faults of the export'
    problems.push({
      file: file.path,
      line,
      kind,
      message: `${message}: the rest may be incomplete`,
      needsPerson: true,
    })
  }
  for await (const element of readElements(await file.stream(), WANTED, problem)) {
    if (element.name === 'wp:author') {
      const login = ownText(childText(element, 'wp:author_login'))
      const name = ownText(childText(element, 'wp:author_display_name')) || login
      if (login) known.authors.set(login, { name, slug: login })
    } else if (element.name !== 'item') {
      const host = hostOf(element.text.trim())
      if (host) known.hosts.add(host)
    } else surveyItem(element, known)
  }
}

function surveyItem(item: XmlElement, known: Known): void {
  const id = ownText(childText(item, 'wp:post_id'))
  const type = childText(item, 'wp:post_type')
  if (type === 'wp_block') known.blocks.set(id, ownText(childText(item, 'content:encoded')))
  if (type !== 'attachment') return
  known.attachments.set(id, {
    url: ownText(childText(item, 'wp:attachment_url') || childText(item, 'guid')),
    alt: ownText(meta(item, '_wp_attachment_image_alt')) || undefined,
    caption: ownText(plain(childText(item, 'excerpt:encoded'))) || undefined,
    credit: ownText(meta(item, '_media_credit') || meta(item, '_wp_attachment_credit')) || undefined,
  })
}

const NOT_ARTICLES = lookUpTable({
  page: 'pages',
  attachment: 'attachments',
  nav_menu_item: 'menu items',
  revision: 'revisions',
  wp_block: 'reusable blocks',
})

function itemArticle(
  item: XmlElement,
  file: string,
  known: Known,
  leftOut: LeftOut,
): ImportedArticle | undefined {
  const type = childText(item, 'wp:post_type') || 'post'
  const status = childText(item, 'wp:status')
  if (type !== 'post') {
    leftOut.add(NOT_ARTICLES[type] ?? `items of the type ${type}`)
    return undefined
  }
  if (status === 'trash' || status === 'auto-draft') {
    leftOut.add('posts in the trash')
    return undefined
  }
  for (const _ of childrenOf(item, 'wp:comment')) leftOut.add('comments')
  const place = { file, line: item.line }
  const findings: Finding[] = []
  const content = childOf(item, 'content:encoded')
  const parts: BodyParts = {
    attachments: known.attachments,
    blocks: known.blocks,
    footnotes: meta(item, 'footnotes'),
    lost: (kind, message, line) =>
      findings.push({ ...place, line: content ? content.line + line - 1 : place.line, kind, message }),
  }
  const link = childText(item, 'link')
  const slug = childText(item, 'wp:post_name')
  const password = childText(item, 'wp:post_password')
  const categories = terms(item, 'category').filter(name => !/^uncategori[sz]ed$/i.test(name))
  return {
    place,
    id: childText(item, 'guid') || link || `${file}#${childText(item, 'wp:post_id')}`,
    url: link || undefined,
    aliases: oldAddresses(item, link, slug),
    slug: slug || undefined,
    title: plain(childText(item, 'title')),
    ...dates(item),
    authors: authorsOf(item, known),
    categories,
    tags: terms(item, 'post_tag'),
    summary:
      plain(childText(item, 'excerpt:encoded')) || plain(meta(item, '_yoast_wpseo_metadesc')) || undefined,
    image: leadPicture(item, known),
    audio: enclosure(item),
    // Where somebody wrote it is said only where that is public.
    dateline: meta(item, 'geo_public') === '0' ? undefined : plain(meta(item, 'geo_address')) || undefined,
    heldBack:
      password !== '' ? 'has a password' : (heldBack(status) ?? restricted(item, content?.text ?? '')),
    canonical: /^https?:/.test(meta(item, '_yoast_wpseo_canonical'))
      ? meta(item, '_yoast_wpseo_canonical')
      : undefined,
    get body() {
      return { syntax: 'html' as const, text: readBody(content?.text ?? '', parts), line: content?.line ?? 0 }
    },
    findings,
  }
}

function heldBack(status: string): string | undefined {
  if (status === 'publish' || status === '') return undefined
  if (status === 'future') return 'scheduled'
  return status === 'pending' ? 'pending review' : status
}

/** Fields of plugins that keep a post for some readers. */
const RESTRICTED_POST =
  /^(?:_members_access_role|rcp_(?:subscription|access|user)_level|_is_paid|rcp_restricted_\w+)$/

/** Blocks and shortcodes that keep a part of it for them. */
const RESTRICTED_PART =
  /<!--\s*wp:(?:jetpack\/paid-content|premium-content\/container|restrict-content|memberful\/\S+)|\[(?:restrict|membership|members?_?only|mepr-(?:show|active)|ihc-hide-content|wcm_restrict|um_loggedin|s2If|is_paid|paid)[\s\]]/i

function restricted(item: XmlElement, text: string): string | undefined {
  const access = meta(item, '_jetpack_newsletter_access')
  if (access === 'subscribers') return 'for subscribers'
  if (access === 'paid_subscribers') return 'for paying readers'
  const isRestricted = childrenOf(item, 'wp:postmeta').some(
    each =>
      RESTRICTED_POST.test(childText(each, 'wp:meta_key')) &&
      !/^(?:|0|a:0:\{\})$/.test(childText(each, 'wp:meta_value')),
  )
  if (isRestricted) return 'for members'
  return RESTRICTED_PART.test(text) ? 'a part is for members' : undefined
}

/** The difference of the two clocks is the offset; a draft has no instant, and no zone. */
function dates(item: XmlElement): Pick<ImportedArticle, 'date' | 'updated'> {
  const read = (name: string) => {
    const [wall, utc] = [childText(item, `wp:${name}`), childText(item, `wp:${name}_gmt`)]
    if (/^0000|^$/.test(wall)) return /^0000|^$/.test(utc) ? undefined : `${utc.replace(' ', 'T')}Z`
    if (/^0000|^$/.test(utc)) return wall.replace(' ', 'T')
    const minutes =
      (Date.parse(`${wall.replace(' ', 'T')}Z`) - Date.parse(`${utc.replace(' ', 'T')}Z`)) / 60_000
    return Math.abs(minutes) <= 15 * 60 && Number.isInteger(minutes)
      ? wall.replace(' ', 'T') + offsetText(minutes)
      : `${utc.replace(' ', 'T')}Z`
  }
  return {
    date: read('post_date') ?? (childText(item, 'pubDate') || undefined),
    updated: read('post_modified'),
  }
}

/** -330 → '-05:30' */
function offsetText(minutes: number): string {
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** Several authors are terms of a plugin's; their logins have a prefix there. */
function authorsOf(item: XmlElement, { authors }: Known): ImportedAuthor[] {
  const several = childrenOf(item, 'category')
    .filter(({ attributes }) => /^(?:author|ppma_author)$/.test(attributes.domain ?? ''))
    .map(({ attributes, text }) => {
      const login = (attributes.nicename ?? '').replace(/^cap-/, '')
      return authors.get(login) ?? { name: text.trim() || login, slug: login || undefined }
    })
  if (several.length > 0) return several
  const login = childText(item, 'dc:creator')
  return login === '' ? [] : [authors.get(login) ?? { name: login }]
}

function terms(item: XmlElement, domain: string): string[] {
  return childrenOf(item, 'category')
    .filter(
      ({ attributes }) =>
        attributes.domain === domain || (domain === 'post_tag' && attributes.domain === 'tag'),
    )
    .map(({ text }) => plain(text))
}

function leadPicture(item: XmlElement, { attachments }: Known): ImportedArticle['image'] {
  const found = attachments.get(meta(item, '_thumbnail_id'))
  if (!found) return undefined
  const { url: src, alt, caption, credit } = found
  return { src, alt, caption, credit }
}

/** `url`, length and type on lines of their own; what follows is PHP's. */
function enclosure(item: XmlElement): ImportedArticle['audio'] {
  const [url = '', bytes = '', type = ''] = meta(item, 'enclosure').split(/\r?\n/)
  if (!/^https?:\/\/\S+$/.test(url.trim())) return undefined
  return {
    src: url.trim(),
    ...(Number(bytes) > 0 ? { bytes: Number(bytes) } : {}),
    ...(/^[a-z]+\/[\w.+-]+$/.test(type.trim()) ? { type: type.trim() } : {}),
  }
}

function oldAddresses(item: XmlElement, link: string, slug: string): string[] {
  if (slug === '' || !link.includes(slug)) return []
  return childrenOf(item, 'wp:postmeta')
    .filter(each => childText(each, 'wp:meta_key') === '_wp_old_slug')
    .map(each => link.replace(slug, childText(each, 'wp:meta_value')))
    .filter(old => old !== link)
}

function meta(item: XmlElement, key: string): string {
  const found = childrenOf(item, 'wp:postmeta').find(each => childText(each, 'wp:meta_key') === key)
  return found ? childText(found, 'wp:meta_value') : ''
}
