// Author → the box below an article and the head of her own page: photo, role, biography, links. Made once for each depth.

import { parseUrl } from '../../base/index.ts'
import type { Author, Loaded, Renderer } from '../../model.ts'
import type { ChannelLinks } from './channel-links.ts'
import { type LocalPicture, localPicture } from './local-picture.ts'
import type { Link } from './open-frames.ts'
import { pageHtml } from './page-html.ts'

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
  /** Whether there is more to say than the byline says. */
  readonly boxed: boolean
}

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
