// Folder, newsletter, slot and history → the edition: what it carries in which order, what it leaves out and why.

import type { Article, Edition, Loaded, Newsletter, Slot } from '../model.ts'
import { arrangeArticles } from './arrange-articles.ts'
import { articleSlots } from './article-slots.ts'
import { articleFinder } from './find-article.ts'
import { type History, isDecision, selectArticles } from './select-articles.ts'

/**
 * Plans one edition from everything in the folder. An edition without articles is one that does not come.
 *
 * @param history of this newsletter's editions that were frozen; `{ carried: new Set() }` where there is none
 */
export function planEdition(loaded: Loaded, newsletter: Newsletter, slot: Slot, history: History): Edition {
  return planFrom(loaded, newsletter, slot, history, poolOf(loaded, newsletter, slot, history))
}

/**
 * The same from a pool that the caller knows: planning a thousand windows need not look a thousand times at all articles.
 *
 * @param pool articles in every state that are in the window, or older and perhaps late
 */
export function planFrom(
  loaded: Loaded,
  newsletter: Newsletter,
  slot: Slot,
  history: History,
  pool: readonly Article[],
): Edition {
  const note = loaded.notes.find(({ newsletter: of, id }) => of === newsletter.id && id === slot.id)
  const find = articleFinder(loaded.articles)
  const { chosen, leftOut } = selectArticles({ newsletter, slot, note, history, find }, pool)
  return {
    newsletter,
    ...slot,
    sendAt: note?.sendAt?.at ?? slot.until,
    hold: note?.hold ?? false,
    note,
    ...arrangeArticles(chosen, note, find, loaded.publication.sections),
    leftOut,
  }
}

/**
 * What the ledger records with a frozen edition: none of these comes by itself again.
 *
 * @returns article ids
 */
export function recordedArticles(edition: Edition): { carried: string[]; omitted: string[] } {
  return {
    carried: edition.articles.map(article => article.id),
    omitted: edition.leftOut.filter(({ why }) => isDecision(why)).map(({ article }) => article),
  }
}

function poolOf(loaded: Loaded, newsletter: Newsletter, slot: Slot, { carried, reach }: History): Article[] {
  if (newsletter.every === 'article') {
    return articleSlots(loaded)
      .filter(made => made.slot.id === slot.id)
      .map(made => made.article)
  }
  const floor = Math.min(reach ?? slot.from, slot.from)
  return loaded.articles.filter(
    ({ id, date }) => date.at <= slot.until && (date.at > slot.from || (date.at > floor && !carried.has(id))),
  )
}
