// Articles and a schedule → editions. What other rooms use of it.

export {
  comingEdition,
  dueEditions,
  editionAt,
  editionName,
  editionsOf,
  folderHistory,
  missingSince,
  withState,
} from './due-editions.ts'
export { blocksOf, noteDiagnostics, noteForAll, readerMarks } from './editors-note.ts'
export {
  articleEdition,
  type EditionVariants,
  editionVariants,
  type History,
  hasEarlierSlot,
  planEdition,
  recordedArticles,
} from './plan-edition.ts'
export {
  articleFinder,
  comingSlot,
  findSlot,
  isExtra,
  newestSlot,
  slotOfSchedule,
  slotsBetween,
} from './slots.ts'
