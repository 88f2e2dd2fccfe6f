// An editor's note → its text with `{{reader …}}` replaced, its blocks and those of the newsletter, and what is wrong with
// it.

import type { Article, Block, Diagnostic, Edition, EditionNote, Loaded, Newsletter } from '../model.ts'
import { articleFinder, comingSlot, findSlot, slotOfSchedule } from './slots.ts'

// ─── Placeholders for a reader's own data ───────────────────────────────────────────────────────────────────────────

const READER_MARK = /\{\{\s*reader\s+(["'“”])([^"'“”{}|]*)["'“”](?:\s+(["'“”])([^"“”{}|]*?)["'“”])?\s*\}\}/g

/** The note as everybody may read it, with the fallback in place of a reader's name. */
export function noteForAll({ note }: Edition): string {
  return readerMarks(note?.body ?? '', (_name, fallback) => fallback)
}

/**
 * Text with every {{reader "name" "there"}} replaced. No other braces mean anything in a note.
 *
 * @param put the column and its fallback → the replacement
 */
export function readerMarks(text: string, put: (name: string, fallback: string) => string): string {
  return text.replace(READER_MARK, (_whole, _open, name: string, _open2, fallback: string | undefined) =>
    put(name, fallback ?? ''),
  )
}

// ─── Blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The editor's own blocks of an edition with the file that has them, those of the newsletter first. */
export function blocksOf({ newsletter, note }: Edition): (Block & { readonly file: string })[] {
  const own = (newsletter.blocks ?? []).map(block => ({ ...block, file: 'articles/publication.yaml' }))
  return [...own, ...(note?.blocks ?? []).map(block => ({ ...block, file: note!.file }))]
}

// ─── What is wrong with notes ───────────────────────────────────────────────────────────────────────────────────────

/** References to no article, ids that are in no schedule, contradicting fields. */
export function noteDiagnostics(loaded: Loaded): Diagnostic[] {
  const { newsletters } = loaded.publication
  return loaded.notes.flatMap(note => {
    const newsletter = newsletters.find(({ id }) => id === note.newsletter)
    if (!newsletter) return []
    return [...slotProblems(loaded, newsletter, note), ...referenceProblems(loaded, note)]
  })
}

function slotProblems(loaded: Loaded, newsletter: Newsletter, note: EditionNote): Diagnostic[] {
  const twin = loaded.notes.find(other => other.newsletter === note.newsletter && other.id === note.id)
  if (twin !== note) {
    return [problem(note, 'error', `${twin!.file} is the note of the same edition`, 'Keep one of the two.')]
  }
  const slot = findSlot(loaded, newsletter, note.id)
  if (!slot) {
    const coming = comingSlot(loaded, newsletter, loaded.articles[0]?.date.at ?? 0)
    const example = coming ? ` as ${coming.id}.md` : ''
    if (
      newsletter.since !== undefined &&
      slotOfSchedule(loaded, { ...newsletter, since: undefined }, note.id)
    )
      return [
        problem(
          note,
          'error',
          `${note.id} is before the first edition of newsletter ${newsletter.id}`,
          'Remove the note, or put `since` of that newsletter back to the day of its first edition.',
        ),
      ]
    const advice =
      newsletter.every === 'article'
        ? `Name the file after the slug of an article${example}.`
        : `Name the file after the ${newsletter.every} of the edition${example}.`
    return [problem(note, 'error', `newsletter ${newsletter.id} has no edition ${note.id}`, advice)]
  }
  if (note.extra && slotOfSchedule(loaded, newsletter, note.id))
    return [
      problem(
        note,
        'error',
        `extra: true, but ${note.id} is an edition of the schedule`,
        'Give the file another name, or remove `extra: true`.',
      ),
    ]
  if (note.extra && note.pick.length === 0)
    return [
      problem(note, 'error', 'extra: true, but it picks no article', 'Name its articles: `pick: [flood.md]`'),
    ]
  const early = note.sendAt && note.sendAt.at < slot.from
  return early
    ? [problem(note, 'error', 'send_at is before the edition’s window begins', 'Give a later time.')]
    : []
}

function referenceProblems(loaded: Loaded, note: EditionNote): Diagnostic[] {
  const find = articleFinder(loaded.articles)
  const omitted = new Set(note.omit.map(find).filter(article => article !== undefined))
  const named = { lead: note.lead === undefined ? [] : [note.lead], pick: note.pick, order: note.order }
  const problems: Diagnostic[] = []

  function findNamed(key: string, reference: string): Article | undefined {
    const article = find(reference)
    if (!article) {
      problems.push(
        problem(
          note,
          'error',
          `${key}: no article is called "${reference}"`,
          'Name it by its id, its slug or its file name.',
        ),
      )
    }
    return article
  }

  for (const reference of note.omit) findNamed('omit', reference)
  for (const [key, references] of Object.entries(named)) {
    for (const reference of references) {
      const article = findNamed(key, reference)
      if (article && omitted.has(article)) {
        problems.push(
          problem(note, 'error', `${key} and omit both name "${reference}"`, 'Take it out of one of them.'),
        )
      } else if (article && article.state !== 'published') {
        const message = `${key}: "${reference}" is not published (${article.state}) and will not be carried`
        problems.push(
          problem(note, 'warning', message, 'Publish it before the edition is due, or take it out.'),
        )
      }
    }
  }
  return problems
}

function problem(
  note: EditionNote,
  severity: Diagnostic['severity'],
  message: string,
  advice: string,
): Diagnostic {
  return { file: note.file, line: 0, rule: 'edition-note', severity, message, advice }
}
