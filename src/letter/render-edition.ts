// Edition → its letter with pictures that every mail client shows, the files that this makes, and the letter of any part
// of it.

import type { Diagnostic, Edition, Letter, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates/index.ts'

export interface RenderedEdition {
  readonly letter: Letter
  /** Pictures that were converted; the letter has their addresses. */
  readonly files: readonly OutputFile[]
  readonly diagnostics: readonly Diagnostic[]
  /** The letter for whose topics leave articles out: with the same pictures, which are in the build. */
  letterOf(part: Edition): Promise<Letter>
}

/** The same addresses on every machine: they follow from what is in the pictures. */
export async function renderEdition(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): Promise<RenderedEdition> {
  const { preparePictures } = await import('./prepare-pictures.ts')
  const { renderLetter } = await import('./letter.ts')
  const { openPictureCache } = await import('./picture-cache.ts')
  const cache = openPictureCache(loaded.publication.dir)
  const { pictures, files, diagnostics } = await preparePictures(edition, loaded, renderer, cache)
  const letterOf = (part: Edition) => renderLetter(part, loaded, renderer, templates, pictures)
  return { letter: await letterOf(edition), files, diagnostics, letterOf }
}
