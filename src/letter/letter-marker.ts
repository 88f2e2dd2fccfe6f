// Edition and publication → 12 hex digits that follow from what the letter says, so that nothing it says can hold them.

import { createHash } from 'node:crypto'
import type { Edition, Publication } from '../model.ts'

export function letterMarker(edition: Edition, publication: Publication): string {
  const { newsletter, note } = edition
  const said = [
    'letter',
    newsletter,
    edition.id,
    edition.sendAt,
    note && [note.subject, note.preheader, note.body],
    edition.articles.map(({ extra: _, ...article }) => article),
    edition.parts.map(part => [part.title, part.articles.map(article => article.id)]),
    { ...publication, dir: '', newsletters: [], mail: {} },
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12)
}
