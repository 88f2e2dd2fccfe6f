// Authors → "By A, B and C" in pieces, as the language joins them, so that each name can be a link.

import type { Article } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { ChannelLinks } from './channel-links.ts'

/** Either a name or what stands between names. */
export type BylinePart =
  | { readonly author: string; readonly role?: string | undefined; readonly url?: string | undefined }
  | { readonly text: string }

const NAMES = '\0'

export function openBylines(
  templates: Templates,
  links: ChannelLinks,
): (article: Article, language: string) => readonly BylinePart[] {
  const formats = new Map<string, Intl.ListFormat>()
  function listFormat(language: string): Intl.ListFormat {
    const format = formats.get(language) ?? new Intl.ListFormat(language, { type: 'conjunction' })
    formats.set(language, format)
    return format
  }

  return ({ authors }, language) => {
    const named = authors.filter(({ name }) => name.trim() !== '')
    if (named.length === 0) return []
    const [before, behind] = templates.words(language)('page.by', { names: NAMES }).split(NAMES)
    let next = 0
    const joined = listFormat(language)
      .formatToParts(named.map(({ name }) => name))
      .map(({ type, value }): BylinePart => {
        if (type === 'literal') return { text: value }
        const author = named[next++]!
        const channel = links.author(author)
        return { author: value, role: author.role, url: channel ? links.urlOf(channel) : author.url }
      })
    return [{ text: before ?? '' }, ...joined, { text: behind ?? '' }]
  }
}
