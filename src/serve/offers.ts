// Newsletters of the settings → what somebody can choose on a page: each with its rhythm and its topics.

import type { Newsletter, Publication } from '../model.ts'
import type { Words } from '../templates/index.ts'
import type { Fields } from './read-form.ts'

export interface Topic {
  /** A section's slug, or a tag. */
  readonly id: string
  readonly title: string
  readonly chosen: boolean
}

export interface Offer {
  readonly id: string
  readonly title: string
  readonly rhythm: string
  readonly chosen: boolean
  /** She does not want all of its topics. */
  readonly narrowed: boolean
  /** Fewer than two are no choice and are left out. */
  readonly topics: readonly Topic[]
}

/** Newsletter id → topics; an empty list is everything. */
export type Choice = Readonly<Record<string, readonly string[]>>

export function offers(publication: Publication, choice: Choice, words: Words): Offer[] {
  return publication.newsletters.map(newsletter => {
    const topics = topicsOf(publication, newsletter)
    return {
      id: newsletter.id,
      title: newsletter.title,
      rhythm: words(`page.every_${newsletter.every}`),
      chosen: Object.hasOwn(choice, newsletter.id),
      narrowed: Object.hasOwn(choice, newsletter.id) && choice[newsletter.id]!.length > 0,
      topics:
        topics.length < 2
          ? []
          : topics.map(topic => ({ ...topic, chosen: chosen(choice, newsletter.id, topic.id) })),
    }
  })
}

function chosen(choice: Choice, newsletter: string, topic: string): boolean {
  return Object.hasOwn(choice, newsletter) && (choice[newsletter]?.includes(topic) ?? false)
}

/** The sections that it carries, and its tags. */
function topicsOf({ sections }: Publication, newsletter: Newsletter): { id: string; title: string }[] {
  const carried = newsletter.sections
    ? sections.filter(({ slug }) => newsletter.sections!.includes(slug))
    : newsletter.tags
      ? []
      : sections
  return [
    ...carried.map(({ slug, title }) => ({ id: slug, title })),
    ...(newsletter.tags ?? []).map(tag => ({ id: tag, title: tag })),
  ]
}

/**
 * Fields `newsletter` and `topic.<newsletter>` → what was chosen. What the settings do not have is nobody's choice; all
 * topics together are everything, also those to come.
 */
export function readChoice(publication: Publication, fields: Fields): Choice {
  const asked = fields.get('newsletter') ?? []
  return Object.fromEntries(
    publication.newsletters
      .filter(({ id }) => asked.includes(id))
      .map(newsletter => {
        const known = topicsOf(publication, newsletter).map(({ id }) => id)
        const wanted = fields.get(`topic.${newsletter.id}`) ?? []
        const topics = known.filter(topic => wanted.includes(topic))
        return [newsletter.id, topics.length === known.length ? [] : topics]
      }),
  )
}

/** As a page lists them; one that is not in the settings any more keeps its id. */
export function titlesOf(publication: Publication, ids: readonly string[]): string[] {
  return ids.map(id => publication.newsletters.find(newsletter => newsletter.id === id)?.title ?? id)
}
