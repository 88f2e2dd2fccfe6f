// Published articles → for each, the older ones that a newspaper would set beside it: related stories and top stories.

import type { Article } from './model.ts'

const MOST = 3
/** Of each tag and section, so many of the newest older articles are looked at: enough, however many there are. */
const NEAR = 40

export interface Beside {
  /** Most tags in common first, then the newest. */
  readonly related: readonly Article[]
  /** The newest of the others. */
  readonly top: readonly Article[]
}

/** The articles of one tag or section and language, as their places among all, newest first. */
interface Shelf {
  readonly weight: number
  readonly places: number[]
}

/**
 * Only articles published before it: what stands in an item then stays as it is when newer ones appear, and no reader
 * shows it again for that. Only articles in its language.
 *
 * @param articles published, newest first
 */
export function articlesBeside(articles: readonly Article[]): (article: Article) => Beside {
  const shelves = new Map<string, Shelf>()
  // Each article's shelves, and where it stands in them.
  const standing: [Shelf, number][][] = []
  const order = new Map<Article, number>()
  for (const [place, article] of articles.entries()) {
    order.set(article, place)
    standing.push(
      labels(article).map(([key, weight]) => {
        let shelf = shelves.get(key)
        if (!shelf) {
          shelf = { weight, places: [] }
          shelves.set(key, shelf)
        }
        return [shelf, shelf.places.push(place) - 1]
      }),
    )
  }
  return article => {
    const place = order.get(article)
    if (place === undefined) return { related: [], top: [] }
    const related = nearest(standing[place]!).map(other => articles[other]!)
    return { related, top: newest(articles, place, article.language, related) }
  }
}

/** The places of the nearest articles: nearness first, then the newest. */
function nearest(standing: readonly [Shelf, number][]): number[] {
  const nearness = new Map<number, number>()
  for (const [{ weight, places }, index] of standing) {
    const end = Math.min(places.length, index + 1 + NEAR)
    for (let at = index + 1; at < end; at++) {
      const other = places[at]!
      nearness.set(other, (nearness.get(other) ?? 0) + weight)
    }
  }
  // Kept in order while they are found: to sort all of them for the first three is most of the work.
  const best: [number, number][] = []
  for (const [other, near] of nearness) {
    let at = best.length
    while (at > 0 && (best[at - 1]![1] < near || (best[at - 1]![1] === near && best[at - 1]![0] > other)))
      at--
    if (at < MOST) {
      best.splice(at, 0, [other, near])
      if (best.length > MOST) best.pop()
    }
  }
  return best.map(([other]) => other)
}

function newest(
  articles: readonly Article[],
  place: number,
  language: string,
  besides: readonly Article[],
): Article[] {
  const found: Article[] = []
  for (let index = place + 1; index < articles.length && found.length < MOST; index++) {
    const other = articles[index]!
    if (other.language === language && !besides.includes(other)) found.push(other)
  }
  return found
}

function labels({ language, section, tags }: Article): [key: string, weight: number][] {
  const tagged = [...new Set(tags)].map((tag): [string, number] => [`#${language} ${tag}`, 2])
  return section ? [...tagged, [`/${language} ${section.slug}`, 1]] : tagged
}
