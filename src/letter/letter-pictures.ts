// Edition → the publication's own pictures that its letter may show, each with the most pixels that it needs and where it
// is asked for.

import { openOwnFiles, ownFileUrl } from '../content/index.ts'
import type { Edition, Loaded, Picture, Prose, Renderer } from '../model.ts'
import { COLUMN, isImage } from './picture-view.ts'

export interface WantedPicture {
  /** As articles and settings have it. */
  readonly url: string
  /** Relative to `articles/`. */
  readonly file: string
  /** Pixels: two for each that it is shown at. */
  readonly pixels: number
  /** What asks for it, relative to the publication's folder. */
  readonly asker: string
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly bytes?: number | undefined
}

const LOGO = 280
const PHOTO = 72

/** @param articles absolute path of `articles/` */
export function wantedPictures(
  { articles, note }: Edition,
  { publication }: Loaded,
  renderer: Renderer,
  folder: string,
): WantedPicture[] {
  const ownFiles = openOwnFiles(folder)
  const wanted = new Map<string, WantedPicture>()

  function add(picture: Omit<WantedPicture, 'pixels' | 'asker'>, shown: number, asker: string): void {
    const known = wanted.get(picture.url)
    const pixels = Math.max(shown * 2, known?.pixels ?? 0)
    wanted.set(picture.url, { ...(known ?? { ...picture, asker }), pixels })
  }
  const addPicture = (picture: Picture | undefined, shown: number, asker: string) => {
    if (picture?.file) add({ ...picture, file: picture.file }, shown, asker)
  }
  const addProse = (prose: Prose, asker: string) => {
    for (const file of prose.files) {
      const url = ownFileUrl(publication.url, file)
      if (isImage(file) && prose.letterHtml.includes(`src="${url}"`))
        add({ url, file, ...ownFiles.measure(file) }, COLUMN, asker)
    }
  }

  addPicture(publication.logo, LOGO, 'articles/publication.yaml')
  const whole = articles[0]?.authors[0]
  if (whole && articles.every(({ authors }) => authors[0]?.name === whole.name)) {
    const asker = `articles/authors/${whole.id ?? 'author'}.md`
    addPicture(whole.photo, PHOTO, asker)
    if (whole.biography.trim()) addProse(renderer.prose(whole.biography, asker), asker)
  }
  if (note?.body.trim()) addProse(renderer.prose(note.body, note.file), note.file)
  for (const article of articles) {
    addPicture(article.image, COLUMN, article.file)
    if (articles.length === 1) addProse(renderer.body(article), article.file)
  }
  return [...wanted.values()]
}
