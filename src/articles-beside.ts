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

/**
 * Only articles published before it: what stands in an item then stays as it is when newer ones appear, and no reader
 * shows it again for that. Only articles in its language.
 *
 * @param articles published, newest first
 */
export function articlesBeside(articles: readonly Article[]): (article: Article) => Beside {
  const shelves = new Map<string, Article[]>()
  const order = new Map(articles.map((article, index) => [article, index]))
  for (const article of articles) {
    for (const label of labels(article)) {
      const shelf = shelves.get(label)
      if (shelf) shelf.push(article)
      else shelves.set(label, [article])
    }
  }
  return article => {
    const place = order.get(article) ?? -1
    const nearness = new Map<Article, number>()
    for (const label of labels(article)) {
      const shelf = shelves.get(label) ?? []
      const start = firstBehind(shelf, place, order)
      for (const other of shelf.slice(start, start + NEAR)) {
        nearness.set(other, (nearness.get(other) ?? 0) + (label.startsWith('#') ? 2 : 1))
      }
    }
    const related = [...nearness]
      .sort(([left, near], [right, nearer]) => nearer - near || order.get(left)! - order.get(right)!)
      .slice(0, MOST)
      .map(([other]) => other)
    return { related, top: newest(articles, place, article.language, related) }
  }
}

/** Binary search: shelves are in the order of the articles. */
function firstBehind(shelf: readonly Article[], place: number, order: ReadonlyMap<Article, number>): number {
  let [low, high] = [0, shelf.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (order.get(shelf[middle]!)! > place) high = middle
    else low = middle + 1
  }
  return low
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

function labels({ language, section, tags }: Article): string[] {
  const tagged = [...new Set(tags)].map(tag => `#${language} ${tag}`)
  return section ? [...tagged, `/${language} ${section.slug}`] : tagged
}
