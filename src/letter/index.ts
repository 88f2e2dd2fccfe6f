// An edition → a letter → a message for one reader. What other rooms use of it.

export { composeLetter, letterHash } from './compose-message.ts'
export {
  type EditionJson,
  editionFiles,
  editionJson,
  editionPaths,
  letterForReader,
  type ReadersLetter,
} from './edition-files.ts'
export { type KnownLayouts, knownLayouts, recallLayouts } from './fast/known-layouts.ts'
export { editionSubject, type RenderedEdition, renderEdition, renderLetter, traceLetter } from './letter.ts'
export { MAX_HTML_BYTES } from './letter-budget.ts'
export { LETTER_DATA } from './letter-data.ts'
export { isTooWide } from './letter-prose.ts'
export { blocksView } from './letter-story.ts'
export { fillSlots } from './mail-text.ts'
export { mailFonts, mailPalette } from './mail-theme.ts'
export { finishMjml } from './mjml.ts'
export { openPictureCache, type PictureCache, preparePictures } from './prepare-pictures.ts'
