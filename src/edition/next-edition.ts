// The folder, a newsletter, the time and what was sent → the edition that goes next, with what it holds so far.

import type { Article, ArticleState, Edition, Loaded, Newsletter } from '../model.ts'
import { comingSlot } from './article-slots.ts'
import { dueEditions, type EditionLedger } from './due-editions.ts'
import { editionsOf } from './editions-of.ts'
import { type History, planEdition, recordedArticles } from './plan-edition.ts'

export interface NextEdition {
  readonly edition: Edition
  /** Whether its time has come: `send` sends it now. */
  readonly isDue: boolean
}

/**
 * The one that is due and was not sent; else the one whose slot comes next, with what is dated before its end.
 *
 * @param ledger of this newsletter
 * @returns undefined where there is no slot to come: every article is an edition, and none waits
 */
export function nextEdition(
  loaded: Loaded,
  newsletter: Newsletter,
  now: number,
  ledger: EditionLedger,
): NextEdition | undefined {
  const due = dueEditions(loaded, newsletter, now, ledger).editions.at(-1)
  if (due) return { edition: due, isDue: true }
  const coming = comingEdition(loaded, newsletter, now, ledger)
  return coming && { edition: coming, isDue: false }
}

/** The one whose slot comes next. @param history what earlier editions carried; by default what the folder alone says of them */
export function comingEdition(
  loaded: Loaded,
  newsletter: Newsletter,
  now: number,
  history: History = folderHistory(editionsOf(loaded, newsletter, now)),
): Edition | undefined {
  const slot = comingSlot(loaded, newsletter, now)
  return slot && planEdition(asOf(loaded, slot.until), newsletter, slot, history)
}

/** @param past editions of one newsletter, oldest first */
export function folderHistory(past: readonly Edition[]): History {
  const recorded = past.map(recordedArticles)
  return {
    carried: new Set(recorded.flatMap(({ carried, omitted }) => [...carried, ...omitted])),
    omitted: new Set(recorded.flatMap(({ omitted }) => omitted)),
    reach: past[0]?.from,
  }
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
