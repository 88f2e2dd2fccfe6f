// Published articles → for each, the older ones that are nearest to it: "Related stories".

import type { Article } from '../model.ts'

const MOST = 3

/**
 * Only articles published before it: what stands in an item then stays as it is when newer ones appear, and no reader
 * shows it again for that. Most tags in common first, then the newest; only of its language.
 *
 * @param articles published, newest first
 */
export function relatedArticles(articles: readonly Article[]): (article: Article) => Article[] {
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
      for (const other of shelves.get(label) ?? []) {
        if (order.get(other)! <= place) continue
        nearness.set(other, (nearness.get(other) ?? 0) + (label.startsWith('#') ? 2 : 1))
      }
    }
    return [...nearness]
      .sort(([left, near], [right, nearer]) => nearer - near || order.get(left)! - order.get(right)!)
      .slice(0, MOST)
      .map(([other]) => other)
  }
}

function labels({ language, section, tags }: Article): string[] {
  const tagged = [...new Set(tags)].map(tag => `#${language} ${tag}`)
  return section ? [...tagged, `/${language} ${section.slug}`] : tagged
}
