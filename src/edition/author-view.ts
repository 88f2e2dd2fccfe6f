// Edition → the one author who carries it, as the box below the stories shows her; nothing when there are several.

import type { Edition, LetterPictures, Prose, Renderer } from '../model.ts'
import { type PictureView, pictureView } from './picture-view.ts'
import { sendableLine, sendableText } from './sendable.ts'

export interface AuthorView {
  readonly name: string
  /** Her own page; empty when there is none. */
  readonly url: string
  readonly role: string
  readonly photo: PictureView | undefined
  /** HTML. */
  readonly biography: string
  readonly biographyText: string
  readonly links: readonly { readonly name: string; readonly url: string }[]
}

const PHOTO = 72

export function authorView(
  { articles }: Edition,
  renderer: Renderer,
  dress: (prose: Prose) => string,
  pictures: LetterPictures,
): AuthorView | undefined {
  const author = articles[0]?.authors[0]
  if (!author || !(author.biography.trim() || author.role || author.photo)) return undefined
  const alone = articles.every(({ authors }) => authors.length === 1 && authors[0]!.name === author.name)
  if (!alone) return undefined
  const name = sendableLine(author.name)
  const photo = pictureView(author.photo, pictures, PHOTO)
  const biography = author.biography.trim()
    ? renderer.prose(author.biography, `articles/authors/${author.id ?? 'author'}.md`)
    : undefined
  const links = author.social.map(link => ({ name: sendableLine(link.name), url: link.url }))
  return {
    name,
    url: author.url ?? '',
    role: sendableLine(author.role ?? ''),
    photo: photo && { ...photo, alt: photo.alt || name },
    biography: biography ? dress(biography) : '',
    biographyText: sendableText(biography?.text ?? ''),
    links,
  }
}
