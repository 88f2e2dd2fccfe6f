// The folder, a newsletter and the time → every edition so far, as it follows from the folder alone, oldest first: what
// `build` shows.

import type { Article, Edition, Loaded, Newsletter, Slot } from '../model.ts'
import { type History, planFrom, recordedArticles } from './plan-edition.ts'
import { articleSlots, findSlot, nextSlot, oldestFirst } from './slots.ts'

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
    const edition = planFrom(loaded, newsletter, slot, history, [...waiting, ...articles])
    if (edition.sendAt > now || edition.articles.length === 0) continue
    if (edition.hold) {
      // As in the ledger: the first edition ever has no articles from before its own window.
      if (history.reach !== undefined && newsletter.every !== 'article') waiting = edition.articles
      continue
    }
    editions.push(edition)
    record(history, edition)
    waiting = []
  }
  return editions
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
  for (const id of [...carried, ...omitted]) history.carried.add(id)
  for (const id of carried) history.omitted.delete(id)
  for (const id of omitted) history.omitted.add(id)
}

interface Window {
  readonly slot: Slot
  readonly articles: Article[]
}

/** The windows that have an article or a note, ascending. */
function windowsOf(loaded: Loaded, newsletter: Newsletter, now: number): Window[] {
  if (newsletter.every === 'article') {
    return articleSlots(loaded).map(({ slot, article }) => ({ slot, articles: [article] }))
  }
  const { timezone } = loaded.publication
  const windows = new Map<string, Window>()
  let slot: Slot | undefined
  for (const article of [...loaded.articles].sort(oldestFirst)) {
    if (!slot || article.date.at > slot.until) slot = nextSlot(newsletter, timezone, article.date.at - 1)!
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
