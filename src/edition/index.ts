// Articles and a schedule → editions. What other rooms use of it.

export {
  comingEdition,
  dueEditions,
  editionAt,
  editionName,
  editionsOf,
  folderHistory,
  withState,
} from './due-editions.ts'
export { noteDiagnostics, noteForAll, readerMarks } from './editors-note.ts'
export {
  type EditionVariants,
  editionVariants,
  type History,
  hasEarlierSlot,
  planEdition,
  recordedArticles,
} from './plan-edition.ts'
export { comingSlot, findSlot, newestSlot, slotsBetween } from './slots.ts'
