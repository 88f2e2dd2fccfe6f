// An edition → the publication's own pictures that its letter may show, with the pixels that each needs; and any picture →
// its address and drawn size in the letter, or nothing when mail clients do not show it.

import { mayBeCut, openOwnFiles, ownFileUrl } from '../content/index.ts'
import { blocksOf } from '../edition/index.ts'
import type {
  Article,
  Edition,
  LetterPictures,
  Loaded,
  Picture,
  Prose,
  Renderer,
  WordLink,
} from '../model.ts'
import { layoutOf } from './letter-budget.ts'

/** CSS pixels: the letter's one column without its margins, and a logo and an author's photo at most. */
export const COLUMN_WIDTH = 552
export const LOGO_WIDTH = 280
/** A square logo must not push the news off the screen. */
export const LOGO_HEIGHT = 72
export const PHOTO_WIDTH = 72
/** CSS pixels that a phone of 360 leaves for text and pictures. */
export const PHONE_WIDTH = 328

export interface WantedPicture {
  /** Its address in articles and settings; with '#square' or '#half' for that cut of it. */
  readonly key: string
  /** As in articles and settings. */
  readonly url: string
  /** Relative to `articles/`. */
  readonly file: string
  /** Two for each CSS pixel of its width. */
  readonly pixels: number
  /** The file that refers to it, relative to the publication's folder. */
  readonly asker: string
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly bytes?: number | undefined
  /** Width by height: a photograph with another ratio is cut to the nearest of the two. Undefined for what stays whole. */
  readonly ratio?: RatioLimits | undefined
  /** What is transparent in it is filled, because mail clients in the dark would put black lines on black. */
  readonly filled?: boolean | undefined
  /** The point that the cut keeps, from 0 to 1 of width and height; where sharp finds most to see, if undefined. */
  readonly focus?: readonly [x: number, y: number] | undefined
}

export interface RatioLimits {
  readonly min: number
  readonly max: number
}

/** From 4:3, so that none is higher than a screen, to 2:1, so that none is a strip. */
export const STORY_RATIO: RatioLimits = { min: 4 / 3, max: 2 }
const SQUARE: RatioLimits = { min: 1, max: 1 }
/** A small square in a list, and one of two columns, where headlines begin at one height. In CSS pixels. */
const CUTS = {
  square: { ratio: SQUARE, width: 88, pixels: 88 },
  half: { ratio: { min: 3 / 2, max: 3 / 2 }, width: 264, pixels: PHONE_WIDTH },
} as const
type Cut = keyof typeof CUTS

/** @param folder absolute path of `articles/` */
export function wantedPictures(
  edition: Edition,
  { publication }: Loaded,
  renderer: Renderer,
  folder: string,
): WantedPicture[] {
  const { articles, note } = edition
  const ownFiles = openOwnFiles(folder, publication.articles.attachments)
  const wanted = new Map<string, WantedPicture>()

  function add(picture: Omit<WantedPicture, 'pixels' | 'asker'>, width: number, asker: string): void {
    const known = wanted.get(picture.key)
    const pixels = Math.max(width * 2, known?.pixels ?? 0)
    wanted.set(picture.key, { ...(known ?? { ...picture, asker }), pixels })
  }
  const addPicture = (
    picture: Picture | undefined,
    width: number,
    asker: string,
    ratio?: RatioLimits,
    key = picture?.url,
  ) => {
    if (!picture?.file || key === undefined) return
    const cut = { key, ratio: mayBeCut(picture) ? ratio : undefined, filled: ratio !== undefined }
    add({ ...picture, file: picture.file, ...cut }, width, asker)
  }
  const addProse = (prose: Prose, asker: string) => {
    for (const file of prose.files) {
      const url = ownFileUrl(publication.url, file)
      if (isPicture(file) && prose.letterHtml.includes(`src="${url}"`))
        add({ key: url, url, file, filled: true, ...ownFiles.measure(file) }, COLUMN_WIDTH, asker)
    }
  }

  for (const logo of [publication.logo, publication.logoDark])
    addPicture(logo, LOGO_WIDTH, 'articles/publication.yaml')
  const author = articles[0]?.authors[0]
  if (author && articles.every(({ authors }) => authors[0]?.name === author.name)) {
    const asker = `articles/authors/${author.id ?? 'author'}.md`
    addPicture(author.photo, PHOTO_WIDTH, asker, SQUARE)
    if (author.biography.trim()) addProse(renderer.prose(author.biography, asker), asker)
  }
  if (note?.body.trim()) addProse(renderer.prose(note.body, note.file), note.file)
  for (const { text, file } of blocksOf(edition)) addProse(renderer.prose(text, file), file)
  for (const article of articles) {
    addPicture(article.image, COLUMN_WIDTH, article.file, STORY_RATIO)
    const cut = cutFor(article, edition)
    if (cut && article.image) {
      const { pixels, ratio } = CUTS[cut]
      addPicture(article.image, pixels, article.file, ratio, cutKey(article.image, cut))
    }
    if (articles.length === 1) addProse(renderer.body(article), article.file)
  }
  return [...wanted.values()]
}

function cutFor(article: Article, edition: Edition): Cut | undefined {
  const { layout, limit } = layoutOf(edition, article.section?.slug ?? '')
  if (layout === 'list') return 'square'
  const part = edition.parts.find(({ articles }) => articles.includes(article))
  if (layout !== 'columns' || !part) return undefined
  const shown = Math.min(part.articles.length, limit)
  // What is left over of the pairs is a card.
  return part.articles.indexOf(article) < shown - (shown % 2) ? 'half' : undefined
}

function cutKey({ url }: Picture, cut: Cut): string {
  return `${url}#${cut}`
}

/** That cut of a picture; undefined when mail clients do not show it, or it was not made. */
export function cutPicture(
  picture: Picture | undefined,
  pictures: LetterPictures,
  cut: Cut,
): DrawnPicture | undefined {
  const made = picture && pictures.get(cutKey(picture, cut))
  if (!picture || !made) return undefined
  const { width, ratio } = CUTS[cut]
  return drawnPicture(picture, new Map([[picture.url, made]]), width, width / ratio.min)
}

/** By its name, a picture that mail clients show or that can be converted. */
function isPicture(file: string): boolean {
  return /\.(jpe?g|png|gif|webp|avif|svg|tiff?|heic|heif|bmp|ico|jxl)$/i.test(file)
}

/** A picture as the letter's templates get it. */
export interface DrawnPicture {
  readonly url: string
  readonly alt: string
  /** CSS pixels, at most the column's. The file itself may have more, which makes it sharp. */
  readonly width: number
  readonly height: number | undefined
  /** Whether it is wide enough for the whole width of a phone, and not higher than wide. */
  readonly large: boolean
  readonly caption: string
  readonly credit: string
  readonly links: readonly WordLink[]
  /** Whether there is anything to print below it. */
  readonly legend: boolean
  readonly file: string | undefined
}

/**
 * @param pictures as letters show them; a picture that is not among them is used unchanged
 * @param maxWidth CSS pixels
 * @param maxHeight the same; one that stays whole is drawn smaller
 * @returns undefined when mail clients do not show it
 */
export function drawnPicture(
  picture: Picture | undefined,
  pictures: LetterPictures,
  maxWidth = COLUMN_WIDTH,
  maxHeight = Number.POSITIVE_INFINITY,
): DrawnPicture | undefined {
  const made = picture && pictures.get(picture.url)
  if (!picture || made === 'broken' || !isShownByMailClients((made ?? picture).url, (made ?? picture).type))
    return undefined
  const { width, height } = made ?? picture
  const widest = width && height ? Math.min(maxWidth, (maxHeight * width) / height) : maxWidth
  // A drawing has its own size, and a photograph may have been cut: neither is enlarged.
  const drawn = Math.max(1, Math.round(Math.min(widest, width ?? maxWidth, picture.width ?? maxWidth)))
  const [caption, credit] = [picture.caption?.trim() ?? '', picture.credit?.trim() ?? '']
  return {
    url: (made ?? picture).url,
    alt: picture.alt,
    width: drawn,
    height: width && height ? Math.max(1, Math.round((height * drawn) / width)) : undefined,
    large: Math.min(width ?? 0, picture.width ?? 0) >= PHONE_WIDTH && (width ?? 0) >= (height ?? 0),
    caption,
    credit,
    links: picture.links ?? [],
    legend: caption !== '' || credit !== '',
    file: (made ?? picture).file,
  }
}

/** WebP, AVIF and SVG are not shown by Outlook, Gmail or both (Can I email, 2026-05-13). */
export function isShownByMailClients(url: string, type?: string): boolean {
  if (!/^https?:\/\//i.test(url)) return false
  if (type) return /^image\/(png|jpe?g|gif)$/i.test(type)
  return !/\.(webp|avif|svgz?|heic|tiff?|bmp|ico|jxl)$/i.test(url.replace(/[?#].*$/s, ''))
}
