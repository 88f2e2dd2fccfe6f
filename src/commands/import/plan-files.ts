// The articles of an export → the file of each, and what their old addresses lead to. Nothing is converted for it, so that ten
// thousand articles take little memory.

import { fileSlug } from '../../content/index.ts'
import type { Loaded } from '../../model.ts'
import { hostOf, type ImportedArticle, type OpenExport } from './imported.ts'
import { ownCopy } from './xml-elements.ts'

export interface FilePlan {
  /** Id → path relative to the publication's folder. */
  readonly files: ReadonlyMap<string, string>
  /** Ids of which the export has more than one: only the first is imported. */
  readonly doubles: ReadonlySet<string>
  readonly count: number
  /** The article that an old address of the site was, as a path relative to the publication's folder. */
  find(url: string): string | undefined
  /** Whether an article has an address to itself. @param id of the article */
  owns(address: string, id: string): boolean
}

/** @param into folder relative to the publication's, 'articles' or below */
export async function planFiles(open: OpenExport, into: string, loaded: Loaded): Promise<FilePlan> {
  const known = new Map(loaded.articles.map(({ id, file }) => [id, file]))
  const taken = new Set(loaded.articles.map(({ file }) => file.toLowerCase()))
  const files = new Map<string, string>()
  const doubles = new Set<string>()
  const byAddress = new Map<string, string>()
  const hosts = new Set(open.hosts)
  let count = 0
  for await (const article of open.articles()) {
    count++
    const id = ownCopy(article.id)
    if (files.has(id)) {
      doubles.add(id)
      continue
    }
    const file = ownCopy(known.get(id) ?? freeName(article, into, taken))
    taken.add(file.toLowerCase())
    files.set(id, file)
    for (const address of [article.url, article.id, ...(article.aliases ?? [])])
      if (address !== undefined && !byAddress.has(keyOf(address))) byAddress.set(ownCopy(keyOf(address)), id)
  }
  return {
    files,
    doubles,
    count,
    find(url) {
      const host = hostOf(url)
      if (host !== undefined && !hosts.has(host)) return undefined
      const id = byAddress.get(keyOf(url))
      return id === undefined ? undefined : files.get(id)
    },
    owns: (address, id) => byAddress.get(keyOf(address)) === id,
  }
}

/** Paths of one site, without what makes no difference; WordPress's `?p=12` does. */
function keyOf(address: string): string {
  const bare = address
    .replace(/^(?:https?:)?\/\/[^/?#]*/i, '')
    .replace(/#.*$/s, '')
    .replace(/\?(?!(?:p|page_id)=\d+$).*$/s, '')
    .replace(/\/+(?=$|\?)/, '')
  try {
    return decodeURIComponent(bare).normalize().toLowerCase()
  } catch {
    return bare.toLowerCase()
  }
}

function freeName({ slug, title, id }: ImportedArticle, into: string, taken: ReadonlySet<string>): string {
  const base = nameOf(slug || title || id)
  for (let number = 1; ; number++) {
    const file = `${into}/${number === 1 ? base : `${base}-${number}`}.md`
    if (!taken.has(file.toLowerCase())) return file
  }
}

/** What a file may be called in any language: no longer than 80 bytes, for it also stands in addresses. */
function nameOf(text: string): string {
  let name = fileSlug(decoded(text).toLowerCase().replaceAll('.', '-').slice(0, 200))
  while (Buffer.byteLength(name) > 80)
    name = name.slice(0, name.lastIndexOf('-') > 20 ? name.lastIndexOf('-') : -1)
  // A page of the folder, or of the site, to the program.
  return /^(?:_?index|readme)$/.test(name) ? `${name}-article` : name
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
