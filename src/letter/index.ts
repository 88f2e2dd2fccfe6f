// An edition → a letter → a message for one reader. What other rooms use of it.

export { composeLetter, letterHash } from './compose-message.ts'
export { type EditionJson, editionFiles, editionJson } from './edition-files.ts'
export { editionSubject, renderEdition, renderLetter, traceLetter } from './letter.ts'
export { isTooWide } from './letter-tables.ts'
export { mailFonts, mailPalette } from './mail-theme.ts'
export { finishMjml } from './mjml.ts'
export { openPictureCache, preparePictures } from './prepare-pictures.ts'
