// Articles → those that share neither id nor address, and an error for each of the others. The first by path stays; a
// draft gives way to what is not one.

import { join } from 'node:path'
import type { Article, Diagnostic } from '../../model.ts'
import { spellingsOf } from './fields.ts'
import { frontMatterLine } from './front-matter-line.ts'

const ID = spellingsOf('id')
const ADDRESS = [...spellingsOf('url'), ...spellingsOf('slug')]

/** @param dir absolute path of the publication's folder */
export function leaveOutDoubles(
  articles: readonly Article[],
  dir: string,
  report: (diagnostic: Diagnostic) => void,
): Article[] {
  if (areSingle(articles)) return [...articles]
  const ids = new Map<string, Article>()
  const addresses = new Map<string, Article>()
  const ordered = [
    ...articles.filter(({ state }) => state !== 'draft'),
    ...articles.filter(({ state }) => state === 'draft'),
  ]

  return ordered.filter(article => {
    const place = addressKey(article.url)
    const sameId = ids.get(article.id)
    const samePlace = addresses.get(place)
    if (!sameId && !samePlace) {
      ids.set(article.id, article)
      addresses.set(place, article)
      return true
    }
    const first = (sameId ?? samePlace)!
    report({
      file: article.file,
      line: frontMatterLine(join(dir, article.file), sameId ? ID : ADDRESS),
      rule: sameId ? 'article-id' : 'article-address',
      severity: 'error',
      message: sameId
        ? `has the id of ${first.file}: ${article.id}`
        : `has the address of ${first.file}: ${article.url}`,
      advice: sameId
        ? 'Give one of the two an `id:` of its own, or another file name.'
        : 'Give one of the two another `slug:`.',
    })
    return false
  })
}

/** As nearly all folders have it, and quicker said than which is whose double. */
function areSingle(articles: readonly Article[]): boolean {
  const ids = new Set<string>()
  const addresses = new Set<string>()
  for (const { id, url } of articles) {
    ids.add(id)
    addresses.add(addressKey(url))
  }
  return ids.size === articles.length && addresses.size === articles.length
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
