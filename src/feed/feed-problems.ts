// Feeds as they were made → what a reader of them, or a shop of podcasts, would complain of.

import type { Diagnostic, Publication } from '../model.ts'
import type { FeedDocument } from './feed-documents.ts'
import type { Item } from './make-item.ts'

/**
 * FeedBurner took 512 kB and then 1 MB, several aggregators stop at 2 MB, and every reader fetches the whole at each
 * change. Of one megabyte one should know.
 */
const LARGE = 1_000_000

const FILE = 'articles/publication.yaml'

/** @param documents those that people subscribe to, with their items */
export function largeFeeds(documents: ReadonlyMap<FeedDocument, readonly Item[]>): Diagnostic[] {
  const large = [...documents].flatMap(([{ path, archive }, items]) => {
    const bytes = items.reduce((sum, item) => sum + item.text().content.length, 0)
    return archive.isArchive || bytes < LARGE ? [] : [{ path, bytes }]
  })
  if (large.length === 0) return []
  const [largest] = large.sort((left, right) => right.bytes - left.bytes)
  const others = large.length > 1 ? `, and ${large.length - 1} more are above 1 MB` : ''
  return [
    {
      file: FILE,
      line: 0,
      rule: 'feed-too-large',
      severity: 'warning',
      message: `out/${largest!.path}atom.xml has ${(largest!.bytes / 1e6).toFixed(1)} MB of articles${others}; some readers refuse it`,
      advice: 'Lower feeds.items, and keep the older ones with "archive: true"; or write "content: summary".',
    },
  ]
}

/** What Apple requires of a podcast, and what it looks like. */
export function podcastProblems({ podcast }: Publication): Diagnostic[] {
  if (!podcast) return []
  const problem = (message: string, advice: string): Diagnostic => ({
    file: FILE,
    line: 0,
    rule: 'podcast-settings',
    severity: 'warning',
    message,
    advice,
  })
  const { image, category, owner } = podcast
  const { width, height } = image ?? {}
  const square = width === undefined || (width === height && width >= 1400 && width <= 3000)
  return [
    ...(category ? [] : [problem('the podcast has no category', 'podcast: { category: News }')]),
    ...(owner ? [] : [problem('the podcast has no owner', 'podcast: { owner: { name: …, email: … } }')]),
    ...(image
      ? square
        ? []
        : [problem(`the podcast's picture is ${width} × ${height}`, 'Make it square, 1400 to 3000 px.')]
      : [
          problem(
            'the podcast has no picture',
            'podcast: { image: images/show.jpg }, square, 1400 to 3000 px',
          ),
        ]),
  ]
}
