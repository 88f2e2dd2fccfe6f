// The door of the room: an edition → a letter → a message for one reader.

export { composeLetter, letterHash } from './compose-message.ts'
export { type EditionJson, editionFiles, editionJson } from './edition-files.ts'
export { finishMjml } from './finish-mjml.ts'
export { renderLetter, traceLetter } from './letter.ts'
export { mailFonts } from './mail-fonts.ts'
export { mailPalette } from './mail-palette.ts'
export { openPictureCache } from './picture-cache.ts'
export { preparePictures } from './prepare-pictures.ts'
export { renderEdition } from './render-edition.ts'
export { editionSubject } from './subject.ts'
