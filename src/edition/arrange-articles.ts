// Chosen articles and the editor's note → the order of the letter: the lead, then the sections.

import type { Article, Edition, EditionNote, Section } from '../model.ts'
import { newestFirst } from './article-order.ts'
import type { ArticleFinder } from './find-article.ts'

/**
 * The note's `lead` leads, else the first of its `order` (or `pick`), else the newest with a picture, else the newest.
 * Sections follow in the settings' order, other sections by name, articles without one last; newest first within each.
 * What `order` (or `pick`) names goes first in its section, and sections that have such articles go first.
 *
 * @param sections of the settings, in their order
 */
export function arrangeArticles(
  chosen: readonly Article[],
  note: EditionNote | undefined,
  find: ArticleFinder,
  sections: readonly Section[],
): Pick<Edition, 'lead' | 'articles' | 'parts'> {
  const ordered = (note?.order.length ? note.order : (note?.pick ?? [])).map(find)
  const rank = (article: Article) => {
    const at = ordered.indexOf(article)
    return at === -1 ? Number.POSITIVE_INFINITY : at
  }
  const byRank = [...chosen].sort(
    (left, right) => compare(rank(left), rank(right)) || newestFirst(left, right),
  )

  const wanted = note?.lead === undefined ? undefined : find(note.lead)
  const lead =
    byRank.find(article => article === wanted) ??
    byRank.find(article => ordered.includes(article)) ??
    byRank.find(article => article.image) ??
    byRank[0]

  const groups = new Map<string, Article[]>()
  for (const article of byRank) {
    if (article === lead) continue
    const slug = article.section?.slug ?? ''
    groups.set(slug, [...(groups.get(slug) ?? []), article])
  }
  const place = ([slug, articles]: [string, Article[]]) => {
    const known = sections.findIndex(section => section.slug === slug)
    return {
      slug,
      rank: rank(articles[0]!),
      known: known === -1 ? sections.length + Number(slug === '') : known,
    }
  }
  const parts = [...groups]
    .sort((left, right) => {
      const [a, b] = [place(left), place(right)]
      return compare(a.rank, b.rank) || a.known - b.known || (a.slug < b.slug ? -1 : 1)
    })
    .map(([, articles]) => ({ title: articles[0]!.section?.title ?? '', articles }))
  return { lead, parts, articles: lead ? [lead, ...parts.flatMap(part => part.articles)] : [] }
}

/** Subtraction of two infinities is not a number. */
function compare(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}
