// Edition → its pictures as every mail client shows them: JPEG, PNG or GIF, two pixels for each that is seen, 200 kB each
// and 1 MB together at most. A file that is so already is used as it is; the others become files of the build.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { cutShort } from '../base/index.ts'
import type {
  Diagnostic,
  Edition,
  LetterPicture,
  LetterPictures,
  Loaded,
  OutputFile,
  Renderer,
} from '../model.ts'
import { CONVERTER, type Converted } from './convert-picture.ts'
import { type WantedPicture, wantedPictures } from './letter-pictures.ts'

/** Where sources are read, and what was made of them is kept from one run to the next. */
export interface PictureCache {
  /** Bytes of one of the publication's own files. @param file relative to `articles/` */
  source(file: string): Buffer
  read(hash: string): Converted | undefined
  write(hash: string, made: Converted): void
}

export interface PreparedPictures {
  readonly pictures: LetterPictures
  /** Those that were made, below `images/letter/`: addresses follow from what is in the source. */
  readonly files: readonly OutputFile[]
  readonly diagnostics: readonly Diagnostic[]
}

const EACH = 200_000
const ALL = 1_000_000
/** Wider than 640 at two pixels each is nobody's screen. */
const WIDEST = 1280

/**
 * @param options.shades also how light a logo with see-through parts is, for who judges it
 */
export async function preparePictures(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  cache: PictureCache,
  { shades = false } = {},
): Promise<PreparedPictures> {
  const { dir, logo } = loaded.publication
  const wanted = wantedPictures(edition, loaded, renderer, join(dir, 'articles'))
  const pictures = new Map<string, LetterPicture | 'broken'>()
  const files = new Map<string, OutputFile>()
  const diagnostics: Diagnostic[] = []

  async function prepare(picture: WantedPicture, most: number): Promise<number> {
    const before = pictures.get(picture.url)
    if (before && before !== 'broken') files.delete(pathOf(before, loaded))
    const made = await letterPicture(picture, most)
    pictures.set(picture.url, made)
    return made === 'broken' ? 0 : made.bytes
  }

  async function letterPicture(picture: WantedPicture, most: number): Promise<LetterPicture | 'broken'> {
    const { url, type = '', width, height, bytes, file } = picture
    const judged = shades && url === logo?.url && type !== 'image/jpeg'
    if (isFit(picture, most)) {
      const seen = judged
        ? await (await import('./convert-picture.ts')).shadesOf(cache.source(file))
        : undefined
      return {
        url,
        type,
        width: width!,
        height: height!,
        bytes: bytes!,
        file,
        ...(seen ? { shades: seen } : {}),
      }
    }
    try {
      const source = cache.source(file)
      const asked = `${CONVERTER} ${picture.pixels} ${most} `
      const hash = createHash('sha256').update(asked).update(source).digest('hex').slice(0, 16)
      const made = cache.read(hash) ?? (await convert(source, picture, most, hash))
      const seen = judged ? await (await import('./convert-picture.ts')).shadesOf(made.bytes) : undefined
      if (made.asItIs)
        return { url, type, width: made.width, height: made.height, bytes: source.length, file }
      const path = `images/letter/${nameOf(file)}-${hash}.${made.type === 'image/jpeg' ? 'jpg' : 'png'}`
      files.set(path, { path, body: made.bytes })
      return {
        url: loaded.publication.url + path,
        type: made.type,
        width: made.width,
        height: made.height,
        bytes: made.bytes.length,
        ...(seen ? { shades: seen } : {}),
      }
    } catch (error) {
      diagnostics.push(unreadable(picture, error as Error))
      return 'broken'
    }
  }

  async function convert(
    source: Buffer,
    { pixels, type }: WantedPicture,
    most: number,
    hash: string,
  ): Promise<Converted> {
    const { convertPicture } = await import('./convert-picture.ts')
    const made = await convertPicture(source, { pixels, most, type: type ?? '', widest: WIDEST })
    cache.write(hash, made)
    return made
  }

  let sum = 0
  for (const picture of wanted) sum += await prepare(picture, EACH)
  if (sum > ALL) {
    const share = Math.max(8_000, Math.floor(ALL / wanted.length))
    for (const picture of wanted) {
      const made = pictures.get(picture.url)
      if (made && made !== 'broken' && made.bytes > share) await prepare(picture, share)
    }
  }
  return { pictures, files: [...files.values()], diagnostics }
}

/** As far as can be told without opening the file; how long a GIF moves cannot. */
function isFit({ type, width, height, bytes }: WantedPicture, most: number): boolean {
  return (
    /^image\/(jpeg|png)$/.test(type ?? '') &&
    !!width &&
    !!height &&
    width <= WIDEST &&
    (bytes ?? Infinity) <= most
  )
}

function pathOf({ url }: LetterPicture, { publication }: Loaded): string {
  return url.slice(publication.url.length)
}

/** 'images/The Bridge.webp' → 'the-bridge': a part of an address that needs no escapes. */
function nameOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain.slice(0, 60) || 'picture'
}

function unreadable({ asker, file }: WantedPicture, error: Error): Diagnostic {
  return {
    file: asker,
    line: 0,
    rule: 'letter-picture',
    severity: 'warning',
    message: `${file} cannot be shown in letters: ${cutShort(error.message.split('\n')[0]!, 120)}`,
    advice: 'Save it again as JPEG or PNG; until then its alternative text stands for it.',
  }
}
