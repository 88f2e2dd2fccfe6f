// Edition → the one author who carries it, as the box below the stories shows her; nothing when there are several.

import type { Author, Edition, LetterPictures, Loaded, Prose, Renderer } from '../model.ts'
import { type PictureView, pictureView } from './picture-view.ts'
import { type Tongue, tongueOf } from './script-style.ts'
import { sendableLine, sendableText } from './sendable.ts'

export interface AuthorView extends Tongue {
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
const ALT = 24

export function authorView(
  { articles }: Edition,
  loaded: Loaded,
  renderer: Renderer,
  dress: (prose: Prose, tongue: Tongue) => string,
  pictures: LetterPictures,
): AuthorView | undefined {
  const author = articles[0]?.authors[0]
  if (!author || !(author.biography.trim() || author.role || author.photo)) return undefined
  const alone = articles.every(({ authors }) => authors.length === 1 && authors[0]!.name === author.name)
  if (!alone) return undefined
  const name = sendableLine(author.name)
  const tongue = tongueOf(languageOf(author, loaded))
  const photo = pictureView(author.photo, pictures, PHOTO)
  const biography = author.biography.trim()
    ? renderer.prose(author.biography, `articles/authors/${author.id ?? 'author'}.md`)
    : undefined
  const links = author.social.map(link => ({ name: sendableLine(link.name), url: link.url }))
  return {
    ...tongue,
    name,
    url: author.url ?? '',
    role: sendableLine(author.role ?? ''),
    // It stands in a small round: longer words would not be seen where pictures are not.
    photo: photo && { ...photo, alt: photo.alt && photo.alt.length <= ALT ? photo.alt : name },
    biography: biography ? dress(biography, tongue) : '',
    biographyText: sendableText(biography?.text ?? ''),
    links,
  }
}

/** That of all her articles, where it is one; else what she says of herself is in the publication's. */
function languageOf(author: Author, { articles, publication }: Loaded): string {
  const [first, ...others] = new Set(
    articles
      .filter(({ authors }) => authors.some(({ name }) => name === author.name))
      .map(({ language }) => language),
  )
  return first === undefined || others.length > 0 ? publication.language : first
}
