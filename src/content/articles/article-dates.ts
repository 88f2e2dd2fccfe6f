// Date fields of front matter → instants: published, updated, expires, withdrawn; and the state that an article has at a
// given time.

import { type LiveHeading, liveTimes, readLiveHeading } from '../../base/index.ts'
import type { Article, ArticleState, Diagnostic, Timestamp } from '../../model.ts'
import type { Content } from '../split-front-matter.ts'
import { isAmbiguousDate, readDate, readDayAlone, readEndOfMonth, readMonthAlone } from '../text-values.ts'
import { isAboutButtons, truth } from './held-back.ts'
import type { FileName } from './paths.ts'
import { type FrontMatter, quote, scalar, warn } from './read-front-matter.ts'
import type { Field } from './spellings.ts'

/**
 * @param severity of a value that is no date: what a field costs that is not needed is the field alone
 * @param effect what becomes of the article then
 * @returns undefined, and a problem reported, when there is a value that is no date
 */
export function dateField(
  front: FrontMatter,
  field: Field,
  severity: 'error' | 'warning' = 'error',
  effect = severity === 'warning' ? 'it is left out' : '',
): Timestamp | undefined {
  const given = front.values[field]
  // VitePress: whether a page says when it was changed.
  if (given === undefined || (field === 'updated' && typeof given === 'boolean')) return undefined
  // Docusaurus has `last_update: { date, author }`.
  const isTable = typeof given === 'object' && given !== null && !Array.isArray(given)
  const isOne = Array.isArray(given) && given.length === 1
  const single = isTable ? ((given as Record<string, unknown>).date ?? given) : isOne ? given[0] : given
  // Obsidian's notes link to that of the day.
  const value =
    typeof single === 'string' ? single.replace(/^\s*\[\[([^[\]|]+)(?:\|[^[\]]*)?\]\]\s*$/, '$1') : single
  const date = readDate(value, front.zone)
  if (date) return date
  const day = readDayAlone(value, front.zone)
  const end = day ? undefined : readEndOfMonth(value, front.zone)
  const start = day || end || field === 'expires' ? undefined : readMonthAlone(value, front.zone)
  const found = day ?? end ?? start
  if (found) {
    const counts = day
      ? `of ${quote(value)} only the day can be read; it counts as midnight`
      : end
        ? `${quote(value)} is a day that its month has not; the last of the month counts`
        : `${quote(value)} names no day; the first counts`
    front.problem(field, 'warning', 'article-date', `${field}: ${counts}`, EXAMPLE)
    return found
  }
  const why = isAmbiguousDate(value)
    ? 'may mean two days: which number is the month is not clear'
    : 'is not a date'
  const message = `${field}: ${quote(value)} ${why}${effect && `; ${effect}`}`
  front.problem(field, severity, 'article-date', message, EXAMPLE)
  return undefined
}

const EXAMPLE = 'Write an ISO date with its offset: 2026-01-30T05:06:00+05:30'

/** When an article was first published, and whether that follows from the time of the run. */
export interface PublishedDate {
  readonly date: Timestamp
  readonly isOfThisRun: boolean
}

/**
 * From the fields, else the file's name, its folders' names, its permalink.
 *
 * @returns undefined, and an error reported, when none of them has a date
 */
export function publishedDate(
  front: FrontMatter,
  { date: named, isMonthOnly }: FileName,
  isDraft: boolean,
): PublishedDate | undefined {
  const read = named === undefined ? undefined : readDate(named, front.zone)
  const inName = read ?? readEndOfMonth(named, front.zone)
  const { date: given } = front.values
  const asksGit = asksForTime(given)
  if (given !== undefined && !asksGit) {
    const date = inName
      ? dateField(front, 'date', 'warning', `that of its name counts, ${named}`)
      : dateField(front, 'date')
    if (date) return withEmbargo(front, date)
    if (!inName) return undefined
  }
  if (inName) {
    if (!read)
      front.problem(
        1,
        'warning',
        'article-date',
        `"${named}" in the file's name is a day that its month has not; the last of the month counts`,
        'Correct the name, or add `date:` to its front matter.',
      )
    if (isMonthOnly)
      front.problem(
        1,
        'warning',
        'article-date',
        `has no day in its date, only the month of its folder: ${named} is used`,
        'Add `date:` to its front matter.',
      )
    return withEmbargo(front, inName)
  }
  const inPath = permalinkDate(front)
  if (inPath) return withEmbargo(front, inPath)
  if (asksGit || front.publication.articles.datesFrom === 'git') {
    const committed = gitDate(front, 'first')
    if (committed) {
      const { date, isOfThisRun } = withEmbargo(front, committed)
      // Its next commit changes what is read here, and not the file.
      return { date, isOfThisRun: isOfThisRun || asksGit }
    }
  }
  // Nobody dates a draft; it is in nothing that is built.
  if (isDraft) return { date: { at: front.now, offset: front.zone.offsetAt(front.now) }, isOfThisRun: true }
  if (asksGit || front.publication.articles.datesFrom === 'git') {
    reportNotCommitted(front, asksGit)
    return undefined
  }
  front.problem(
    1,
    'error',
    'article-date',
    named === undefined ? 'has no date' : `"${named}" in the file's name is not a date`,
    'Add `date: 2026-01-30T05:06:00+05:30`, or name the file 2026-01-30-slug.md. If the files are in git: `articles: { dates_from: git }` in publication.yaml.',
  )
  return undefined
}

/** Eleventy's ways to ask for one. */
function asksForTime(date: unknown): boolean {
  return typeof date === 'string' && /^(?:git )?(?:created|last modified)$/i.test(date.trim())
}

function gitDate(front: FrontMatter, which: 'first' | 'last'): Timestamp | undefined {
  return readDate(front.gitDates(which).dates.get(front.file.normalize()), front.zone)
}

/** The file's own time is that of the copy: a fresh clone would make everything new, and mail it. */
function reportNotCommitted(front: FrontMatter, asks: boolean): void {
  const { dates, isShallow } = front.gitDates('first')
  const why = isShallow
    ? 'git has only the last commits here, which do not say when this file was made'
    : dates.size > 0
      ? 'git has no commit of this file'
      : 'there is no git here that knows the file, and its own time is another one in every copy of it'
  const advice = isShallow
    ? 'Fetch all commits (`git fetch --unshallow`, in a workflow `fetch-depth: 0`), or write'
    : dates.size > 0
      ? 'Commit it, or write'
      : 'Write'
  front.problem(
    asks ? 'date' : 1,
    'error',
    'article-date',
    asks ? `date: ${quote(front.values.date)} is no date here: ${why}` : `has no date: ${why}`,
    `${advice} the date itself: \`date: 2026-01-30T05:06:00+05:30\`.`,
  )
}

/** Zola's `path = "2019/05/15/x"`, and what Jekyll once made. */
function permalinkDate(front: FrontMatter): Timestamp | undefined {
  const parts = /(?:^|\/)([12]\d{3})[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)/.exec(scalar(front.values.url) ?? '')
  return parts ? readDate(parts.slice(1).join('-'), front.zone) : undefined
}

/** Until a `publishDate` that is still to come, that is its date: nothing shows it before. Then `date` is, as in Hugo. */
function withEmbargo(front: FrontMatter, date: Timestamp): PublishedDate {
  const { releases, values, now } = front
  if (releases.length === 0 && values.embargo === undefined) return { date, isOfThisRun: false }
  let latest: Timestamp | undefined
  for (const value of [...releases, ...(values.embargo === undefined ? [] : [values.embargo])]) {
    const { zone } = front
    const release = readDate(value, zone) ?? readDayAlone(value, zone) ?? readMonthAlone(value, zone)
    if (release && release.at > (latest ?? date).at) latest = release
  }
  return latest && latest.at > now ? { date: latest, isOfThisRun: true } : { date, isOfThisRun: false }
}

/** Whether the front matter, or the folder, keeps an article from being published. */
export function heldBack(front: FrontMatter): { readonly draft: boolean; readonly unlisted: boolean } {
  let draft = isHeldBack(front, 'draft') || (/draft/i.test(front.file) && IN_DRAFTS.test(front.file))
  let unlisted = isHeldBack(front, 'unlisted')
  for (const { key, group, value, hold, isGuess } of front.heldBackBy) {
    if (isAboutButtons(key, front.file, front.extra, front.files.tools)) continue
    if (hold === 'draft') draft = true
    else unlisted = true
    if (isGuess && !(/^share$/i.test(key) && front.files.tools.has('obsidian')))
      front.problem(
        { key, group },
        'warning',
        'held-back',
        `${key}: ${quote(value)} is taken for ${hold === 'draft' ? 'a draft' : 'unlisted'}`,
        `Write \`draft: true\` or \`unlisted: true\`, or take \`${key}\` away to have it published.`,
      )
  }
  const { embargo } = front.values
  if (
    embargo !== undefined &&
    truth(embargo) !== false &&
    !readDayAlone(embargo, front.zone) &&
    !readDate(embargo, front.zone)
  ) {
    draft = true
    front.problem(
      'embargo',
      'warning',
      'held-back',
      `${quote(embargo)} is no date until which it could be held back: it is taken for a draft`,
      EXAMPLE,
    )
  }
  return { draft, unlisted }
}

/** `_drafts/a.md`, `drafts/a.md`, `a.draft.md`. */
const IN_DRAFTS = /\/_?drafts?\/|\.draft\.\w+$/i

/** What is neither yes nor no is taken for yes: better held back than published. */
function isHeldBack(front: FrontMatter, field: 'draft' | 'unlisted'): boolean {
  const value = front.values[field]
  if (value === undefined) return false
  const answer = truth(value)
  if (answer === undefined)
    warn(
      front,
      field,
      `${field}: ${quote(value)} is neither true nor false; taken for ${field === 'draft' ? 'a draft' : 'unlisted'}`,
      `Write \`${field}: true\` or \`${field}: false\`.`,
    )
  return answer ?? true
}

/** Never before the date; moved on by the newest entry of a live blog. */
export function updatedDate(
  front: FrontMatter,
  date: Timestamp,
  content: Content,
  live: boolean,
): Timestamp | undefined {
  let updated = dateField(front, 'updated', 'warning') ?? lastCommit(front, date)
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

/** Eleventy's `date: git Last Modified`: what it is sorted by there. */
function lastCommit(front: FrontMatter, { at }: Timestamp): Timestamp | undefined {
  const { date } = front.values
  const last = asksForTime(date) && /modified/i.test(`${date}`) ? gitDate(front, 'last') : undefined
  return last && last.at > at ? last : undefined
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
  /** Whether a time that an article names is still to come. */
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
      message: `was last changed at ${when}, which is still to come; the change is not announced until then`,
      advice: live
        ? 'Correct the time of the newest entry, or write its day: ## 2026-01-30 23:50 …'
        : 'Correct `updated:` in the front matter.',
    })
    return withField(shown, 'updated', undefined)
  })
  return { articles, early, turns }
}

/** Its body is read when it is asked for: the property is copied, not its value. */
export function withField<Name extends keyof Article>(
  article: Article,
  name: Name,
  value: Article[Name],
): Article {
  return Object.defineProperties({} as Article, {
    ...Object.getOwnPropertyDescriptors(article),
    [name]: { value, enumerable: true, configurable: true, writable: true },
  })
}
