// The editor's own blocks of a letter: from the settings of its newsletter and the edition's note → as templates get them, by place.

import type { Block, Edition, Prose, Renderer } from '../model.ts'
import type { Templates } from '../templates/index.ts'

/** The editor's own, by place. */
export interface LetterBlocks {
  readonly top: readonly LetterBlock[]
  readonly afterLead: readonly LetterBlock[]
  readonly between: readonly LetterBlock[]
  readonly bottom: readonly LetterBlock[]
}

export interface LetterBlock {
  /** 'event'; empty for none. */
  readonly kind: string
  /** Whether it has a line above and one below. */
  readonly above: boolean
  readonly below: boolean
  /** Which partial shows it. */
  readonly partial: string
  /** The line above it; empty for none. */
  readonly label: string
  readonly html: string
  readonly text: string
}

interface BlockSources {
  readonly edition: Edition
  readonly renderer: Renderer
  readonly templates: Templates
}

/**
 * A place that a letter does not have is its bottom: one of a single section has nothing between sections.
 *
 * @param keep what of the HTML is meant for this place; the HTML for feeds and pages, if undefined
 */
export function blocksView(
  { edition, renderer, templates }: BlockSources,
  parts: number,
  keep: (prose: Prose) => string = ({ html }) => html,
): LetterBlocks {
  const words = templates.words(edition.newsletter.language)
  const all = blocksOf(edition).map(({ place, title, text, advertisement, kind = '', file }) => {
    const own = `block-${kind}`
    const prose = renderer.prose(text, file)
    const label = !advertisement
      ? (title ?? '')
      : words(title ? 'letter.advertisement_title' : 'letter.advertisement', { title: title ?? '' })
    return {
      place: place === 'between' && parts < 2 ? 'bottom' : place,
      kind,
      partial: kind && templates.has(`partials/${own}.mjml.hbs`) ? own : 'letter-block',
      label,
      html: keep(prose),
      text: prose.text,
    }
  })
  // One line between two things: below the date and the note, above a section, another place and the footer there is one already.
  const at = (wanted: Block['place']) =>
    all
      .filter(({ place }) => place === wanted)
      .map((block, index, { length }) => ({
        ...block,
        above: wanted !== 'top' && index === 0,
        below: wanted === 'top' || index < length - 1,
      }))
  return { top: at('top'), afterLead: at('after-lead'), between: at('between'), bottom: at('bottom') }
}

/** The editor's own blocks of a letter with the file that has them, those of the newsletter first. */
export function blocksOf({ newsletter, note }: Edition): (Block & { readonly file: string })[] {
  const own = (newsletter.blocks ?? []).map(block => ({ ...block, file: 'articles/publication.yaml' }))
  return [...own, ...(note?.blocks ?? []).map(block => ({ ...block, file: note!.file }))]
}
