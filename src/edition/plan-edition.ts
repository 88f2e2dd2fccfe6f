// The folder, a newsletter, a slot and the history → the edition: what it carries, in which order, what not and why; and the
// smaller ones for readers who chose topics.

import type { Article, Edition, EditionNote, LeftOut, Loaded, Newsletter, Section, Slot } from '../model.ts'
import {
  type ArticleFinder,
  articleFinder,
  articleSlots,
  extraId,
  isExtra,
  newestSlot,
  nextSlot,
} from './slots.ts'

/** What earlier editions of the newsletter carried. An article is new when it was in none of them, whatever its date. */
export interface History {
  /** Ids of all articles recorded with a frozen edition: those it carried and those an editor left out. */
  readonly carried: ReadonlySet<string>
  /** Those of `carried` that an editor left out: they come only when an editor picks them. */
  readonly omitted?: ReadonlySet<string> | undefined
  /** `from` of the first edition ever frozen, ms since epoch: nothing older comes. Undefined when there is none yet. */
  readonly reach?: number | undefined
}

/**
 * Plans one edition from everything in the folder. An edition without articles is not sent.
 *
 * @param history of this newsletter's editions that were frozen; `{ carried: new Set() }` where there is none
 */
export function planEdition(loaded: Loaded, newsletter: Newsletter, slot: Slot, history: History): Edition {
  return planFrom(loaded, newsletter, slot, history, candidates(loaded, newsletter, slot, history))
}

function candidates(
  loaded: Loaded,
  newsletter: Newsletter,
  slot: Slot,
  { carried, reach }: History,
): Article[] {
  if (isExtra(loaded, newsletter, slot)) return []
  if (newsletter.every === 'article') {
    return articleSlots(loaded, newsletter)
      .filter(made => made.slot.id === slot.id)
      .map(made => made.article)
  }
  const floor = Math.min(reach ?? slot.from, slot.from)
  return loaded.articles.filter(
    ({ id, date }) => date.at <= slot.until && (date.at > slot.from || (date.at > floor && !carried.has(id))),
  )
}

/**
 * The same from articles that the caller has found: who plans a thousand windows need not search all articles each time.
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
 * An edition outside the schedule that is one article, for news that cannot wait.
 *
 * @param name its id, slug or file name
 * @returns without articles where it was sent before or is not out; undefined where there is no such article
 */
export function articleEdition(
  loaded: Loaded,
  newsletter: Newsletter,
  name: string,
  { carried }: History,
): Edition | undefined {
  const article = articleFinder(loaded.articles)(name)
  if (!article) return undefined
  const { id, state, date, url } = article
  const why = state !== 'published' ? state : carried.has(id) ? 'already sent' : undefined
  return {
    newsletter,
    id: extraId(article),
    from: date.at,
    until: date.at,
    sendAt: date.at,
    hold: false,
    url,
    parts: [],
    ...(why
      ? { articles: [], leftOut: [{ article: id, why }] }
      : { lead: article, articles: [article], leftOut: [] }),
  }
}

/**
 * What the ledger records with a frozen edition: none of these comes again by itself.
 *
 * @returns article ids
 */
export function recordedArticles(edition: Edition): { carried: string[]; omitted: string[] } {
  return {
    carried: edition.articles.map(article => article.id),
    omitted: edition.leftOut.filter(({ why }) => isDecision(why)).map(({ article }) => article),
  }
}

/** Whether a slot before the newest had an article for this newsletter: an edition of it was sent, or could have been. */
export function hasEarlierSlot(loaded: Loaded, newsletter: Newsletter, now: number): boolean {
  const newest = newestSlot(loaded, newsletter, now)
  if (!newest) return false
  // Where every article is an edition, the slot is the very instant of its article.
  const before = newest.from === newest.until ? newest.from : newest.from + 1
  const begins = firstWindow(loaded, newsletter)
  return loaded.articles.some(
    article =>
      article.date.at < before &&
      article.date.at > begins &&
      article.state !== 'draft' &&
      article.state !== 'future' &&
      isOfNewsletter(article, newsletter),
  )
}

/** Where the window of the first edition begins, ms since epoch: no edition has what is from before. */
function firstWindow({ publication }: Loaded, newsletter: Newsletter): number {
  const { since, every } = newsletter
  if (since === undefined) return Number.NEGATIVE_INFINITY
  if (every === 'article') return since - 1
  return nextSlot(newsletter, publication.timezone, since - 1)!.from
}

// ─── Which articles ─────────────────────────────────────────────────────────────────────────────────────────────────

/** The values of `LeftOut.why`. */
type Reason =
  | 'draft'
  | 'future'
  | 'expired'
  | 'withdrawn'
  | 'unlisted'
  | 'another section'
  | 'omitted by the editor'
  | 'not picked'
  | 'already sent'

interface Choice {
  readonly newsletter: Newsletter
  readonly slot: Slot
  readonly note: EditionNote | undefined
  readonly history: History
  readonly find: ArticleFinder
}

/**
 * What an editor's note decides: `omit` takes precedence over all else; with `pick` exactly those articles come, whatever
 * their section and date, and the rest of the window is left out for good; `lead` and `order` add what they name, too, but
 * leave nothing out. None of them adds an article that is not published or was sent.
 */
function selectArticles(
  { newsletter, slot, note, history, find }: Choice,
  pool: readonly Article[],
): { chosen: Article[]; leftOut: LeftOut[] } {
  const named = (references: readonly string[] = []) =>
    references.map(find).filter(article => article !== undefined)
  const picked = new Set(named(note?.pick))
  const requested = new Set([
    ...picked,
    ...named(note?.order),
    ...named(note?.lead === undefined ? [] : [note.lead]),
  ])
  const omitted = new Set(named(note?.omit))

  function reasonAgainst(article: Article): Reason | undefined {
    if (article.state !== 'published') return article.state
    const mayReturn = requested.has(article) && history.omitted?.has(article.id)
    if (history.carried.has(article.id) && !mayReturn) return 'already sent'
    if (omitted.has(article)) return 'omitted by the editor'
    if (requested.has(article)) return undefined
    if (!isOfNewsletter(article, newsletter)) return 'another section'
    return picked.size > 0 ? 'not picked' : undefined
  }

  const chosen: Article[] = []
  const leftOut: LeftOut[] = []
  for (const article of new Set([...pool, ...requested])) {
    const why = reasonAgainst(article)
    const isLate = article.date.at <= slot.from && slot.from < slot.until
    if (why === undefined) chosen.push(article)
    // Of older windows only what this edition decides is listed, not every draft there ever was.
    else if (!isLate || requested.has(article) || isDecision(why)) leftOut.push({ article: article.id, why })
  }
  return { chosen, leftOut }
}

/** Whether the article is recorded with the edition although it is not in it, and never comes again by itself. */
function isDecision(why: string): boolean {
  return why === 'omitted by the editor' || why === 'not picked'
}

/** In one of the newsletter's sections or with one of its tags; everything, when it names neither. */
function isOfNewsletter(article: Article, { sections, tags }: Newsletter): boolean {
  if (!sections?.length && !tags?.length) return true
  if (article.section && sections?.includes(article.section.slug)) return true
  return article.tags.some(tag => tags?.some(wanted => wanted.toLowerCase() === tag.toLowerCase()))
}

// ─── In which order ─────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The lead is the note's `lead`, else the first of its `order` (or `pick`), else the newest with a picture, else the newest.
 * Sections follow in the order of the settings, other sections by name, articles without one last; newest first within each.
 * What `order` (or `pick`) names comes first in its section, and sections with such articles come first.
 *
 * @param sections of the settings, in their order
 */
function arrangeArticles(
  chosen: readonly Article[],
  note: EditionNote | undefined,
  find: ArticleFinder,
  sections: readonly Section[],
): Pick<Edition, 'lead' | 'articles' | 'parts'> {
  const ordered = (note?.order.length ? note.order : (note?.pick ?? [])).map(find)
  const rank = (article: Article) => {
    const at = ordered.indexOf(article)
    return at === -1 ? Number.POSITIVE_INFINITY : at
  }
  const byRank = [...chosen].sort(
    (left, right) => compare(rank(left), rank(right)) || newestFirst(left, right),
  )

  const wanted = note?.lead === undefined ? undefined : find(note.lead)
  const lead =
    byRank.find(article => article === wanted) ??
    byRank.find(article => ordered.includes(article)) ??
    byRank.find(article => article.image) ??
    byRank[0]

  const groups = new Map<string, Article[]>()
  for (const article of byRank) {
    if (article === lead) continue
    const slug = article.section?.slug ?? ''
    const group = groups.get(slug)
    if (group) group.push(article)
    else groups.set(slug, [article])
  }
  const place = ([slug, articles]: [string, Article[]]) => {
    const known = sections.findIndex(section => section.slug === slug)
    return {
      slug,
      rank: rank(articles[0]!),
      known: known === -1 ? sections.length + Number(slug === '') : known,
    }
  }
  const parts = [...groups]
    .sort((left, right) => {
      const [a, b] = [place(left), place(right)]
      return compare(a.rank, b.rank) || a.known - b.known || (a.slug < b.slug ? -1 : 1)
    })
    .map(([, articles]) => ({ title: articles[0]!.section?.title ?? '', articles }))
  return { lead, parts, articles: lead ? [lead, ...parts.flatMap(part => part.articles)] : [] }
}

/** Subtraction of two infinities is not a number. */
function compare(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Date, then id: the order of `Loaded.articles`. */
function newestFirst(left: Article, right: Article): number {
  return right.date.at - left.date.at || (left.id < right.id ? -1 : 1)
}

// ─── Smaller editions for readers who chose topics ───────────────────────────────────────────────────────────────────

export interface EditionVariants {
  /**
   * @param topics section slugs and tags; none means everything
   * @returns 0 for the whole edition, undefined when nothing in it is on these topics; the same number for the same articles
   */
  variantOf(topics: readonly string[]): number | undefined
  /** @param variant as `variantOf` gave it */
  edition(variant: number): Edition
}

/** One for each distinct selection of its articles. */
export function editionVariants(whole: Edition): EditionVariants {
  const numbers = new Map<string, number>()
  const selections: (readonly Article[])[] = [whole.articles]
  numbers.set(keyOf(whole.articles), 0)

  function variantOf(topics: readonly string[]): number | undefined {
    if (topics.length === 0) return 0
    const wanted = new Set(topics.map(topic => topic.toLowerCase()))
    const articles = whole.articles.filter(article => isOn(article, wanted))
    if (articles.length === 0) return undefined
    const key = keyOf(articles)
    let number = numbers.get(key)
    if (number === undefined) {
      number = selections.push(articles) - 1
      numbers.set(key, number)
    }
    return number
  }

  return { variantOf, edition: variant => (variant === 0 ? whole : partOf(whole, selections[variant]!)) }
}

/** By its section or by any of its tags. */
function isOn({ section, tags }: Article, wanted: ReadonlySet<string>): boolean {
  return (
    (section !== undefined && wanted.has(section.slug.toLowerCase())) ||
    tags.some(tag => wanted.has(tag.toLowerCase()))
  )
}

/** In the whole edition's order; where its lead is not among them, the first with a picture leads. */
function partOf(whole: Edition, selected: readonly Article[]): Edition {
  const lead = selected.includes(whole.lead!)
    ? whole.lead!
    : (selected.find(({ image }) => image) ?? selected[0]!)
  const kept = new Set(selected.filter(article => article !== lead))
  const parts = whole.parts
    .map(({ title, articles }) => ({ title, articles: articles.filter(article => kept.has(article)) }))
    .filter(({ articles }) => articles.length > 0)
  return { ...whole, lead, parts, articles: [lead, ...parts.flatMap(({ articles }) => articles)] }
}

function keyOf(articles: readonly Article[]): string {
  return JSON.stringify(articles.map(({ id }) => id))
}
