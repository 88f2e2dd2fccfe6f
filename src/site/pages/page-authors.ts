// Authors of an article → the byline above it, in pieces, and the box below it, which is the head of each one's own page.

import { parseUrl } from '../../base/index.ts'
import type { Article, Author, Loaded, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { ChannelLinks } from '../feed-links.ts'
import type { Link } from './page-frames.ts'
import { type LocalPicture, localPicture, pageHtml } from './page-html.ts'

/** Either a name or the text between two names. */
export type BylinePart =
  | { readonly author: string; readonly role?: string | undefined; readonly url?: string | undefined }
  | { readonly text: string }

const NAMES = '\0'

/** "By A, B and C" in pieces, as the language joins them, so that each name can be a link. */
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

export interface AuthorBox {
  readonly name: string
  readonly role: string | undefined
  readonly url: string | undefined
  readonly photo: LocalPicture | undefined
  /** HTML. */
  readonly biography: string
  readonly links: readonly Link[]
  /** That of all her articles, where it is one; her direction follows from her text. */
  readonly language: string
  /** Whether there is more than a name and a role. */
  readonly boxed: boolean
}

/** Photo, role, biography, links. Made once for each depth of folder. */
export function openAuthorBoxes(
  { publication }: Pick<Loaded, 'publication'>,
  renderer: Renderer,
  links: ChannelLinks,
): (author: Author, prefix: string) => AuthorBox {
  const boxes = new Map<Author, Map<string, AuthorBox>>()

  function make(author: Author, prefix: string): AuthorBox {
    const { name, role, photo, social, biography, id } = author
    const prose = biography ? renderer.prose(biography, `authors/${id}.md`) : undefined
    const channel = links.author(author)
    // On this site her page is the one that this leads to.
    const elsewhere = author.url && !author.url.startsWith(publication.url) ? author.url : undefined
    const home = elsewhere ? [{ name: hostOf(elsewhere), url: elsewhere }] : []
    return {
      name,
      role,
      url: channel ? links.urlOf(channel) : author.url,
      photo: photo && localPicture(photo, prefix),
      biography: prose
        ? pageHtml(prose.html, { home: publication.url, url: publication.url, prefix, table: '' })
        : '',
      links: channel ? [...home, ...social] : social,
      language: channel?.language ?? publication.language,
      boxed: Boolean(prose?.html || photo || social.length > 0),
    }
  }

  return (author, prefix) => {
    const known = boxes.get(author) ?? new Map<string, AuthorBox>()
    boxes.set(author, known)
    const box = known.get(prefix) ?? make(author, prefix)
    known.set(prefix, box)
    return box
  }
}

function hostOf(url: string): string {
  return parseUrl(url)?.hostname.replace(/^www\./, '') ?? url
}
