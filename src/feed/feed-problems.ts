// Feeds as they were made → what a reader of them, or a shop of podcasts, would complain of.

import { announcedFormats, settingLine } from '../content/index.ts'
import type { Diagnostic, Loaded } from '../model.ts'
import type { Item } from './make-item.ts'

/** Bytes, and who takes no more. Every reader fetches the whole at each change. */
const LIMITS = [
  [5_000_000, 'the W3C validator and most readers read no more than 5 MB'],
  [512_000, 'FeedBurner and some readers read no more than 512 kB'],
] as const
/** What an item has besides its words: dates, addresses, names. */
const FRAME = 800

const FILE = 'articles/publication.yaml'

export interface FeedSize {
  /** Folder of the document below `out/`. */
  readonly path: string
  /** Nobody fetches it again and again. */
  readonly isArchive: boolean
  /** Of all its items. */
  readonly bytes: number
}

export function largeFeeds(documents: readonly FeedSize[]): Diagnostic[] {
  const large = documents.flatMap(({ path, isArchive, bytes }) => {
    const [, who] = LIMITS.find(([limit]) => bytes > limit) ?? []
    return isArchive || who === undefined ? [] : [{ path, bytes, who }]
  })
  if (large.length === 0) return []
  const [largest] = large.sort((left, right) => right.bytes - left.bytes)
  const [format] = announcedFormats()
  const others = large.length > 1 ? `; so are ${large.length - 1} more` : ''
  return [
    {
      file: FILE,
      line: 0,
      rule: 'feed-too-large',
      severity: 'warning',
      message: `out/${largest!.path}${format!.file} has about ${(largest!.bytes / 1e6).toFixed(1)} MB: ${largest!.who}${others}`,
      advice: 'Lower feeds.items, and keep the older ones with "archive: true"; or write "content: summary".',
    },
  ]
}

/** About how many bytes of a feed it takes. */
export function sizeOf(item: Item): number {
  const { content, summary } = item.text()
  return content.length + Buffer.byteLength(summary) + Buffer.byteLength(item.title) + FRAME
}

/** What Apple requires of a podcast, and what it looks like. */
export function podcastProblems({ publication: { podcast }, settings }: Loaded): Diagnostic[] {
  if (!podcast) return []
  const problem = (message: string, advice: string): Diagnostic => ({
    file: settings.file,
    line: settingLine(settings.text, ['podcast']),
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
