// An edition → smaller ones for readers who chose topics: one for each distinct selection of its articles.

import type { Article, Edition } from '../model.ts'

export interface EditionVariants {
  /**
   * @param topics section slugs and tags; none means everything
   * @returns 0 for the whole edition, undefined when nothing in it is on these topics; the same number for the same articles
   */
  variantOf(topics: readonly string[]): number | undefined
  /** @param variant as `variantOf` gave it */
  edition(variant: number): Edition
}

export function editionVariants(whole: Edition): EditionVariants {
  const numbers = new Map<string, number>()
  const selections: (readonly Article[])[] = [whole.articles]
  numbers.set(keyOf(whole.articles), 0)

  function variantOf(topics: readonly string[]): number | undefined {
    if (topics.length === 0) return 0
    const wanted = new Set(topics.map(topic => topic.toLowerCase()))
    const articles = whole.articles.filter(article => isOn(article, wanted))
    if (articles.length === 0) return undefined
    const key = keyOf(articles)
    let number = numbers.get(key)
    if (number === undefined) {
      number = selections.push(articles) - 1
      numbers.set(key, number)
    }
    return number
  }

  return { variantOf, edition: variant => (variant === 0 ? whole : partOf(whole, selections[variant]!)) }
}

/** By its section or by any of its tags. */
function isOn({ section, tags }: Article, wanted: ReadonlySet<string>): boolean {
  return (
    (section !== undefined && wanted.has(section.slug.toLowerCase())) ||
    tags.some(tag => wanted.has(tag.toLowerCase()))
  )
}

/** In the whole edition's order; where its lead is not among them, the first with a picture leads. */
function partOf(whole: Edition, selected: readonly Article[]): Edition {
  const lead = selected.includes(whole.lead!)
    ? whole.lead!
    : (selected.find(({ image }) => image) ?? selected[0]!)
  const kept = new Set(selected.filter(article => article !== lead))
  const parts = whole.parts
    .map(({ title, articles }) => ({ title, articles: articles.filter(article => kept.has(article)) }))
    .filter(({ articles }) => articles.length > 0)
  return { ...whole, lead, parts, articles: [lead, ...parts.flatMap(({ articles }) => articles)] }
}

function keyOf(articles: readonly Article[]): string {
  return JSON.stringify(articles.map(({ id }) => id))
}
