// The door of the room: articles and a schedule → editions.

export { comingSlot, findSlot, newestSlot } from './article-slots.ts'
export { type DueEditions, dueEditions, editionName } from './due-editions.ts'
export { editionsOf } from './editions-of.ts'
export { noteDiagnostics } from './note-diagnostics.ts'
export { noteForAll } from './note-for-all.ts'
export { planEdition, recordedArticles } from './plan-edition.ts'
export { readerMarks } from './reader-marks.ts'
export type { History } from './select-articles.ts'
