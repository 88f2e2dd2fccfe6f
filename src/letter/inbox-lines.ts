// An edition → the two lines of its letter that an inbox shows: the subject, and the preheader after it.

import { readerMarks } from '../edition/index.ts'
import type { Edition, Loaded, Publication, Renderer } from '../model.ts'
import { fillLine } from '../templates/index.ts'
import { sendableLine, shorten } from './mail-text.ts'

/** What `{{reader "name" "there"}}` becomes: a slot in the letter, its fallback elsewhere. */
export type ReaderMark = (name: string, fallback: string) => string

/** Characters of a subject from the newsletter's template; one that an editor wrote is not cut. Inboxes show about 60. */
const MAX_SUBJECT_LENGTH = 78

/** One line without control characters, with the fallback in place of a reader's name. Never empty. */
export function editionSubject(edition: Edition, publication: Publication): string {
  return subjectLine(edition, publication, (_name, fallback) => fallback)
}

/** The subject in the editor's note, else the newsletter's template filled with the edition. Never empty. */
export function subjectLine(edition: Edition, publication: Publication, reader: ReaderMark): string {
  const { note, newsletter } = edition
  const own = sendableLine(readerMarks(note?.subject ?? '', reader))
  if (own) return own
  const where = `subject of newsletter ${newsletter.id}`
  const filled = sendableLine(fillLine(newsletter.subject, { edition, publication }, where, reader))
  // A slot must not be cut.
  if (filled) return filled.includes('⟦') ? filled : shorten(filled, MAX_SUBJECT_LENGTH)
  return `${sendableLine(newsletter.title)}, ${dayOf(edition, publication)}`
}

function dayOf(edition: Edition, publication: Publication): string {
  const style = { dateStyle: 'long', timeZone: publication.timezone } as const
  return new Intl.DateTimeFormat(edition.newsletter.language, style).format(edition.sendAt)
}

/** Characters of a preheader that is put together: texts are added until it is halfway between the two. */
const MIN_PREHEADER_LENGTH = 40
const MAX_PREHEADER_LENGTH = 160
/** Characters of one that an editor wrote. */
const MAX_OWN_PREHEADER_LENGTH = 200

/** The preheader in the editor's note, else the lead's summary and the other headlines: real words without filler. */
export function preheaderLine(
  edition: Edition,
  { publication }: Loaded,
  renderer: Renderer,
  subject: string,
): string {
  const own = sendableLine(edition.note?.preheader ?? '')
  if (own) return shorten(own, MAX_OWN_PREHEADER_LENGTH)
  const [first, ...others] = edition.articles
  const offers = [
    first ? (first.summary ?? renderer.body(first).summary) : '',
    ...others.map(article => article.title),
    publication.tagline,
    edition.newsletter.title,
    publication.title,
  ].map(sendableLine)
  const taken: string[] = []
  for (const offer of offers) {
    if (!offer || offer === subject || taken.includes(offer)) continue
    taken.push(offer)
    if (taken.join(' · ').length >= (MIN_PREHEADER_LENGTH + MAX_PREHEADER_LENGTH) / 2) break
  }
  return shorten(taken.join(' · '), MAX_PREHEADER_LENGTH)
}
