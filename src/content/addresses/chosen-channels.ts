// Settings and published articles → the channels that settings alone choose: all articles, the podcast, languages, and feeds by
// a filter of the publication's own.

import type { Article, FeedFilter, Publication } from '../../model.ts'

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
