/**
 * Two tags, or two authors, have names that make the same address. Both get a feed, but one of them at an address
 * that nobody would guess.
 *
 * Good:
 *
 *     ---
 *     title: What the laboratories cost
 *     date: 2026-01-30
 *     tags: [R&D, budget]
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: What the laboratories cost
 *     date: 2026-01-30
 *     tags: [R&D, R-D]
 *     ---
 *     Text.
 */

import { channelCollisions } from '../../content/index.ts'
import type { Diagnostic, Loaded } from '../../model.ts'
import type { ArticleRule } from '../rule.ts'

const found = new WeakMap<Loaded, readonly Diagnostic[]>()

export const feedSlug: ArticleRule = {
  name: 'feed-slug',
  severity: 'warning',
  find({ article, loaded }) {
    const collisions = found.get(loaded) ?? channelCollisions(loaded)
    found.set(loaded, collisions)
    return collisions
      .filter(({ file }) => file === article.file)
      .map(({ line, message, advice }) => ({ line, message, advice }))
  },
}
