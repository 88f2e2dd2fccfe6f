// Articles of which two have one id or one address → the same, each with its own: the one longest in use keeps what it has, and
// the other's is made of its full date, language or folder. What authors wrote themselves is not changed: that is an error.

import { join } from 'node:path'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { articleUrl, fileSlug, tagId, toSlug } from '../articles/article-address.ts'
import { withField } from '../articles/article-dates.ts'
import { readFileName } from '../articles/file-name.ts'
import { frontMatterLine } from '../articles/read-front-matter.ts'
import { ADDRESS_FIELDS } from './page-paths.ts'

export interface Separated {
  readonly articles: Article[]
  /** File → id and address of those that have others than their file alone says. */
  readonly renamed: ReadonlyMap<string, string>
}

export function separateDoubles(
  articles: readonly Article[],
  publication: Publication,
  report: (diagnostic: Diagnostic) => void,
): Separated {
  if (areSingle(articles)) return { articles: [...articles], renamed: new Map() }
  const taken: Taken = { ids: new Map(), addresses: new Map() }
  const renamed = new Map<string, string>()
  const separated = [...articles].sort(longestInUse).flatMap(article => {
    const own = withOwnName(article, taken, publication)
    if ('first' in own) {
      report(describeDouble(article, own.first, own.isId, publication.dir))
      return []
    }
    taken.ids.set(own.id, own)
    taken.addresses.set(addressKey(own.url), own)
    if (own !== article) {
      renamed.set(own.file, `${own.id} ${own.url}`)
      report(describeRenamed(article, own, publication.dir))
    }
    return own
  })
  return { articles: separated, renamed }
}

interface Taken {
  readonly ids: Map<string, Article>
  readonly addresses: Map<string, Article>
}

/** As in nearly all folders; this is quicker to say than which is whose double. */
function areSingle(articles: readonly Article[]): boolean {
  const ids = new Set<string>()
  const addresses = new Set<string>()
  for (const { id, url } of articles) {
    ids.add(id)
    addresses.add(addressKey(url))
  }
  return ids.size === articles.length && addresses.size === articles.length
}

/** A draft gives way to what is not one. */
function longestInUse(left: Article, right: Article): number {
  const isDraft = ({ state }: Article) => Number(state === 'draft')
  return isDraft(left) - isDraft(right) || left.date.at - right.date.at || (left.file < right.file ? -1 : 1)
}

/** @returns the article that has its id or its address, where another cannot be given to it */
function withOwnName(
  article: Article,
  { ids, addresses }: Taken,
  publication: Publication,
): Article | { readonly first: Article; readonly isId: boolean } {
  const { date, file, language } = article
  const { idHost } = publication.articles
  const { name } = readFileName(file, publication.languages)
  const day = new Date(date.at + date.offset * 60_000).toISOString().slice(0, 10)
  const folder = file.slice('articles/'.length).replace(/\.\w+$/, '')
  let own = article
  const isAddress = own.id === own.url
  if (ids.has(own.id) && !isAddress) {
    if (own.id !== tagId(idHost, date, name)) return { first: ids.get(own.id)!, isId: true }
    // RFC 4151 §2.1: a date may be a day as well as a year.
    const other = [name, `${name}.${language}`, folder]
      .map(specific => tagId(idHost, date, specific, day))
      .find(id => !ids.has(id))
    if (other === undefined) return { first: ids.get(own.id)!, isId: true }
    own = withField(own, 'id', other)
  }
  if (!addresses.has(addressKey(own.url))) return own
  for (const ending of [day, language.toLowerCase(), toSlug(folder.toLowerCase())]) {
    const slug = `${article.slug}-${ending}`
    const url = withSlug(article, slug, publication)
    if (url === undefined) break
    if (addresses.has(addressKey(url))) continue
    const moved = withField(withField(own, 'slug', slug), 'url', url)
    return isAddress ? withField(moved, 'id', url) : moved
  }
  return { first: addresses.get(addressKey(own.url))!, isId: false }
}

/** @returns the address with another slug; undefined where its author wrote the address */
function withSlug(article: Article, other: string, publication: Publication): string | undefined {
  const { url, slug, file, date, section, authors } = article
  const encoded = encodeURIComponent(slug)
  // The category that a pattern had is not kept.
  const isByPattern = /\{categor(?:y|ies)\}/.test(publication.articles.url)
    ? url.split('/').includes(encoded)
    : url ===
      articleUrl(publication, slug, { file, categories: [], categoryFolders: [], date, section, authors })
  const at = url.lastIndexOf(encoded)
  if (!isByPattern || at === -1) return undefined
  return url.slice(0, at) + encodeURIComponent(other) + url.slice(at + encoded.length)
}

function describeDouble({ file, id, url }: Article, first: Article, isId: boolean, dir: string): Diagnostic {
  return {
    file,
    line: frontMatterLine(join(dir, file), isId ? ['id'] : ADDRESS_FIELDS),
    rule: isId ? 'article-id' : 'article-address',
    severity: 'error',
    message: isId ? `has the id of ${first.file}: ${id}` : `has the address of ${first.file}: ${url}`,
    advice: isId
      ? 'Give one of the two an `id:` of its own, or another file name.'
      : 'Give one of the two another `slug:` or `url:`.',
  }
}

/** What the file's name gave is nobody's mistake. */
function describeRenamed(before: Article, { file, id, url }: Article, dir: string): Diagnostic {
  const isWritten = before.url !== url && before.slug !== fileSlug(readFileName(file).name)
  const isAddress = before.id === id
  const what = [
    ...(isAddress ? [] : [`its id is ${id}`]),
    ...(before.url === url ? [] : [`its address is ${url}`]),
  ]
  return {
    file,
    line: isWritten ? frontMatterLine(join(dir, file), ADDRESS_FIELDS) : 0,
    rule: isAddress ? 'article-address' : 'article-id',
    severity: isWritten ? 'warning' : 'info',
    message: `has the name of an older article: ${what.join(', ')}`,
    advice: isWritten
      ? 'Give one of the two another `slug:`.'
      : 'Nothing to do. A `slug:` of its own gives it another address.',
  }
}

/** One page on disk: `/a`, `/a/` and `/a/index.html`. */
function addressKey(url: string): string {
  // As nearly all are: nothing to fold, and a slash at the end.
  if (/^[!-@[-`{-~]*\/$/.test(url)) return url
  const bare = url
    .normalize()
    .replace(/(?:\/index\.html?|\.html?|\/)$/i, '')
    .toLowerCase()
  return `${bare}/`
}
