// One letter without a fault, and what the rules say of it once it is spoilt.

import { checkLetters, type RenderedLetter } from '../../src/check/check-letters.ts'
import { traceLetter } from '../../src/letter/letter.ts'
import type { Diagnostic, Letter, LetterPicture } from '../../src/model.ts'
import { builtinTemplates, openTemplates } from '../../src/templates/index.ts'
import { aLoaded, aPicture, aPublication, aRenderer } from '../builders.ts'
import { aNote, anEdition, someArticles } from '../letter/letter-edition.ts'

const logo = aPicture({
  url: 'https://meridian.example/images/logo.png',
  alt: '',
  width: 480,
  height: 120,
  type: 'image/png',
})
export const publication = aPublication({ service: 'https://letters.meridian.example/', logo })
export const edition = anEdition(someArticles(), {
  note: aNote('A week of talks, {{reader "name" "reader"}}.'),
})
export const loaded = aLoaded(edition.articles, publication)
const templates = openTemplates(builtinTemplates, { trace: true })
export const { letter, traced } = await traceLetter(edition, loaded, aRenderer(), templates, new Map())
export const own: LetterPicture = { url: logo.url, type: 'image/png', width: 480, height: 120, bytes: 9000 }

/**
 * @param change to its HTML
 * @param parts of the letter that are others
 */
export function judged(
  change: (html: string) => string,
  parts: Partial<Letter> = {},
  pictures: ReadonlyMap<string, LetterPicture> = new Map([[own.url, own]]),
): Diagnostic[] {
  const one: RenderedLetter = {
    edition,
    letter: { ...letter, ...parts, html: change(letter.html) },
    traced: change(traced),
  }
  return checkLetters([one], { loaded, pictures, locate: name => `templates/${name}` })
}
