// Articles and a schedule → editions. What other rooms use of it.

export { comingSlot, findSlot, newestSlot } from './article-slots.ts'
export { dueEditions, editionName } from './due-editions.ts'
export { type EditionVariants, editionVariants } from './edition-variants.ts'
export { editionsOf } from './editions-of.ts'
export { noteDiagnostics, noteForAll, readerMarks } from './editors-note.ts'
export {
  comingEdition,
  folderHistory,
  type NextEdition,
  nextEdition,
  withState,
} from './next-edition.ts'
export { hasEarlierSlot, planEdition, recordedArticles } from './plan-edition.ts'
