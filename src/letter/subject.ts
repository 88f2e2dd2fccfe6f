// Edition and publication → the subject: the note's own as plain text, or the newsletter's line filled with the edition.

import { readerMarks } from '../edition/index.ts'
import type { Edition, Publication } from '../model.ts'
import { fillLine } from '../templates/index.ts'
import { sendableLine } from './sendable.ts'
import { shorten } from './shorten.ts'

/** Of a line that is filled by itself; what an editor wrote stays as it is. Inboxes show about 60. */
const MOST = 78

/** One line without control characters; where a reader's name would stand, its fallback does. Never empty. */
export function editionSubject(edition: Edition, publication: Publication): string {
  return subjectFor(edition, publication, (_name, fallback) => fallback)
}

/** @param reader what `{{reader "name" "there"}}` becomes: a slot in the letter, the fallback elsewhere */
export function subjectFor(
  edition: Edition,
  publication: Publication,
  reader: (name: string, fallback: string) => string,
): string {
  const { note, newsletter } = edition
  const own = note?.subject === undefined ? '' : sendableLine(readerMarks(sendableLine(note.subject), reader))
  if (own) return own
  const where = `subject of newsletter ${newsletter.id}`
  const filled = sendableLine(fillLine(newsletter.subject, { edition, publication }, where, reader))
  if (filled) return filled.includes('⟦') ? filled : shorten(filled, MOST)
  return `${sendableLine(newsletter.title)}, ${day(edition, publication)}`
}

function day(edition: Edition, publication: Publication): string {
  const style = { dateStyle: 'long', timeZone: publication.timezone } as const
  return new Intl.DateTimeFormat(edition.newsletter.language, style).format(edition.sendAt)
}
