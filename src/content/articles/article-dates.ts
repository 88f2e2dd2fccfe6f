// Date fields → instants: first published, last changed, gone after, taken back; and what that makes of an article now.

import { type LiveHeading, liveTimes, readLiveHeading } from '../../base/index.ts'
import type { Article, ArticleState, Timestamp } from '../../model.ts'
import { type Field, truth } from './fields.ts'
import { readDate } from './read-date.ts'
import { type FrontMatter, quote } from './read-front-matter.ts'
import type { Content } from './split-front-matter.ts'

/** @returns undefined, and an error reported, when there is a value that is no date */
export function dateField(front: FrontMatter, field: Field): Timestamp | undefined {
  const value = front.values[field]
  if (value === undefined) return undefined
  const date = readDate(value, front.zone)
  if (!date) front.problem(field, 'error', 'article-date', `${field}: ${quote(value)} is not a date`, EXAMPLE)
  return date
}

const EXAMPLE = 'Write an ISO date with its offset: 2026-01-30T05:06:00+05:30'

/** @returns undefined, and an error reported, when neither front matter nor file name has a date */
export function publishedDate(
  front: FrontMatter,
  nameDate: string | undefined,
  isDraft: boolean,
): Timestamp | undefined {
  if (front.values.date !== undefined) return dateField(front, 'date')
  const named = nameDate === undefined ? undefined : readDate(nameDate, front.zone)
  if (named) return named
  // Nobody dates a draft; it is in nothing that is built.
  if (isDraft) return { at: front.now, offset: front.zone.offsetAt(front.now) }
  const message = nameDate === undefined ? 'has no date' : `"${nameDate}" in the file's name is not a date`
  front.problem(
    1,
    'error',
    'article-date',
    message,
    'Add `date: 2026-01-30T05:06:00+05:30`, or name the file 2026-01-30-slug.md',
  )
  return undefined
}

/** Never before the date; moved on by the newest entry of a live blog. */
export function updatedDate(
  front: FrontMatter,
  date: Timestamp,
  content: Content,
  live: boolean,
): Timestamp | undefined {
  let updated = dateField(front, 'updated')
  if (updated && updated.at < date.at) {
    front.problem(
      'updated',
      'warning',
      'updated-before-date',
      `updated ${quote(front.values.updated)} lies before the date; it is left out`,
      'Correct one of the two dates.',
    )
    // Readers hear of no change where there can have been none.
    updated = undefined
  }
  if (!live) return updated
  for (const time of liveTimes(liveHeadings(content.body), date, front.publication.timezone))
    if (time.at > (updated ?? date).at) updated = time
  return updated
}

export function withdrawal(front: FrontMatter): Article['withdrawn'] {
  const value = front.values.withdrawn
  if (value === undefined || truth(value) === false) return undefined
  if (truth(value) === true) return { reason: '' }
  const { at, reason } =
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : { at: value, reason: undefined }
  const time = readDate(at, front.zone)
  const words = typeof reason === 'string' ? reason : time || typeof at !== 'string' ? '' : at
  return { at: time, reason: words.replace(/\s+/g, ' ').trim() }
}

export interface StateParts {
  readonly draft: boolean
  readonly withdrawn: boolean
  readonly unlisted: boolean
  readonly date: Timestamp
  readonly expires: Timestamp | undefined
}

/** The first that is true: draft, withdrawn, expired, future, unlisted. What never came out is not withdrawn. */
export function stateAt(
  now: number,
  { draft, withdrawn, unlisted, date, expires }: StateParts,
): ArticleState {
  if (draft) return 'draft'
  if (withdrawn && date.at <= now) return 'withdrawn'
  if (expires && expires.at <= now) return 'expired'
  if (date.at > now) return 'future'
  return unlisted ? 'unlisted' : 'published'
}

/** `## 14:05 …` outside code, in the order of the page. */
function liveHeadings(body: string): LiveHeading[] {
  const headings: LiveHeading[] = []
  let fence: string | undefined
  for (const line of body.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined
    } else if (mark) fence = mark
    else if (/^ {0,3}##[ \t]/.test(line)) {
      const heading = readLiveHeading(line.replace(/^ {0,3}##[ \t]+/, '').replace(/[ \t]+#+[ \t]*$/, ''))
      if (heading) headings.push(heading)
    }
  }
  return headings
}
