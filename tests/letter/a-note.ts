// Overrides → an editor's note of the weekly edition 2026-W05.

import type { EditionNote } from '../../src/model.ts'

export function aNote(overrides: Partial<EditionNote> = {}): EditionNote {
  const note = { newsletter: 'weekly', id: '2026-W05', ...overrides }
  return {
    file: `articles/editions/${note.newsletter}/${note.id}.md`,
    pick: [],
    omit: [],
    order: [],
    hold: false,
    extra: false,
    body: '',
    bodyLine: 1,
    ...note,
  }
}
