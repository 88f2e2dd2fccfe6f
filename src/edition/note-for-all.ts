// Edition → its editor's note as everybody may read it: where a reader's name would stand, its fallback does.

import type { Edition } from '../model.ts'
import { readerMarks } from './reader-marks.ts'

export function noteForAll({ note }: Edition): string {
  return readerMarks(note?.body ?? '', (_name, fallback) => fallback)
}
