// Loaded folder → the channels it offers: everything, then each section, tag and author, with the articles of each. Feeds
// and pages are made of the same list, so that a page always announces the feed that lies beside it.

import { join } from 'node:path'
import { once } from '../../base/index.ts'
import type { Article, Diagnostic, Loaded, Publication } from '../../model.ts'
import { frontMatterLine } from '../articles/front-matter-line.ts'
import { settingLine } from '../settings/setting-line.ts'
import { channelSlugs } from './channel-slugs.ts'

export interface Channel {
  readonly scope: 'main' | 'section' | 'tag' | 'author' | 'newsletter'
  /** As people write it; the publication's title for the main channel, a title of its own for a newsletter's. */
  readonly name: string
  /** One path segment in any script, lower case, NFC; '' for the main channel. Percent-encode it in addresses. */
  readonly slug: string
  /** Folder below `out/`: '' or 'sections/world/'. */
  readonly path: string
  /** Published only, newest first, all of them. */
  readonly articles: readonly Article[]
}

type Scope = Exclude<Channel['scope'], 'main' | 'newsletter'>
const FOLDERS: Readonly<Record<Scope, string>> = { section: 'sections', tag: 'tags', author: 'authors' }
/** Those of `out/` in which channels lie. */
export const CHANNEL_FOLDERS: readonly string[] = Object.values(FOLDERS)

/** What channels follow from. */
export type Channelled = Pick<Loaded, 'publication' | 'articles'>

/** The main channel first; then, as `feeds.per` says, sections in the settings' order, tags and authors by slug. */
export function channelsOf(loaded: Channelled): readonly Channel[] {
  return arrange(loaded).channels
}

/** The web archive of each newsletter: its feed carries editions, so no articles are in it. */
export function newsletterChannels({ publication }: Loaded): Channel[] {
  return publication.newsletters.map(({ id, title }) => {
    // 'The Meridian Weekly' says whose it is, 'Briefing' does not.
    const known = title.includes(publication.title) && title !== publication.title
    const name = known ? title : `${publication.title}: ${title}`
    return { scope: 'newsletter', name, slug: id, path: `editions/${id}/`, articles: [] }
  })
}

/** Newest first, in a total order. */
export function newestEditions<Kind extends { readonly id: string; readonly until: number }>(
  editions: readonly Kind[],
): Kind[] {
  return [...editions].sort((left, right) => right.until - left.until || (left.id < right.id ? 1 : -1))
}

/** Names that make the same slug: two tags 'R&D' and 'R D'. One has a slug of its own, and its writer is told. */
export function channelCollisions(loaded: Channelled & Pick<Loaded, 'settings'>): readonly Diagnostic[] {
  return arrange(loaded).collisions.map(collision => describeCollision(collision, loaded))
}

/** Newest first, in a total order. Drafts, future, expired, withdrawn and unlisted articles are in no channel. */
export function publishedArticles(loaded: Channelled): readonly Article[] {
  let published = publishedOf.get(loaded.articles)
  if (!published) {
    published = loaded.articles.filter(article => article.state === 'published').sort(newestFirst)
    publishedOf.set(loaded.articles, published)
  }
  return published
}
const publishedOf = new WeakMap<readonly Article[], readonly Article[]>()

function newestFirst(left: Article, right: Article): number {
  return right.date.at - left.date.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

interface Shelf {
  name: string
  readonly articles: Article[]
}

interface Arrangement {
  readonly channels: Channel[]
  readonly collisions: Collision[]
}

/** A channel whose slug another of its scope had first. */
interface Collision {
  readonly scope: Scope
  readonly name: string
  /** Its name without capitals. */
  readonly key: string
  readonly slug: string
  readonly rival: string
  readonly articles: readonly Article[]
}

/** Feeds, pages and their places all ask for it. */
function arrange(loaded: Channelled): Arrangement {
  const arranged = arrangements.get(loaded) ?? arrangeNow(loaded)
  arrangements.set(loaded, arranged)
  return arranged
}
const arrangements = new WeakMap<Channelled, Arrangement>()

function arrangeNow(loaded: Channelled): Arrangement {
  const { publication } = loaded
  const articles = publishedArticles(loaded)
  const channels: Channel[] = [{ scope: 'main', name: publication.title, slug: '', path: '', articles }]
  const collisions: Collision[] = []
  for (const scope of ['section', 'tag', 'author'] as const) {
    if (!publication.feeds.per.includes(scope)) continue
    const shelves = shelve(scope, loaded, articles)
    const names = new Map([...shelves].map(([key, { name }]) => [key, name]))
    addUnpublished(names, scope, loaded)
    const first = once(() => firstDates(scope, loaded))
    const slugs = channelSlugs([...names.keys()], key => first().get(key) ?? Number.NEGATIVE_INFINITY)
    const found = [...shelves].map(([key, shelf]) => ({ key, ...shelf, ...slugs.get(key)! }))
    for (const { rival, ...channel } of found)
      if (rival !== undefined) collisions.push({ scope, ...channel, rival: names.get(rival)! })
    const ordered = found.map(({ name, slug, articles }): Channel => {
      return { scope, name, slug, path: `${FOLDERS[scope]}/${slug}/`, articles }
    })
    channels.push(...(scope === 'section' ? ordered : ordered.sort((a, b) => (a.slug < b.slug ? -1 : 1))))
  }
  return { channels, collisions }
}

function shelve(scope: Scope, loaded: Channelled, articles: readonly Article[]): Map<string, Shelf> {
  const shelves = new Map<string, Shelf>()
  // A section of the settings has its address before it has an article.
  if (scope === 'section') {
    for (const { slug, title } of loaded.publication.sections) {
      shelves.set(keyOf(slug), { name: title, articles: [] })
    }
  }
  const keys = new Map<string, string>() // thirty thousand times the same forty tags
  for (const article of articles) {
    for (const { source, name } of labels[scope](article)) {
      const key = keys.get(source) ?? keyOf(source)
      keys.set(source, key)
      if (key === '') continue
      const shelf = shelves.get(key)
      if (!shelf) shelves.set(key, { name: name.trim() || key, articles: [article] })
      else if (shelf.articles.at(-1) !== article) {
        shelf.articles.push(article)
        if (scope === 'tag') shelf.name = name.trim() // spelt as where it was used first
      }
    }
  }
  return shelves
}

/**
 * What only drafts, later, unlisted and withdrawn articles name has a claim to its slug as well: no feed moves when an
 * article comes out, nor when it is withdrawn.
 */
function addUnpublished(names: Map<string, string>, scope: Scope, { articles }: Channelled): void {
  for (const article of articles) {
    if (article.state === 'published') continue
    for (const { source, name } of labels[scope](article)) {
      const key = keyOf(source)
      if (key !== '' && !names.has(key)) names.set(key, name.trim() || key)
    }
  }
}

/** A section of the settings was there before any article. */
function firstDates(scope: Scope, { articles, publication }: Channelled): Map<string, number> {
  const first = new Map<string, number>()
  for (const article of articles) {
    for (const { source } of labels[scope](article)) {
      const key = keyOf(source)
      first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, article.date.at))
    }
  }
  if (scope === 'section') for (const { slug } of publication.sections) first.delete(keyOf(slug))
  return first
}

type Label = { readonly source: string; readonly name: string }
const labels: Readonly<Record<Scope, (article: Article) => readonly Label[]>> = {
  section: ({ section }) => (section ? [{ source: section.slug, name: section.title }] : []),
  tag: ({ tags }) => tags.map(name => ({ source: name, name })),
  author: ({ authors }) => authors.map(({ id, name }) => ({ source: id ?? name, name })),
}

/** What differs only in capitals or in how its accents are encoded is one. */
function keyOf(source: string): string {
  return source.normalize().toLowerCase().trim()
}

/** Where the articles say what each kind of channel is named. */
const KEYS: Readonly<Record<Scope, readonly string[]>> = {
  section: ['section', 'category'],
  tag: ['tags', 'tag', 'categories', 'category', 'keywords'],
  author: ['authors', 'author'],
}

function describeCollision(
  { scope, name, key, slug, rival, articles }: Collision,
  { publication, settings }: Pick<Loaded, 'publication' | 'settings'>,
): Diagnostic {
  const file = articles.at(-1)?.file
  const place =
    file === undefined
      ? { file: settings.file, line: settingLine(settings.text, ['sections', sectionKey(key, publication)]) }
      : { file, line: frontMatterLine(join(publication.dir, file), KEYS[scope]) }
  return {
    ...place,
    rule: 'feed-slug',
    severity: 'warning',
    message: `the ${scope}s "${rival}" and "${name}" would have one address: "${name}" is at ${FOLDERS[scope]}/${slug}/`,
    advice: `Write both alike, or rename one.`,
  }
}

/** Only a section of the settings is a channel without articles. */
function sectionKey(key: string, { sections }: Publication): string {
  return sections.find(({ slug }) => keyOf(slug) === key)?.slug ?? key
}
