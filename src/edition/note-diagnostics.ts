// Editor's notes → what is wrong with them: references that name no article, ids that no schedule has, words at odds.

import type { Article, Diagnostic, EditionNote, Loaded, Newsletter } from '../model.ts'
import { comingSlot, findSlot } from './article-slots.ts'
import { articleFinder } from './find-article.ts'

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
    const advice =
      newsletter.every === 'article'
        ? `Name the file after the slug of an article${example}.`
        : `Name the file after the ${newsletter.every} of the edition${example}.`
    return [problem(note, 'error', `newsletter ${newsletter.id} has no edition ${note.id}`, advice)]
  }
  const early = note.sendAt && note.sendAt.at < slot.from
  return early
    ? [problem(note, 'error', 'send_at is before the edition’s window begins', 'Give a later time.')]
    : []
}

function referenceProblems(loaded: Loaded, note: EditionNote): Diagnostic[] {
  const find = articleFinder(loaded.articles)
  const omitted = new Set(note.omit.map(find).filter(article => article !== undefined))
  const wanted = { lead: note.lead === undefined ? [] : [note.lead], pick: note.pick, order: note.order }
  const problems: Diagnostic[] = []

  function look(key: string, reference: string): Article | undefined {
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

  for (const reference of note.omit) look('omit', reference)
  for (const [key, references] of Object.entries(wanted)) {
    for (const reference of references) {
      const article = look(key, reference)
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
