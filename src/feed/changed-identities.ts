// The feed.json of the last build and the articles of this one → a warning for each whose id, date or address changed:
// readers would see it again, or find it nowhere.

import { publishedArticles } from '../channels.ts'
import type { Article, Diagnostic, Loaded } from '../model.ts'
import { plainText } from './feed-text.ts'
import { rfc3339 } from './offset-date.ts'
import { permanentIds } from './permanent-ids.ts'
import { strictUrl } from './strict-url.ts'

interface Identity {
  readonly id: string
  readonly url: string
  readonly title: string
  readonly date: string
}

/**
 * @param previous text of `out/feed.json` before this build writes it; undefined when there is none
 * @returns nothing when that text is no feed
 */
export function changedIdentities(previous: string | undefined, loaded: Loaded): Diagnostic[] {
  const before = previous === undefined ? [] : readIdentities(previous)
  if (before.length === 0) return []
  const { idHost } = loaded.publication.articles
  const articles = publishedArticles(loaded)
  const ids = permanentIds(articles, idHost)
  const identity = (article: Article) => ({ article, ...identityOf(article, ids.get(article)!) })
  const byId = new Map([...ids].map(([article, id]) => [id, article]))
  const found: Diagnostic[] = []
  const gone = before.filter(was => {
    const article = byId.get(was.id)
    if (!article) return true
    const same = identity(article)
    if (same.url !== was.url) found.push(changed(article, 'address', was.url, same.url))
    if (Date.parse(same.date) !== Date.parse(was.date))
      found.push(changed(article, 'date', was.date, same.date))
    return false
  })
  return gone.length === 0 ? found : [...found, ...renamed(gone, before, articles.map(identity))]
}

/** Their ids are gone: they are there under others where address, or title and date, are the same. */
function renamed(
  gone: readonly Identity[],
  before: readonly Identity[],
  now: readonly (Identity & { readonly article: Article })[],
): Diagnostic[] {
  const byUrl = new Map(now.map(each => [each.url, each]))
  const byWords = new Map(now.map(each => [`${each.date} ${each.title}`, each]))
  const known = new Set(before.map(({ id }) => id))
  return gone.flatMap(was => {
    const other = byUrl.get(was.url) ?? byWords.get(`${was.date} ${was.title}`)
    return other && !known.has(other.id) ? [changed(other.article, 'id', was.id, other.id)] : []
  })
}

const ADVICE = {
  id: (was: string) =>
    `Readers would see the article again. Write "id: ${was}" into its front matter to keep the old one.`,
  date: () =>
    'Readers sort by it. Keep the date of the first publication, and say "updated" for what changed since.',
  address: () =>
    'Links to the old one lead nowhere. Keep it with "url:", or redirect it where the site is served.',
} as const

function changed(article: Article, what: keyof typeof ADVICE, was: string, is: string): Diagnostic {
  return {
    file: article.file,
    line: 1,
    rule: `changed-${what}`,
    severity: 'warning',
    message: `the ${what} was ${was} when last built and is now ${is}`,
    advice: ADVICE[what](was),
  }
}

function identityOf(article: Article, id: string): Identity {
  return {
    id,
    url: strictUrl(article.url) ?? '',
    title: plainText(article.title),
    date: rfc3339(article.date),
  }
}

function readIdentities(text: string): Identity[] {
  try {
    const { items } = JSON.parse(text) as { items: Record<string, unknown>[] }
    return items.map(({ id, url, title, date_published: date }) => ({
      id: String(id),
      url: String(url),
      title: String(title),
      date: String(date),
    }))
  } catch {
    return []
  }
}
