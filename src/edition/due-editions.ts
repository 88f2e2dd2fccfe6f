// The folder, a newsletter, the time and the ledger → what `send --due` sends now, and what it passes over and why; and the
// editions that come later.
//
// A machine that was off during several slots sends only the latest edition: what an edition carries is decided by what was
// not sent yet, so the latest has the articles of the missed ones too. Where every article is an edition, all are sent.

import { DAY_MS, isoTime, openZone } from '../base/index.ts'
import { settingLine } from '../content/index.ts'
import type { Article, ArticleState, Diagnostic, Edition, Loaded, Newsletter, Slot } from '../model.ts'
import { type History, planEdition, planFrom, recordedArticles } from './plan-edition.ts'
import {
  articleSlots,
  comingSlot,
  findSlot,
  isExtra,
  lastSlot,
  nextSlot,
  oldestFirst,
  slotsBetween,
} from './slots.ts'

/** A slot missed by more than three days is not sent by `--due`. */
const MAX_DELAY_MS = 3 * DAY_MS

interface EditionLedger extends History {
  /** '<newsletter>/<id>' of every edition that the ledger has as frozen, sent, skipped or cancelled. */
  readonly settled: ReadonlySet<string>
}

type PassedReason =
  | 'nothing new'
  | 'on hold'
  | 'a later edition replaces it'
  | 'missed by more than three days'
  | 'before the first edition'

export interface DueEditions {
  /** To be sent, oldest first: at most one, unless every article is an edition. */
  readonly editions: readonly Edition[]
  /** Due, but neither settled nor sent. 'nothing new' is to be recorded; the other reasons are found again next time. */
  readonly passed: readonly { readonly id: string; readonly why: PassedReason }[]
}

/**
 * @param now ms since epoch
 * @param ledger of this newsletter
 */
export function dueEditions(
  loaded: Loaded,
  newsletter: Newsletter,
  now: number,
  ledger: EditionLedger,
): DueEditions {
  const isSettled = ({ id }: { id: string }) => ledger.settled.has(editionName(newsletter, id))
  const slots = recentSlots(loaded, newsletter, now)
  const due = slots
    .filter(slot => !isSettled(slot))
    .map(slot => planEdition(loaded, newsletter, slot, ledger))
    .filter(edition => edition.sendAt <= now)
    .sort((left, right) => left.sendAt - right.sendAt || left.until - right.until)
  const ready = due.filter(edition => !edition.hold && edition.sendAt >= now - MAX_DELAY_MS)
  const lastSettled = Math.max(...slots.filter(isSettled).map(slot => slot.until))

  function why(edition: Edition): PassedReason | undefined {
    if (edition.hold) return 'on hold'
    if (edition.sendAt < now - MAX_DELAY_MS) return 'missed by more than three days'
    if (newsletter.every === 'article') {
      const first = ledger.reach ?? ready.at(-1)!.until
      if (edition.until < first) return 'before the first edition'
    } else if (edition !== ready.at(-1) || edition.until < lastSettled) return 'a later edition replaces it'
    return edition.articles.length === 0 ? 'nothing new' : undefined
  }

  const judged = due.map(edition => ({ edition, why: why(edition) }))
  return {
    editions: judged.filter(({ why }) => why === undefined).map(({ edition }) => edition),
    passed: judged.flatMap(({ edition, why }) => {
      // Nobody missed anything in an old slot without an article.
      const isEmpty = why === 'missed by more than three days' && edition.articles.length === 0
      return why === undefined || isEmpty ? [] : { id: edition.id, why }
    }),
  }
}

/** '<newsletter>/<id>': its name in letters and in the ledger. */
export function editionName(newsletter: Pick<Newsletter, 'id'>, id: string): string {
  return `${newsletter.id}/${id}`
}

/** The slots of the last three days, the one before (to report that it was missed), and those whose note sets a time. */
function recentSlots(loaded: Loaded, newsletter: Newsletter, now: number): Slot[] {
  const slots = new Map<string, Slot>()
  const add = (slot: Slot | undefined) => slot && slots.set(slot.id, slot)
  if (newsletter.every === 'article') {
    const out = articleSlots(loaded, newsletter).map(({ slot }) => slot)
    for (const slot of out) if (slot.until >= now - MAX_DELAY_MS && slot.until <= now) add(slot)
  } else {
    const { timezone } = loaded.publication
    for (const slot of slotsBetween(newsletter, timezone, now - MAX_DELAY_MS - 1, now)) add(slot)
    if (slots.size === 0) add(lastSlot(newsletter, timezone, now))
  }
  for (const note of loaded.notes) {
    if (note.newsletter !== newsletter.id || note.extra || !note.sendAt) continue
    if (note.sendAt.at <= now && note.sendAt.at >= now - MAX_DELAY_MS)
      add(findSlot(loaded, newsletter, note.id))
  }
  return [...slots.values()]
}

/** The one whose slot comes next. @returns undefined where no slot is to come */
export function comingEdition(
  loaded: Loaded,
  newsletter: Newsletter,
  now: number,
  history: History,
): Edition | undefined {
  const slot = comingSlot(loaded, newsletter, now)
  return slot && editionAt(loaded, newsletter, slot, history)
}

/** Of a slot that may be still to come: with what is dated before its end, and without what expires before. */
export function editionAt(loaded: Loaded, newsletter: Newsletter, slot: Slot, history: History): Edition {
  return planEdition(asOf(loaded, slot.until), newsletter, slot, history)
}

/** The same folder at a later time: what is dated until then is out, and what expires before is gone. @param at ms since epoch */
function asOf(loaded: Loaded, at: number): Loaded {
  const articles = loaded.articles.map(article => {
    const { state, date, expires } = article
    const isOver = expires !== undefined && expires.at <= at
    if (state === 'future' && date.at <= at) return withState(article, isOver ? 'expired' : 'published')
    return state === 'published' && isOver ? withState(article, 'expired') : article
  })
  return { ...loaded, articles }
}

/** A copy whose text is still read only when it is asked for. */
export function withState(article: Article, state: ArticleState): Article {
  const fields = Object.getOwnPropertyDescriptors(article)
  return Object.defineProperties({}, { ...fields, state: { ...fields.state, value: state } }) as Article
}

// ─── The editions so far ─────────────────────────────────────────────────────────────────────────────────────────────
//
// The folder, a newsletter and the time → every edition so far, as it follows from the folder alone, oldest first: what
// `build` shows.

/**
 * The editions that were due by `now`, have articles and are not on hold. An article is in the first edition that can
 * carry it; what an edition on hold would have carried goes to the next. Only windows with articles or a note are planned,
 * so that a daily newsletter of twenty years costs no more than its articles.
 *
 * @param now ms since epoch
 */
export function editionsOf(loaded: Loaded, newsletter: Newsletter, now: number): Edition[] {
  const editions: Edition[] = []
  const history = noHistory()
  let waiting: readonly Article[] = []
  for (const { slot, articles } of windowsOf(loaded, newsletter, now)) {
    const outside = isExtra(loaded, newsletter, slot)
    const pool = outside ? [] : [...waiting, ...articles]
    const edition = planFrom(loaded, newsletter, slot, history, pool)
    if (edition.sendAt > now || edition.articles.length === 0) continue
    if (outside && edition.hold) continue
    if (edition.hold) {
      // As in the ledger: the first edition ever has no articles from before its own window.
      if (history.reach !== undefined && newsletter.every !== 'article') waiting = edition.articles
      continue
    }
    editions.push(edition)
    record(history, edition)
    if (!outside) waiting = []
  }
  return editions
}

/** More past editions than this, and nobody said when the first was: perhaps none of them was ever sent. */
const MAX_EDITIONS_WITHOUT_SINCE = 10

/** A warning where the past of a newsletter may be invented. @param past its editions, oldest first */
export function missingSince(
  { publication, settings }: Loaded,
  newsletter: Newsletter,
  past: readonly Edition[],
): Diagnostic[] {
  if (newsletter.since !== undefined || past.length <= MAX_EDITIONS_WITHOUT_SINCE) return []
  const at = publication.newsletters.findIndex(({ id }) => id === newsletter.id)
  const first = isoTime(past[0]!.until, openZone(publication.timezone)).slice(0, 10)
  return [
    {
      file: settings.file,
      line: settingLine(settings.text, ['newsletters', at, 'id']),
      rule: 'newsletter-since',
      severity: 'warning',
      message: `newsletter ${newsletter.id} has ${past.length} past editions, back to ${past[0]!.id}: nothing says whether they were ever sent`,
      advice: `Write the day of its first edition beside its id: since: '${first}' if all of them were sent; the day on which you begin, if none was.`,
    },
  ]
}

/** What the next edition must know of these. @param past editions of one newsletter, oldest first */
export function folderHistory(past: readonly Edition[]): History {
  const history = noHistory()
  for (const edition of past) record(history, edition)
  return history
}

interface FolderHistory extends History {
  readonly carried: Set<string>
  readonly omitted: Set<string>
  reach: number | undefined
}

function noHistory(): FolderHistory {
  return { carried: new Set(), omitted: new Set(), reach: undefined }
}

function record(history: FolderHistory, edition: Edition): void {
  const { carried, omitted } = recordedArticles(edition)
  history.reach ??= edition.from
  for (const id of carried) {
    history.carried.add(id)
    history.omitted.delete(id)
  }
  for (const id of omitted) {
    history.carried.add(id)
    history.omitted.add(id)
  }
}

interface Window {
  readonly slot: Slot
  readonly articles: Article[]
}

/** The windows that have an article or a note, ascending. */
function windowsOf(loaded: Loaded, newsletter: Newsletter, now: number): Window[] {
  if (newsletter.every === 'article') {
    return articleSlots(loaded, newsletter).map(({ slot, article }) => ({ slot, articles: [article] }))
  }
  const { timezone } = loaded.publication
  const windows = new Map<string, Window>()
  let slot: Slot | undefined
  for (const article of [...loaded.articles].sort(oldestFirst)) {
    if (!slot || article.date.at > slot.until) slot = nextSlot(newsletter, timezone, article.date.at - 1)!
    // From before the window of its first edition.
    if (article.date.at <= slot.from) continue
    const window = windows.get(slot.id) ?? { slot, articles: [] }
    windows.set(slot.id, window)
    window.articles.push(article)
  }
  for (const { newsletter: of, id } of loaded.notes) {
    const noted = of === newsletter.id && !windows.has(id) ? findSlot(loaded, newsletter, id) : undefined
    if (noted) windows.set(id, { slot: noted, articles: [] })
  }
  return [...windows.values()]
    .filter(window => window.slot.from < now)
    .sort((left, right) => left.slot.until - right.slot.until)
}
