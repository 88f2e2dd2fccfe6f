// How much of an edition fits into a mail that Gmail shows whole: shorter summaries, then fewer pictures, then fewer
// articles and a line that says how many more are on the web.

import type { Edition } from '../model.ts'
import { type Extent, isCompact } from './letter-view.ts'

/** Gmail cuts a longer HTML part off, and with it the link to leave. */
const MOST = 102_400

/** Where the link to leave has to stand at the latest. */
const LINK_BEFORE = 90_000

/** What a signed address may come to, and any other column of a reader's row. */
const ADDRESS = 160
const COLUMN = 48

/** @param html with its slots */
export function fits(html: string, marker: string): boolean {
  const slot = new RegExp(`⟦${marker}:([^⟧|]*)[^⟧]*⟧`, 'g')
  let [growth, link] = [0, 0]
  for (const found of html.matchAll(slot)) {
    if (found[1] === 'unsubscribe_url') link = Buffer.byteLength(html.slice(0, found.index)) + growth
    const room = found[1]!.endsWith('_url') ? ADDRESS : COLUMN
    growth += room - Buffer.byteLength(found[0])
  }
  return Buffer.byteLength(html) + growth <= MOST && link < LINK_BEFORE
}

/**
 * From everything down to what always fits. The last one is a guess to begin with: fewer articles are tried by halves.
 */
export function extents(edition: Edition): Extent[] {
  const stories = edition.articles.length
  const summary = isCompact(edition) ? 160 : 280
  const digest: Extent[] = [
    { summary, pictures: 'all', stories, whole: false },
    { summary: 120, pictures: 'all', stories, whole: false },
    { summary: 120, pictures: 'lead', stories, whole: false },
    { summary: 90, pictures: 'lead', stories, whole: false },
  ]
  if (isCompact(edition)) digest.splice(0, 2, { ...digest[0]!, pictures: 'lead' })
  if (edition.newsletter.every !== 'article' || stories !== 1) return digest
  return [
    { summary, pictures: 'all', stories, whole: true },
    { summary, pictures: 'none', stories, whole: true },
    ...digest,
  ]
}

/**
 * The most articles that fit, by halves.
 *
 * @param attempt makes the letter with that extent; undefined when it is too long
 */
export async function mostThatFits<Made>(
  least: Extent,
  attempt: (extent: Extent) => Promise<Made | undefined>,
): Promise<Made | undefined> {
  let best: Made | undefined
  let [low, high] = [1, least.stories - 1]
  while (low <= high) {
    const stories = Math.ceil((low + high) / 2)
    const made = await attempt({ ...least, stories })
    if (made === undefined) high = stories - 1
    else {
      best = made
      low = stories + 1
    }
  }
  return best
}
