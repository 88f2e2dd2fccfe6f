// The door of the stage: articles + schedule → edition → letter → message.

export { comingSlot, findSlot, newestSlot } from './article-slots.ts'
export { composeLetter, letterHash } from './compose-message.ts'
export { type DueEditions, dueEditions, editionName } from './due-editions.ts'
export { editionFiles, editionJson } from './edition-files.ts'
export { editionsOf } from './editions-of.ts'
export { renderLetter, traceLetter } from './letter.ts'
export { noteDiagnostics } from './note-diagnostics.ts'
export { planEdition, recordedArticles } from './plan-edition.ts'
export { type PictureCache, preparePictures } from './prepare-pictures.ts'
export type { Reader } from './reader-values.ts'
export type { History } from './select-articles.ts'
export { editionSubject } from './subject.ts'
