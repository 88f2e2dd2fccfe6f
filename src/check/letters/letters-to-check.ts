// Loaded folder → the letters that `check` looks at: of each newsletter the newest editions, and the one that comes next.

import type { Diagnostic, Edition, LetterPicture, Loaded, Newsletter, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { RenderedLetter } from './check-letters.ts'

/** Older ones are sent: nobody can mend them. */
const NEWEST = 3

export interface LettersToCheck {
  readonly rendered: readonly RenderedLetter[]
  /** Own pictures by the address that the letters have for them. */
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** Pictures that cannot be read. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * @param templates opened to trace
 * @param now ms since epoch
 */
export async function lettersToCheck(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  now: number,
): Promise<LettersToCheck> {
  const { preparePictures, traceLetter } = await import('../../letter/index.ts')
  const { openPictureCache } = await import('../../letter/index.ts')
  const cache = openPictureCache(loaded.publication.dir)
  const rendered: RenderedLetter[] = []
  const pictures = new Map<string, LetterPicture>()
  const diagnostics = new Map<string, Diagnostic>()
  for (const newsletter of loaded.publication.newsletters) {
    for (const edition of await editionsToCheck(loaded, newsletter, now)) {
      const prepared = await preparePictures(edition, loaded, renderer, cache, { shades: true })
      // One picture may be in several editions.
      for (const found of prepared.diagnostics) diagnostics.set(JSON.stringify(found), found)
      for (const picture of prepared.pictures.values())
        if (picture !== 'broken') pictures.set(picture.url, picture)
      const made = await traceLetter(edition, loaded, renderer, templates, prepared.pictures)
      rendered.push({ edition, ...made })
    }
  }
  return { rendered, pictures, diagnostics: [...diagnostics.values()] }
}

/** Newest first. */
async function editionsToCheck(loaded: Loaded, newsletter: Newsletter, now: number): Promise<Edition[]> {
  const { comingSlot, editionsOf, planEdition, recordedArticles } = await import('../../edition/index.ts')
  const been = editionsOf(loaded, newsletter, now)
  const recorded = been.map(recordedArticles)
  const history = {
    carried: new Set(recorded.flatMap(({ carried, omitted }) => [...carried, ...omitted])),
    omitted: new Set(recorded.flatMap(({ omitted }) => omitted)),
    reach: been[0]?.from,
  }
  const slot = comingSlot(loaded, newsletter, now)
  const coming = slot && planEdition(loaded, newsletter, slot, history)
  const newest = been.slice(-NEWEST).reverse()
  return coming && coming.articles.length > 0 ? [coming, ...newest] : newest
}
