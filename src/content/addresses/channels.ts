// Loaded folder → the channels it offers: everything, then each section, tag and author, with the articles of each. Feeds
// and pages are made of the same list, so that a page always announces the feed that lies beside it.

import { join } from 'node:path'
import { foldedName, once, portableName, shortHash } from '../../base/index.ts'
import type { Article, Diagnostic, Loaded, Publication } from '../../model.ts'
import { frontMatterLine } from '../articles/read-front-matter.ts'
import type { Field } from '../articles/spellings.ts'
import { settingLine } from '../open-folder.ts'
import { type Channel, chosenChannels, keyOf } from './feed-formats.ts'

export type { Channel } from './feed-formats.ts'

type Scope = 'section' | 'tag' | 'author'
const FOLDERS: Readonly<Record<Scope, string>> = { section: 'sections', tag: 'tags', author: 'authors' }
/** Those of `out/` in which channels lie. */
export const CHANNEL_FOLDERS: readonly string[] = [...Object.values(FOLDERS), 'languages', 'feeds', 'podcast']

/** What channels follow from. */
export type Channelled = Pick<Loaded, 'publication' | 'articles'>

/** The main channel first; then a podcast, languages and feeds of the publication's own; then, as `feeds.per` says, sections in the settings' order, tags and authors by slug. */
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

/** Names that make the same slug: two tags 'R&D' and 'R D'. One has a slug of its own, which is reported to its writer. */
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

/** A total order: date, then id, by code units. */
export function newestFirst(left: Article, right: Article): number {
  return right.date.at - left.date.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

interface Group {
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

/** Remembered, as feeds, pages and reserved paths all ask for it. */
function arrange(loaded: Channelled): Arrangement {
  const arranged = arrangements.get(loaded) ?? arrangeChannels(loaded)
  arrangements.set(loaded, arranged)
  return arranged
}
const arrangements = new WeakMap<Channelled, Arrangement>()

function arrangeChannels(loaded: Channelled): Arrangement {
  const { publication } = loaded
  const articles = publishedArticles(loaded)
  const channels = chosenChannels(publication, articles)
  const collisions: Collision[] = []
  for (const scope of ['section', 'tag', 'author'] as const) {
    if (!publication.feeds.per.includes(scope)) continue
    const groups = groupArticles(scope, loaded, articles)
    const names = new Map([...groups].map(([key, { name }]) => [key, name]))
    addUnpublished(names, scope, loaded)
    const first = once(() => firstDates(scope, loaded))
    const slugs = channelSlugs([...names.keys()], key => first().get(key) ?? Number.NEGATIVE_INFINITY)
    const found = [...groups].map(([key, group]) => ({ key, ...group, ...slugs.get(key)! }))
    for (const { rival, ...channel } of found)
      if (rival !== undefined) collisions.push({ scope, ...channel, rival: names.get(rival)! })
    const ordered = found.map(({ name, slug, articles }): Channel => {
      return { scope, name, slug, path: `${FOLDERS[scope]}/${slug}/`, articles }
    })
    if (scope !== 'section') ordered.sort((a, b) => (a.slug < b.slug ? -1 : 1))
    for (const channel of ordered) channels.push(channel)
  }
  return { channels, collisions }
}

function groupArticles(scope: Scope, loaded: Channelled, articles: readonly Article[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  // A section of the settings has its address before it has an article.
  if (scope === 'section') {
    for (const { slug, title } of loaded.publication.sections) {
      groups.set(keyOf(slug), { name: title, articles: [] })
    }
  }
  const keys = new Map<string, string>() // a large folder has the same forty tags thirty thousand times
  const names = channelNames[scope]
  for (const article of articles) {
    for (const { source, name } of names(article)) {
      let key = keys.get(source)
      if (key === undefined) {
        key = keyOf(source)
        keys.set(source, key)
      }
      if (key === '') continue
      const group = groups.get(key)
      if (!group) groups.set(key, { name: name.trim() || key, articles: [article] })
      else if (group.articles.at(-1) !== article) {
        group.articles.push(article)
        if (scope === 'tag') group.name = name.trim() // spelt as where it was used first
      }
    }
  }
  return groups
}

/**
 * What only drafts, later, unlisted and withdrawn articles name has a claim to its slug as well: no feed moves when an
 * article comes out, nor when it is withdrawn.
 */
function addUnpublished(names: Map<string, string>, scope: Scope, { articles }: Channelled): void {
  for (const article of articles) {
    if (article.state === 'published') continue
    for (const { source, name } of channelNames[scope](article)) {
      const key = keyOf(source)
      if (key !== '' && !names.has(key)) names.set(key, name.trim() || key)
    }
  }
}

/** A section of the settings was there before any article. */
function firstDates(scope: Scope, { articles, publication }: Channelled): Map<string, number> {
  const first = new Map<string, number>()
  for (const article of articles) {
    for (const { source } of channelNames[scope](article)) {
      const key = keyOf(source)
      first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, article.date.at))
    }
  }
  if (scope === 'section') for (const { slug } of publication.sections) first.delete(keyOf(slug))
  return first
}

type ChannelName = { readonly source: string; readonly name: string }

/** What an article says of its channels of a scope: what makes one another, and what people see. */
const channelNames: Readonly<Record<Scope, (article: Article) => readonly ChannelName[]>> = {
  section: ({ section }) => (section ? [{ source: section.slug, name: section.title }] : []),
  tag: ({ tags }) => tags.map(name => ({ source: name, name })),
  author: ({ authors }) => authors.map(({ id, name }) => ({ source: id ?? name, name })),
}

/** Where an article names its channels of a scope. */
const SOURCE_FIELDS: Readonly<Record<Scope, readonly Field[]>> = {
  section: ['section', 'category'],
  tag: ['tags', 'categories', 'category', 'keywords'],
  author: ['authors'],
}

function describeCollision(
  { scope, name, key, slug, rival, articles }: Collision,
  { publication, settings }: Pick<Loaded, 'publication' | 'settings'>,
): Diagnostic {
  const file = articles.at(-1)?.file
  const place =
    file === undefined
      ? { file: settings.file, line: settingLine(settings.text, ['sections', sectionKey(key, publication)]) }
      : { file, line: frontMatterLine(join(publication.dir, file), SOURCE_FIELDS[scope]) }
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

// Names of sections, tags or authors → the slug of each, and which of them come too near to another. Of those the one that
// has been in use the longest keeps the slug: nothing that is published later moves a feed, nor what is withdrawn.

interface ChannelSlug {
  /** One path segment in any script, lower case, NFC; no two are one folder on any disk. */
  readonly slug: string
  /** The name that has the slug which this one would have had. */
  readonly rival?: string | undefined
}

/**
 * @param names all that are in use, each once: NFC, lower case, trimmed
 * @param since the date of the first article of a name, whatever its state: ms since epoch
 */
function channelSlugs(
  names: readonly string[],
  since: (name: string) => number,
): ReadonlyMap<string, ChannelSlug> {
  const slugs = new Map<string, ChannelSlug>()
  const owners = new Map<string, string>()
  const others: Wanted[] = []
  for (const [place, wanted] of byPlace(names)) {
    const [first, ...later] = wanted.length > 1 ? wanted.sort(longestInUse(since)) : wanted
    owners.set(place, first!.name)
    slugs.set(first!.name, { slug: first!.plain })
    others.push(...later)
  }
  for (const { name, plain } of others) {
    let slug = plain
    for (let turn = ''; owners.has(foldedName(slug)); turn += '+') slug = `${plain}-${shortHash(name + turn)}`
    slugs.set(name, { slug, rival: owners.get(foldedName(plain)) })
    owners.set(foldedName(slug), name)
  }
  return slugs
}

interface Wanted {
  readonly name: string
  readonly plain: string
}

function byPlace(names: readonly string[]): Map<string, Wanted[]> {
  const places = new Map<string, Wanted[]>()
  for (const name of names) {
    const plain = slugOf(name) || shortHash(name)
    const place = foldedName(plain)
    const there = places.get(place)
    if (there) there.push({ name, plain })
    else places.set(place, [{ name, plain }])
  }
  return places
}

/** Of one day, who is called as the slug is, then the shortest, then in the order of the letters. */
function longestInUse(since: (name: string) => number): (left: Wanted, right: Wanted) => number {
  const far = ({ name, plain }: Wanted) => (name === plain ? 0 : 1)
  return (left, right) =>
    since(left.name) - since(right.name) ||
    far(left) - far(right) ||
    left.name.length - right.name.length ||
    (left.name < right.name ? -1 : 1)
}

/** No file system takes a name of more than 255 bytes. */
const MAX_SLUG_BYTES = 180

/** 'C++' → 'c-plus-plus', 'R&D' → 'r-d', 'नदी जोड़ो' → 'नदी-जोड़ो'; '' when nothing is left. */
function slugOf(text: string): string {
  const slug = text
    .normalize()
    .toLowerCase()
    .replace(/(?<=[\p{L}\p{N}+])\+/gu, '-plus')
    .replace(/(?<=[\p{L}\p{N}])#/gu, '-sharp')
    // Joiners stay: words of Persian and Hindi are written with them.
    .replace(/(?:(?!\u200c|\u200d)[^\p{L}\p{M}\p{N}\p{Emoji_Presentation}._-])+/gu, '-')
    .normalize()
    .replace(/-{2,}/g, '-')
    // Windows takes no dot at the end.
    .replace(/^(?:[-.\p{M}]|\u200c|\u200d)+|(?:[-.]|\u200c|\u200d)+$/gu, '')
  return portableName(shorten(slug))
}

function shorten(slug: string): string {
  if (Buffer.byteLength(slug) <= MAX_SLUG_BYTES) return slug
  let [cut, bytes] = ['', 0]
  for (const sign of slug) {
    bytes += Buffer.byteLength(sign)
    if (bytes > MAX_SLUG_BYTES) break
    cut += sign
  }
  return `${cut.replace(/[-.]+$/, '')}-${shortHash(slug)}`
}
