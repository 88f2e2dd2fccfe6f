// Date fields → instants: first published, last changed, gone after, taken back; and what that makes of an article now.

import { type LiveHeading, liveTimes, readLiveHeading } from '../../base/index.ts'
import type { Article, ArticleState, Diagnostic, Timestamp } from '../../model.ts'
import { readDate } from '../text-values.ts'
import { type Field, truth } from './fields.ts'
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

interface StateParts {
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

// Articles and a time → the same, without changes and withdrawals that lie in the future: validators doubt a feed that says
// so, and until then readers show it above all others.

interface HiddenUpdates {
  readonly articles: Article[]
  /** Files of those whose last change, or withdrawal, is still to come. */
  readonly early: ReadonlySet<string>
  /** Instants at which this would come out otherwise: ms since epoch. */
  readonly turns: readonly number[]
}

export function hideFutureUpdates(
  all: readonly Article[],
  now: number,
  report: (diagnostic: Diagnostic) => void,
): HiddenUpdates {
  const turns: number[] = []
  const early = new Set<string>()
  /** A time that some article names. */
  const isEarly = ({ date }: Article, time: Timestamp | undefined): time is Timestamp => {
    if (time === undefined) return false
    turns.push(time.at)
    return time.at > now && date.at <= now
  }
  const articles = all.map(article => {
    const { file, live, updated, withdrawn, state } = article
    let shown = article
    if (state === 'withdrawn' && isEarly(article, withdrawn?.at)) {
      early.add(file)
      const when = new Date(withdrawn!.at!.at).toISOString()
      report({
        file,
        line: 1,
        rule: 'withdrawn-in-future',
        severity: 'warning',
        message: `is withdrawn as of ${when}, which is still to come; it is withdrawn now`,
        advice: 'To take an article away at a time to come, write `expires:` with that time.',
      })
      shown = withField(shown, 'withdrawn', { reason: withdrawn!.reason })
    }
    if (!isEarly(article, updated)) return shown
    early.add(file)
    const when = new Date(updated.at).toISOString()
    report({
      file,
      line: 1,
      rule: 'updated-in-future',
      severity: 'warning',
      message: `was last changed at ${when}, which is still to come; the change is not told until then`,
      advice: live
        ? 'Correct the time of the newest entry, or write its day: ## 2026-01-30 23:50 …'
        : 'Correct `updated:` in the front matter.',
    })
    return withField(shown, 'updated', undefined)
  })
  return { articles, early, turns }
}

/** Its body is read when it is asked for: the property is copied, not its value. */
function withField<Name extends keyof Article>(article: Article, name: Name, value: Article[Name]): Article {
  return Object.defineProperties({} as Article, {
    ...Object.getOwnPropertyDescriptors(article),
    [name]: { value, enumerable: true, configurable: true, writable: true },
  })
}
