// Which feeds there are: their formats, and the channels that settings alone choose. A format is a row, read by everybody who
// names, links, reserves or serves a feed's files; its writer is in feed/feed-writers.ts, which does not compile without.

import type { Article, FeedFilter, Publication } from '../../model.ts'

export interface FeedFormat {
  /** Name of its file in the folder of each channel; no other format has it. */
  readonly file: string
  readonly mediaType: string
  /** As people know it. */
  readonly label: string
  /** Announced before the others: a reader that takes only one feed of a page takes the first. */
  readonly isPreferred?: boolean
  /** What only a document of this format says, within its first few hundred bytes. */
  readonly signature: RegExp
}

const ROWS = {
  rss: { file: 'rss.xml', mediaType: 'application/rss+xml', label: 'RSS', signature: /<rss[\s>]/ },
  atom: {
    file: 'atom.xml',
    mediaType: 'application/atom+xml', // RFC 4287 §7
    label: 'Atom',
    isPreferred: true,
    signature: /<feed[\s>]/,
  },
  json: {
    file: 'feed.json',
    mediaType: 'application/feed+json',
    label: 'JSON Feed',
    signature: /jsonfeed\.org\/version/,
  },
} satisfies Record<string, FeedFormat>

/** As the `--json` answers call it. */
export type FeedFormatName = keyof typeof ROWS

export const FEED_FORMATS: Readonly<Record<FeedFormatName, FeedFormat>> = ROWS

/** The list of all feeds, in the top folder of `out/`. */
export const FEED_LIST = 'feeds.opml'

/** One feed that a build made, as the `--json` answer names it; its files are relative to the publication's folder. */
export interface FeedReport extends Readonly<Record<FeedFormatName, string>> {
  readonly scope: Channel['scope']
  readonly name: string
  readonly items: number
}

/** In the order of the table. */
export function feedFormatNames(): FeedFormatName[] {
  return Object.keys(FEED_FORMATS) as FeedFormatName[]
}

/** `{ rss: …, atom: …, json: … }` */
export function byFormat<Value>(make: (name: FeedFormatName) => Value): Record<FeedFormatName, Value> {
  const values = feedFormatNames().map(name => [name, make(name)] as const)
  return Object.fromEntries(values) as Record<FeedFormatName, Value>
}

/** @param folder of a channel below `out/`: 'tags/rail/' → 'tags/rail/rss.xml' and the others */
export function feedPaths(folder: string): string[] {
  return Object.values(FEED_FORMATS).map(({ file }) => folder + file)
}

/** The format of a feed at an address of another tool's, by its name: Jekyll's and Eleventy's `feed.xml` is Atom. */
function formerFormat(path: string): FeedFormatName {
  const name = path.toLowerCase()
  if (name.endsWith('.json')) return 'json'
  return /rss|(?:^|\/)index\.xml$|\/feed\/?$/.test(name) ? 'rss' : 'atom'
}

/** An address that a feed had in another system. */
export interface FormerFeed {
  /** Path on the site: '/tags/rail/index.xml', '/feed/'. */
  readonly address: string
  /** Below `out/`: an address without a name of a file is that of a folder, whose index hosts answer with. */
  readonly file: string
  /** Of the channel that it is a feed of. */
  readonly folder: string
  readonly format: FeedFormatName
}

const PLACES = { section: '{section}', tag: '{tag}', author: '{author}' } as const

/** @param channels those that have feeds of articles */
export function formerFeeds(channels: readonly Channel[], { feeds }: Publication): FormerFeed[] {
  return (feeds.paths ?? []).flatMap(pattern => {
    const scope = (['section', 'tag', 'author'] as const).find(each => pattern.includes(PLACES[each]))
    return channels
      .filter(channel => channel.scope === (scope ?? 'main'))
      .map(({ slug, path: folder }) => {
        const address = scope ? pattern.replaceAll(PLACES[scope], slug) : pattern
        const path = address.slice(1)
        const isFile = /\.\w+$/.test(path)
        const file = isFile ? path : `${path.replace(/\/$/, '')}/index.html`.replace(/^\//, '')
        return { address, file, folder, format: formerFormat(pattern) }
      })
      .filter(({ file, folder }) => file !== 'index.html' && !feedPaths(folder).includes(file))
  })
}

/** In the order in which pages announce them. */
export function announcedFormats(): FeedFormat[] {
  return Object.values(FEED_FORMATS).sort(
    (a, b) => Number(b.isPreferred ?? false) - Number(a.isPreferred ?? false),
  )
}

// ─── Channels that settings choose ───────────────────────────────────────────────────────────────────────────────────────
//
// Settings and published articles → all articles, the podcast, languages, and feeds by a filter of the publication's own.

export interface Channel {
  readonly scope: 'main' | 'podcast' | 'language' | 'own' | 'section' | 'tag' | 'author' | 'newsletter'
  /** As people write it; the publication's title for the main channel, a title of its own for a newsletter's. */
  readonly name: string
  /** One path segment in any script, lower case, NFC; '' for the main channel. Percent-encode it in addresses. */
  readonly slug: string
  /** Folder below `out/`: '' or 'sections/world/'. */
  readonly path: string
  /** Published only, newest first, all of them. */
  readonly articles: readonly Article[]
  /** That of all its articles, where it is a channel of one language. */
  readonly language?: string | undefined
  /** How many of the newest its feed carries, and what of each, where that is not what the settings say of all feeds. */
  readonly items?: number | undefined
  readonly content?: 'full' | 'summary' | undefined
}

/** The main channel first. @param articles all that are published, newest first */
export function chosenChannels(publication: Publication, articles: readonly Article[]): Channel[] {
  return [
    mainChannel(publication, articles),
    ...podcastChannel(publication, articles),
    ...languageChannels(publication, articles),
    ...ownChannels(publication, articles),
  ]
}

function mainChannel({ title, language, feeds }: Publication, articles: readonly Article[]): Channel {
  const own =
    feeds.main === 'language' ? articles.filter(article => isOfLanguage(article, language)) : articles
  return { scope: 'main', name: title, slug: '', path: '', articles: own }
}

/** Every episode and nothing else, however few articles other feeds carry. */
function podcastChannel({ podcast, title }: Publication, articles: readonly Article[]): Channel[] {
  if (!podcast) return []
  const name = podcast.title ?? `${title}: Podcast`
  const episodes = articles.filter(({ audio }) => audio !== undefined)
  return [{ scope: 'podcast', name, slug: '', path: 'podcast/', articles: episodes, items: EVERY_EPISODE }]
}

const EVERY_EPISODE = 1_000_000

/** One language has no other to choose from. */
function languageChannels({ languages = [] }: Publication, articles: readonly Article[]): Channel[] {
  if (languages.length < 2) return []
  return languages.map(language => {
    const slug = language.toLowerCase()
    // `pt` beside `pt-BR` has those of Portugal, and of whoever does not say.
    const narrower = languages.filter(other => other !== language && other.startsWith(`${language}-`))
    const own = articles.filter(
      article => isOfLanguage(article, language) && !narrower.some(other => isOfLanguage(article, other)),
    )
    return {
      scope: 'language',
      name: languageName(language),
      slug,
      path: `languages/${slug}/`,
      articles: own,
      language,
    }
  })
}

function isOfLanguage({ language }: Article, wanted: string): boolean {
  const base = (tag: string) => tag.split('-')[0]
  return language === wanted || language.startsWith(`${wanted}-`) || base(wanted) === language
}

/** As its readers call it: 'français', 'हिन्दी'. */
function languageName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
}

function ownChannels({ feeds }: Publication, articles: readonly Article[]): Channel[] {
  return (feeds.own ?? []).map(({ name, title, without, items, content, ...filter }) => ({
    scope: 'own',
    name: title ?? name,
    slug: name,
    path: `feeds/${name}/`,
    articles: articles.filter(
      article => isWanted(article, filter, 'every') && !(without && isWanted(article, without, 'some')),
    ),
    ...(items === undefined ? {} : { items }),
    ...(content === undefined ? {} : { content }),
  }))
}

/** @param how whether one of the names of each kind has to be there, or one of any kind */
function isWanted(article: Article, filter: FeedFilter, how: 'every' | 'some'): boolean {
  const { sections, tags, authors, languages } = filter
  const has = (wanted: readonly string[] | undefined, names: readonly string[]) =>
    wanted?.some(name => names.some(other => keyOf(other) === keyOf(name)))
  const { section } = article
  const tests = [
    has(sections, section ? [section.slug, section.title] : []),
    has(tags, article.tags),
    has(
      authors,
      article.authors.flatMap(({ id, name }) => [id ?? name, name]),
    ),
    languages?.some(language => isOfLanguage(article, language)),
  ]
  return tests.filter(found => found !== undefined)[how](found => found)
}

/** What differs only in capitals or in how its accents are encoded is one. */
export function keyOf(source: string): string {
  return source.normalize().toLowerCase().trim()
}
