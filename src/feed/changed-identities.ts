// The feeds of the last build and the articles of this one → a warning for each whose id, date or address changed:
// readers would see it again, or find it nowhere.

import { DAY_MS } from '../base/index.ts'
import { FEED_FORMATS, feedFormatNames, publishedArticles, settingLine } from '../content/index.ts'
import type { Article, Diagnostic, Loaded } from '../model.ts'
import type { PublishedItem } from './feed-chunks.ts'
import { permanentIds } from './feed-documents.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import { plainText, rfc3339, strictUrl } from './feed-xml.ts'

/** What the files are called in which the last build is read back: of the first format that can be. */
export function identityFile(): string {
  return FEED_FORMATS[readableFormat()].file
}

function readableFormat() {
  return feedFormatNames().find(name => FEED_WRITERS[name].readItems)!
}

/**
 * @param previous texts of the feeds of articles, archived or not, in the format of `identityFile`, as the last build left
 *   them: read one after the other, for all of them together are large; one that is no feed says nothing
 */
export function changedIdentities(previous: Iterable<string> & object, loaded: Loaded): Diagnostic[] {
  return describe(changesSince(previous, loaded), loaded)
}

interface Change {
  readonly article: Article
  readonly what: keyof typeof ADVICE
  readonly was: string
  readonly is: string
}

function changesSince(previous: Iterable<string>, loaded: Loaded): Change[] {
  const known = new Map<string, PublishedItem>()
  for (const text of previous) for (const item of readBack(text)) known.set(item.id, item)
  const before = [...known.values()]
  if (before.length === 0) return []
  const { idHost } = loaded.publication.articles
  const articles = publishedArticles(loaded)
  const ids = permanentIds(articles, idHost)
  const identity = (article: Article) => ({ article, ...identityOf(article, ids.get(article)!) })
  const byId = new Map([...ids].map(([article, id]) => [id, article]))
  const found: Change[] = []
  const missing = before.filter(was => {
    const article = byId.get(was.id)
    if (article) found.push(...moved(was, identity(article)))
    return !article
  })
  if (missing.length === 0) return found
  // What somebody made a draft, or withdrew, is still there: nobody else is it now.
  const kept = new Set(permanentIds(loaded.articles, idHost).values())
  const gone = missing.filter(({ id }) => !kept.has(id))
  return gone.length === 0 ? found : [...found, ...renamed(gone, before, articles.map(identity))]
}

type Present = PublishedItem & { readonly article: Article }

function moved(was: PublishedItem, is: Present): Change[] {
  const found: Change[] = []
  if (is.url !== was.url) found.push({ article: is.article, what: 'address', was: was.url, is: is.url })
  if (Date.parse(is.date) !== Date.parse(was.date))
    found.push({ article: is.article, what: 'date', was: was.date, is: is.date })
  return found
}

/**
 * What an article is known by when its id is another, the surest first. A title alone is no sign: an older article of the
 * same one, which no feed carried, is not the newer.
 */
const SIGNS: readonly ((identity: PublishedItem) => string | undefined)[] = [
  ({ url }) => url,
  ({ date, title }) => `${date} ${title}`,
  ({ id }) => withoutYear(id),
]

/** How far a date that is corrected over New Year moves. Files of one name, year after year, lie further apart. */
const MAX_DATE_CORRECTION_MS = 40 * DAY_MS

/** Their ids are gone: they are there under others where a sign is that of one article before and of one now. */
function renamed(
  gone: readonly PublishedItem[],
  before: readonly PublishedItem[],
  now: readonly Present[],
): Change[] {
  const known = new Set(before.map(({ id }) => id))
  const found = new Map<PublishedItem, Present>()
  const taken = new Set<Present>()
  for (const sign of SIGNS) {
    const [then, today] = [single(before, sign), single(now, sign)]
    for (const was of gone) {
      const mark = sign(was)
      const is = mark !== undefined && then.get(mark) === was ? today.get(mark) : undefined
      if (!is || found.has(was) || known.has(is.id) || taken.has(is)) continue
      if (is.url !== was.url && Math.abs(Date.parse(is.date) - Date.parse(was.date)) > MAX_DATE_CORRECTION_MS)
        continue
      found.set(was, is)
      taken.add(is)
    }
  }
  return [...found].flatMap(([was, is]): Change[] => [
    { article: is.article, what: 'id', was: was.id, is: is.id },
    ...moved(was, is),
  ])
}

/** Sign → the only one that has it. */
function single<Kind extends PublishedItem>(
  identities: readonly Kind[],
  sign: (identity: PublishedItem) => string | undefined,
): Map<string, Kind | undefined> {
  const found = new Map<string, Kind | undefined>()
  for (const identity of identities) {
    const mark = sign(identity)
    if (mark) found.set(mark, found.has(mark) ? undefined : identity)
  }
  return found
}

/** 'tag:a.example,2026:harbour' → 'a.example harbour'. RFC 4151 §2.1 */
function withoutYear(id: string): string | undefined {
  const parts = /^tag:([^,]+),\d{4}(?:-\d\d){0,2}:(.+)$/.exec(id)
  return parts ? `${parts[1]} ${parts[2]}` : undefined
}

const ADVICE = {
  id: (was: string) =>
    `Readers would see the article again. Write "id: ${was}" into its front matter to keep the old one.`,
  date: () =>
    'Readers sort by it. Keep the date of the first publication, and say "updated" for what changed since.',
  address: () =>
    'Links to the old one lead nowhere. Keep it with "url:", or redirect it where the site is served.',
} as const

/** Of ids and addresses that differ in nothing but the host, one line speaks for all. */
function describe(changes: readonly Change[], loaded: Loaded): Diagnostic[] {
  const ofHost = changes.filter(({ was, is }) => {
    const [then, now] = [HOST.exec(was)?.[0], HOST.exec(is)?.[0]]
    return (
      then !== undefined &&
      now !== undefined &&
      then !== now &&
      was.slice(then.length) === is.slice(now.length)
    )
  })
  if (ofHost.length < 2) return changes.map(changed)
  const others = changes.filter(change => !ofHost.includes(change))
  return [changedHost(ofHost, loaded), ...others.map(changed)]
}

/** 'tag:a.example', 'https://a.example' */
const HOST = /^(?:tag:|https?:\/\/)[^,/]+/

function changedHost(changes: readonly Change[], { publication, settings }: Loaded): Diagnostic {
  const id = changes.find(({ what }) => what === 'id')
  const { was, is } = id ?? changes[0]!
  const [then, now] = [was, is].map(text => HOST.exec(text)![0].replace(/^(?:tag:|https?:\/\/)/, ''))
  const articles = new Set(changes.map(({ article }) => article)).size
  const line = was.startsWith('tag:')
    ? `articles: { id_host: ${then} }`
    : `articles: { id: '${HOST.exec(was)![0]}${publication.articles.url}' }`
  return {
    file: settings.file,
    line: settingLine(settings.text, ['url']),
    rule: 'changed-host',
    severity: 'warning',
    message: `the ${id ? 'ids' : 'addresses'} of ${articles} articles were of ${then} when last built and are now of ${now}`,
    advice: id
      ? `Readers would see all of them again. Write ${line} into ${settings.file}, and redirect the old addresses.`
      : 'Links to the old ones lead nowhere unless the old host redirects them.',
  }
}

function changed({ article, what, was, is }: Change): Diagnostic {
  return {
    file: article.file,
    line: 1,
    rule: `changed-${what}`,
    severity: 'warning',
    message: `the ${what} was ${was} when last built and is now ${is}`,
    advice: ADVICE[what](was),
  }
}

function identityOf(article: Article, id: string): PublishedItem {
  return {
    id,
    url: strictUrl(article.url) ?? '',
    title: plainText(article.title),
    date: rfc3339(article.date),
  }
}

function readBack(text: string): readonly PublishedItem[] {
  try {
    return FEED_WRITERS[readableFormat()].readItems!(text)
  } catch {
    return []
  }
}
