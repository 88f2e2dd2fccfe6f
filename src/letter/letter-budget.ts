// An edition → as much of it as fits into a mail that Gmail shows in full: with shorter summaries, then fewer pictures, then
// fewer articles and a line that says how many more are on the web.

import type { Edition, SectionLayout } from '../model.ts'
import { splitAtSlots } from './mail-text.ts'

/** How much of an edition a letter shows. */
export interface Extent {
  /** Characters of a summary at most. */
  readonly summary: number
  readonly pictures: 'all' | 'lead' | 'none'
  /** How many articles. */
  readonly stories: number
  /** The whole article, where the newsletter is one article a letter. */
  readonly whole: boolean
}

/** Gmail cuts off a longer HTML part, and with it the unsubscribe link. */
export const MAX_HTML_BYTES = 102_400
/** Where the unsubscribe link has to be at the latest. */
const MAX_BYTES_BEFORE_LINK = 90_000

/** How long a signed address may be, and any other value of a reader. */
const ADDRESS_BYTES = 160
/** The text of the mail that asks to leave, where there is one: in some scripts nine bytes a letter. */
const LEAVE_TEXT_BYTES = 700
const COLUMN_BYTES = 48

/** A letter that was made on trial. */
export interface Trial<Rendered> {
  readonly rendered: Rendered
  /** Bytes that are left; below zero where it is too long. */
  readonly room: number
}

/**
 * The largest extent that fits, else the smallest with as many articles as fit. A render costs milliseconds an article, so what
 * is too long says how much less to try.
 *
 * @param render makes the letter with that extent
 * @returns undefined when even one article is too much
 */
export async function mostThatFits<Rendered>(
  edition: Edition,
  render: (extent: Extent) => Promise<Trial<Rendered>>,
): Promise<Rendered | undefined> {
  const extents = extentsOf(edition)
  const most = await render(extents[0]!)
  if (most.room >= 0) return most.rendered
  const least = extents.at(-1)!
  const smallest = await render(least)
  if (smallest.room < 0) return fewerStories(least, smallest, render)
  for (const extent of extents.slice(1, -1)) {
    const { room, rendered } = await render(extent)
    if (room >= 0) return rendered
  }
  return smallest.rendered
}

/** Of a letter, so much is in its articles; a first guess. */
const SHARE_OF_STORIES = 0.9
/** Guesses in a line before the middle is taken. */
const MAX_GUESSES = 4

/** The most articles that fit: on the line through the last two trials, for as long as that helps; then by bisection. */
async function fewerStories<Rendered>(
  extent: Extent,
  tooLong: Trial<unknown>,
  render: (extent: Extent) => Promise<Trial<Rendered>>,
): Promise<Rendered | undefined> {
  let best: Rendered | undefined
  let [low, high] = [1, extent.stories - 1]
  let last = { stories: extent.stories, room: tooLong.room }
  let story = ((MAX_HTML_BYTES - tooLong.room) * SHARE_OF_STORIES) / extent.stories
  for (let guesses = 0; low <= high; guesses++) {
    const guess =
      guesses < MAX_GUESSES ? Math.floor(last.stories + last.room / story) : Math.ceil((low + high) / 2)
    const stories = Math.min(high, Math.max(low, guess))
    const { rendered, room } = await render({ ...extent, stories })
    if (room < 0) high = stories - 1
    else {
      best = rendered
      low = stories + 1
    }
    if (stories !== last.stories) story = Math.max(1, (last.room - room) / (stories - last.stories))
    last = { stories, room }
  }
  return best
}

/** From everything down to what nearly always fits. */
function extentsOf(edition: Edition): Extent[] {
  const stories = storiesIn(edition)
  const summary = isCompact(edition) ? 160 : 280
  const digest: Extent[] = [
    { summary, pictures: 'all', stories, whole: false },
    { summary: 120, pictures: 'all', stories, whole: false },
    { summary: 120, pictures: 'lead', stories, whole: false },
    { summary: 90, pictures: 'lead', stories, whole: false },
  ]
  if (isCompact(edition)) digest.splice(1, 1, { ...digest[0]!, pictures: 'lead' })
  if (edition.newsletter.every !== 'article' || edition.articles.length !== 1) return digest
  return [
    { summary, pictures: 'all', stories, whole: true },
    { summary, pictures: 'none', stories, whole: true },
    ...digest,
  ]
}

export function isCompact({ newsletter, articles }: Edition): boolean {
  return newsletter.layout === 'compact' || (newsletter.layout === 'auto' && articles.length > 10)
}

/** How many of its articles it shows, when there is room for all: sections may have limits. */
export function storiesIn(edition: Edition): number {
  const shown = edition.parts.map(({ articles }) =>
    Math.min(articles.length, layoutOf(edition, articles[0]?.section?.slug ?? '').limit),
  )
  return shown.reduce((sum, count) => sum + count, edition.lead ? 1 : 0)
}

export type Layout = NonNullable<SectionLayout['layout']>

/** How the letter shows the articles of a section. @param slug of the section; '' for those without one */
export function layoutOf(edition: Edition, slug: string): { layout: Layout; limit: number } {
  const { layout, limit = Number.POSITIVE_INFINITY } = edition.newsletter.layouts?.[slug] ?? {}
  return { layout: layout ?? (isCompact(edition) ? 'list' : 'cards'), limit }
}

/**
 * @param html with its slots
 * @param byMail whether people leave by mail
 * @returns bytes that are left when the slots are filled with long values; below zero where it is too long
 */
export function roomIn(html: string, marker: string, byMail = false): number {
  const { texts, slots } = splitAtSlots(html, marker)
  let [bytes, link] = [Buffer.byteLength(texts[0]!), 0]
  for (const [at, { name }] of slots.entries()) {
    const isLink = name === 'unsubscribe_url'
    if (isLink) link = bytes
    const address = ADDRESS_BYTES + (byMail && isLink ? LEAVE_TEXT_BYTES : 0)
    bytes += name.endsWith('_url') ? address : COLUMN_BYTES
    bytes += Buffer.byteLength(texts[at + 1]!)
  }
  // The link itself comes behind it.
  return Math.min(MAX_HTML_BYTES - bytes, MAX_BYTES_BEFORE_LINK - 1 - link)
}
