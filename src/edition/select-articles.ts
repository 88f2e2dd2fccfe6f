// The articles of a window, what went before and the editor's note → those that the edition carries, and why not the others.

import type { Article, EditionNote, LeftOut, Newsletter, Slot } from '../model.ts'
import type { ArticleFinder } from './find-article.ts'

/** What the newsletter's earlier editions leave to this one. What is new is decided by identity, not by date. */
export interface History {
  /** Ids of all articles recorded with an edition that was frozen: those it carried and those deliberately left out. */
  readonly carried: ReadonlySet<string>
  /** Those of `carried` that were left out: they come only when an editor picks them. */
  readonly omitted?: ReadonlySet<string> | undefined
  /** `from` of the first edition ever frozen, ms since epoch; undefined before it, and then nothing reaches further back. */
  readonly reach?: number | undefined
}

/** The words of `LeftOut.why`. */
export type Why =
  | 'draft'
  | 'future'
  | 'expired'
  | 'withdrawn'
  | 'unlisted'
  | 'another section'
  | 'omitted by the editor'
  | 'not picked'
  | 'already sent'

export interface Selection {
  readonly chosen: readonly Article[]
  readonly leftOut: readonly LeftOut[]
}

export interface Choice {
  readonly newsletter: Newsletter
  readonly slot: Slot
  readonly note: EditionNote | undefined
  readonly history: History
  readonly find: ArticleFinder
}

/**
 * The note's words: `omit` rules over all else; with `pick` exactly those come, whatever their section and date, and the
 * rest of the window is passed over for good; `lead` and `order` bring what they name as `pick` does, but limit nothing.
 * No word brings an article that is not published or was sent.
 *
 * @param pool articles in every state that are in the window, or older and perhaps late
 */
export function selectArticles(choice: Choice, pool: readonly Article[]): Selection {
  const { slot, note, find } = choice
  const named = (references: readonly string[] = []) =>
    references.map(find).filter(article => article !== undefined)
  const picked = new Set(named(note?.pick))
  const asked = new Set([
    ...picked,
    ...named(note?.order),
    ...named(note?.lead === undefined ? [] : [note.lead]),
  ])
  const omitted = new Set(named(note?.omit))

  function why(article: Article): Why | undefined {
    if (article.state !== 'published') return article.state
    const mayReturn = asked.has(article) && choice.history.omitted?.has(article.id)
    if (choice.history.carried.has(article.id) && !mayReturn) return 'already sent'
    if (omitted.has(article)) return 'omitted by the editor'
    if (asked.has(article)) return undefined
    if (!isMeantFor(choice.newsletter, article)) return 'another section'
    return picked.size > 0 ? 'not picked' : undefined
  }

  const chosen: Article[] = []
  const leftOut: LeftOut[] = []
  for (const article of new Set([...pool, ...asked])) {
    const reason = why(article)
    const late = article.date.at <= slot.from && slot.from < slot.until
    if (reason === undefined) chosen.push(article)
    // Of an older window only what this edition decides about is worth a word, not every draft there ever was.
    else if (!late || asked.has(article) || isDecision(reason))
      leftOut.push({ article: article.id, why: reason })
  }
  return { chosen, leftOut }
}

/** Whether the article is recorded with the edition although it is not in it: it never comes by itself again. */
export function isDecision(why: string): boolean {
  return why === 'omitted by the editor' || why === 'not picked'
}

/** In one of the newsletter's sections or with one of its tags; everything, when it names neither. */
function isMeantFor({ sections, tags }: Newsletter, article: Article): boolean {
  if (!sections?.length && !tags?.length) return true
  if (article.section && sections?.includes(article.section.slug)) return true
  return article.tags.some(tag => tags?.some(wanted => wanted.toLowerCase() === tag.toLowerCase()))
}
