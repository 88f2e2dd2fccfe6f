// Date fields → instants: first published, last changed, gone after, taken back; and what that makes of an article now.

import { type LiveHeading, liveTimes, readLiveHeading } from '../../base/index.ts'
import type { Article, ArticleState, Timestamp } from '../../model.ts'
import { type Draft, quote } from './article-context.ts'
import { type Field, truth } from './fields.ts'
import { readDate } from './read-date.ts'
import type { Content } from './split-front-matter.ts'

const example = 'Write an ISO date with its offset: 2026-01-30T05:06:00+05:30'

/** @returns undefined, and an error told, when there is a value that is no date */
export function dateField(draft: Draft, field: Field): Timestamp | undefined {
  const value = draft.values[field]
  if (value === undefined) return undefined
  const date = readDate(value, draft.zone)
  if (!date) draft.problem(field, 'error', 'article-date', `${field}: ${quote(value)} is not a date`, example)
  return date
}

/** @returns undefined, and an error told, when neither front matter nor file name has a date */
export function publishedDate(
  draft: Draft,
  nameDate: string | undefined,
  isDraft: boolean,
): Timestamp | undefined {
  if (draft.values.date !== undefined) return dateField(draft, 'date')
  const named = nameDate === undefined ? undefined : readDate(nameDate, draft.zone)
  if (named) return named
  // Nobody dates a draft; it is in nothing that is built.
  if (isDraft) return { at: draft.now, offset: draft.zone.offsetAt(draft.now) }
  const message = nameDate === undefined ? 'has no date' : `"${nameDate}" in the file's name is not a date`
  draft.problem(
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
  draft: Draft,
  date: Timestamp,
  content: Content,
  live: boolean,
): Timestamp | undefined {
  let updated = dateField(draft, 'updated')
  if (updated && updated.at < date.at) {
    draft.problem(
      'updated',
      'warning',
      'updated-before-date',
      `updated ${quote(draft.values.updated)} lies before the date; it is left out`,
      'Correct one of the two dates.',
    )
    // Readers are told of no change where none can have been.
    updated = undefined
  }
  if (!live) return updated
  for (const time of liveTimes(liveHeadings(content.body), date, draft.publication.timezone))
    if (time.at > (updated ?? date).at) updated = time
  return updated
}

export function withdrawal(draft: Draft): Article['withdrawn'] {
  const value = draft.values.withdrawn
  if (value === undefined || truth(value) === false) return undefined
  if (truth(value) === true) return { reason: '' }
  const { at, reason } =
    typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : { at: value, reason: undefined }
  const time = readDate(at, draft.zone)
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

/** The first that holds: draft, withdrawn, expired, future, unlisted. What never came out is not withdrawn. */
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
