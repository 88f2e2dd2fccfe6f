// Published articles → for each, the older ones that a newspaper would set beside it: related stories and top stories.

import type { Article } from '../model.ts'

const MAX_STORIES = 3
/** Of each tag and section, so many of the newest older articles are looked at: enough, however many there are. */
const OLDER_PER_SHELF = 40
const WEIGHT_OF_TAG = 2
const WEIGHT_OF_SECTION = 1

export interface Beside {
  /** Most tags in common first, then the newest. */
  readonly related: readonly Article[]
  /** The newest of the others. */
  readonly top: readonly Article[]
  /**
   * Where `related` has fewer than three, related ones that were published after it, the first of them first: a page may show
   * them, and shows the same ever after.
   */
  readonly later: readonly Article[]
}

/** The articles of one tag or section and language, as their places among all, newest first. */
interface Shelf {
  readonly weight: number
  readonly places: number[]
}

type Find = (article: Article) => Beside

/**
 * Only articles published before it: an item then stays as it is when newer ones appear, and no feed reader shows it
 * again for that. Only articles in its language.
 *
 * @param articles published, newest first
 */
export function articlesBeside(articles: readonly Article[]): Find {
  const find = finders.get(articles) ?? openFinder(articles)
  finders.set(articles, find)
  return find
}
/** Feeds and pages ask for the same. */
const finders = new WeakMap<readonly Article[], Find>()

function openFinder(articles: readonly Article[]): Find {
  const order = new Map<Article, number>()
  const tagged = new Map<string, Map<string, Shelf>>()
  const inSection = new Map<string, Map<string, Shelf>>()

  function eachShelf({ language, section, tags }: Article, see: (shelf: Shelf) => void): void {
    const own = shelvesIn(tagged, language)
    for (let at = 0; at < tags.length; at++)
      if (tags.indexOf(tags[at]!) === at) see(shelf(own, tags[at]!, WEIGHT_OF_TAG))
    if (section) see(shelf(shelvesIn(inSection, language), section.slug, WEIGHT_OF_SECTION))
  }

  let place = 0
  for (const article of articles) {
    order.set(article, place)
    eachShelf(article, ({ places }) => void places.push(place))
    place++
  }
  // Of each other article how near it is, all zero between two questions: ten thousand ask.
  const nearness = new Uint32Array(articles.length)
  const found = new FoundPlaces(articles.length)
  return article => {
    const place = order.get(article)
    if (place === undefined) return { related: [], top: [], later: [] }
    if (!found.has(place)) {
      const shelves: Shelf[] = []
      eachShelf(article, each => void shelves.push(each))
      const related = nearest(shelves, place, nearness)
      const missing = MAX_STORIES - related.length
      const later = missing > 0 ? nextOn(shelves, place, missing) : []
      found.keep(place, [related, newest(articles, place, article.language, related), later])
    }
    const [related, top, later] = found.of(place).map(places => places.map(other => articles[other]!))
    return { related: related!, top: top!, later: later! }
  }
}

/** What was found of each article, as the places of others: asked for several times, and lists would take ten times the memory. */
class FoundPlaces {
  /** Of each article its lists, and each place plus one: zero is none. */
  readonly #places: Uint32Array
  readonly #isKnown: Uint8Array

  constructor(articles: number) {
    this.#places = new Uint32Array(articles * LISTS_PER_ARTICLE * MAX_STORIES)
    this.#isKnown = new Uint8Array(articles)
  }

  has(place: number): boolean {
    return this.#isKnown[place] === 1
  }

  keep(place: number, lists: readonly (readonly number[])[]): void {
    this.#isKnown[place] = 1
    for (const [list, others] of lists.entries())
      for (const [at, other] of others.entries())
        this.#places[(place * LISTS_PER_ARTICLE + list) * MAX_STORIES + at] = other + 1
  }

  /** In the order in which they were kept. */
  of(place: number): number[][] {
    return Array.from({ length: LISTS_PER_ARTICLE }, (_, list) => {
      const others: number[] = []
      const start = (place * LISTS_PER_ARTICLE + list) * MAX_STORIES
      for (let at = start; at < start + MAX_STORIES && this.#places[at] !== 0; at++)
        others.push(this.#places[at]! - 1)
      return others
    })
  }
}

/** Related, top and later ones. */
const LISTS_PER_ARTICLE = 3

function shelvesIn(all: Map<string, Map<string, Shelf>>, language: string): Map<string, Shelf> {
  let found = all.get(language)
  if (!found) {
    found = new Map()
    all.set(language, found)
  }
  return found
}

function shelf(shelves: Map<string, Shelf>, label: string, weight: number): Shelf {
  let found = shelves.get(label)
  if (!found) {
    found = { weight, places: [] }
    shelves.set(label, found)
  }
  return found
}

/** The places of the nearest articles: nearness first, then the newest. */
function nearest(shelves: readonly Shelf[], place: number, nearness: Uint32Array): number[] {
  const met: number[] = []
  for (const { weight, places } of shelves) {
    const start = after(places, place)
    const end = Math.min(places.length, start + OLDER_PER_SHELF)
    for (let at = start; at < end; at++) {
      const other = places[at]!
      if (nearness[other] === 0) met.push(other)
      nearness[other]! += weight
    }
  }
  // Kept in order while they are found: to sort all of them for the first three is most of the work.
  const best: number[] = []
  for (const other of met) {
    const near = nearness[other]!
    let at = best.length
    while (
      at > 0 &&
      (nearness[best[at - 1]!]! < near || (nearness[best[at - 1]!] === near && best[at - 1]! > other))
    )
      at--
    if (at < MAX_STORIES) {
      best.splice(at, 0, other)
      if (best.length > MAX_STORIES) best.pop()
    }
  }
  for (const other of met) nearness[other] = 0
  return best
}

/** The places of the first articles after it that share a shelf, those with a tag in common before others. */
function nextOn(shelves: readonly Shelf[], place: number, count: number): number[] {
  const found = new Set<number>()
  for (const { places } of shelves.toSorted((left, right) => right.weight - left.weight)) {
    const end = after(places, place - 1)
    for (let at = end - 1; at >= 0 && at >= end - count; at--) found.add(places[at]!)
    if (found.size >= count) break
  }
  return [...found].slice(0, count)
}

/** Where in a rising list the numbers begin that are larger. */
function after(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle]! > place) high = middle
    else low = middle + 1
  }
  return low
}

function newest(
  articles: readonly Article[],
  place: number,
  language: string,
  besides: readonly number[],
): number[] {
  const found: number[] = []
  for (let other = place + 1; other < articles.length && found.length < MAX_STORIES; other++)
    if (articles[other]!.language === language && !besides.includes(other)) found.push(other)
  return found
}
