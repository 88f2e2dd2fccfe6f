// Article → the language of the words around it: its own where a catalogue speaks it, else the publication's.

import type { Article, Direction, Loaded } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'

export interface Tongue {
  /** Of words, dates and numbers. */
  readonly language: string
  /** What the words around it must be marked with, where they are in another language than the article. */
  readonly turned: { readonly language: string; readonly direction: Direction } | undefined
  /** As Open Graph writes it: 'hi_IN'. */
  readonly locale: string
}

export function openTongues(
  { publication }: Pick<Loaded, 'publication'>,
  templates: Templates,
): (article: Pick<Article, 'language'>) => Tongue {
  const tongues = new Map<string, Tongue>()
  function make(language: string): Tongue {
    if (templates.speaks(language)) return { language, turned: undefined, locale: localeOf(language) }
    const { language: spoken, direction } = publication
    return { language: spoken, turned: { language: spoken, direction }, locale: localeOf(language) }
  }
  return ({ language }) => {
    const tongue = tongues.get(language) ?? make(language)
    tongues.set(language, tongue)
    return tongue
  }
}

function localeOf(tag: string): string {
  try {
    const { language, region } = new Intl.Locale(tag).maximize()
    return region ? `${language}_${region}` : language
  } catch {
    return tag.replaceAll('-', '_')
  }
}
