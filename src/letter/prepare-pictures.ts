// An edition → its pictures as every mail client shows them: JPEG, PNG or GIF, two pixels for each CSS pixel, at most 200 kB
// each and 1 MB together. A file that is so already is used unchanged; of the others the build gets converted files.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cutShort, IGNORED, makeIgnoredFolder, writeWhole } from '../base/index.ts'
import { ownFilePath } from '../content/index.ts'
import type {
  Diagnostic,
  Edition,
  LetterPicture,
  LetterPictures,
  Loaded,
  OutputFile,
  Publication,
  Renderer,
} from '../model.ts'
import {
  CONVERTER,
  type ConvertedPicture,
  convertPicture,
  isTransparent,
  shadesOf,
} from './convert-picture.ts'
import { type WantedPicture, wantedPictures } from './letter-pictures.ts'

interface PreparedPictures {
  readonly pictures: LetterPictures
  /** The converted ones, below `images/letter/`. Their addresses are derived from the bytes of the source. */
  readonly files: readonly OutputFile[]
  readonly diagnostics: readonly Diagnostic[]
}

const MAX_PICTURE_BYTES = 200_000
const MAX_LETTER_BYTES = 1_000_000
/** Allowed for each picture, however many there are. */
const MIN_SHARE_BYTES = 8_000
/** Pixels: two for each of the 640 CSS pixels that a mail has at most. */
const MAX_WIDTH = 1280

/**
 * @param options.shades whether to measure how light a logo with transparent parts is
 */
export async function preparePictures(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  cache: PictureCache,
  { shades = false } = {},
): Promise<PreparedPictures> {
  const { publication } = loaded
  const wanted = wantedPictures(edition, loaded, renderer, join(publication.dir, 'articles'))
  const preparation = new Preparation(publication, cache, shades)
  let sum = 0
  for (const picture of wanted) sum += await preparation.add(picture, MAX_PICTURE_BYTES)
  if (sum > MAX_LETTER_BYTES) {
    const share = Math.max(MIN_SHARE_BYTES, Math.floor(MAX_LETTER_BYTES / wanted.length))
    for (const picture of wanted)
      if (preparation.bytesOf(picture) > share) await preparation.add(picture, share)
  }
  return preparation.prepared()
}

/** The pictures of one edition while they are prepared. */
class Preparation {
  readonly #publication: Publication
  readonly #cache: PictureCache
  readonly #shades: boolean
  readonly #pictures = new Map<string, LetterPicture | 'broken'>()
  readonly #files = new Map<string, OutputFile>()
  readonly #diagnostics: Diagnostic[] = []

  constructor(publication: Publication, cache: PictureCache, shades: boolean) {
    this.#publication = publication
    this.#cache = cache
    this.#shades = shades
  }

  prepared(): PreparedPictures {
    return {
      pictures: this.#pictures,
      files: [...this.#files.values()],
      diagnostics: this.#diagnostics,
    }
  }

  /** 0 for one that cannot be read. */
  bytesOf({ key }: WantedPicture): number {
    const picture = this.#pictures.get(key)
    return picture && picture !== 'broken' ? picture.bytes : 0
  }

  /** Replaces an earlier result for the same picture. @returns its bytes */
  async add(wanted: WantedPicture, maxBytes: number): Promise<number> {
    const before = this.#pictures.get(wanted.key)
    if (before && before !== 'broken') this.#files.delete(before.url.slice(this.#publication.url.length))
    this.#pictures.set(wanted.key, await this.#pictureFor(wanted, maxBytes))
    return this.bytesOf(wanted)
  }

  async #pictureFor(wanted: WantedPicture, maxBytes: number): Promise<LetterPicture | 'broken'> {
    if (isFit(wanted, maxBytes) && !(await this.#isTransparent(wanted))) {
      const { url, type, width, height, bytes, file } = wanted
      return { url, type, width, height, bytes, file }
    }
    try {
      return await this.#convertedFor(wanted, maxBytes)
    } catch (error) {
      this.#diagnostics.push(unreadable(wanted, error as Error))
      return 'broken'
    }
  }

  async #convertedFor(wanted: WantedPicture, maxBytes: number): Promise<LetterPicture> {
    const { url, type = '', pixels, file } = wanted
    const source = this.#cache.source(file)
    const ratio = cropRatio(wanted)
    const crop = ratio === undefined ? '' : `${[ratio, ...(wanted.focus ?? [])].join(' ')} `
    const conversion = `${CONVERTER} ${pixels} ${maxBytes} ${crop}${wanted.filled ? 'filled ' : ''}`
    const hash = sourceHash(conversion, source)
    const made = this.#cache.read(hash) ?? (await this.#convert(source, wanted, maxBytes, hash))
    const shades = await this.#shadesOf(wanted, () => made.bytes)
    const { width, height } = made
    if (made.asItIs) return { url, type, width, height, bytes: source.length, file }
    const path = `images/letter/${nameOf(file)}-${hash}.${made.type === 'image/jpeg' ? 'jpg' : 'png'}`
    this.#files.set(path, { path, body: made.bytes })
    const address = this.#publication.url + path
    return {
      url: address,
      type: made.type,
      width,
      height,
      bytes: made.bytes.length,
      ...shades,
    }
  }

  async #convert(
    source: Buffer,
    wanted: WantedPicture,
    maxBytes: number,
    hash: string,
  ): Promise<ConvertedPicture> {
    const { pixels, type = '', focus, filled } = wanted
    const options = {
      pixels,
      maxBytes,
      type,
      maxGifWidth: MAX_WIDTH,
      ratio: cropRatio(wanted),
      focus,
      filled,
    }
    const made = await convertPicture(source, options)
    this.#cache.write(hash, made)
    return made
  }

  /** Of a PNG; one that cannot be read is not. Kept: several editions show the same logo. */
  async #isTransparent({ type, width, height, file }: FitPicture): Promise<boolean> {
    if (type !== 'image/png') return false
    const source = this.#cache.source(file)
    const hash = sourceHash(`${CONVERTER} transparency `, source)
    let known = this.#cache.read(hash)
    if (!known) {
      const transparent = await isTransparent(source).catch(() => false)
      known = { type, width, height, bytes: new Uint8Array(), asItIs: true, transparent }
      this.#cache.write(hash, known)
    }
    return known.transparent === true
  }

  /** Only of the logo, whose background depends on the client's mode. */
  async #shadesOf(
    { url, type }: WantedPicture,
    read: () => Uint8Array,
  ): Promise<Pick<LetterPicture, 'shades'>> {
    const { logo } = this.#publication
    if (!this.#shades || url !== logo?.url || type === 'image/jpeg') return {}
    const shades = await shadesOf(read())
    return shades ? { shades } : {}
  }
}

/** A file that is shown as it is. */
interface FitPicture extends WantedPicture {
  readonly type: 'image/jpeg' | 'image/png'
  readonly width: number
  readonly height: number
  readonly bytes: number
}

/** As far as its measures say; how long a GIF moves they do not. */
function isFit(wanted: WantedPicture, maxBytes: number): wanted is FitPicture {
  const { type, width, height, bytes } = wanted
  return (
    cropRatio(wanted) === undefined &&
    /^image\/(jpeg|png)$/.test(type ?? '') &&
    !!width &&
    !!height &&
    width <= MAX_WIDTH &&
    (bytes ?? Infinity) <= maxBytes
  )
}

/** The ratio that it is cut to; undefined where it is right, or stays whole. One pixel more or less is no reason to cut. */
function cropRatio({ ratio, width, height }: WantedPicture): number | undefined {
  if (!ratio || !width || !height) return undefined
  const nearest = Math.min(Math.max(width / height, ratio.min), ratio.max)
  return Math.abs(width - height * nearest) > 2 ? nearest : undefined
}

/** Of a picture, and of what is done with it. */
function sourceHash(purpose: string, source: Uint8Array): string {
  return createHash('sha256').update(purpose).update(source).digest('hex').slice(0, 16)
}

/** 'images/The Bridge.webp' → 'the-bridge': a part of an address that needs no escaping. */
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
    advice: 'Save it again as JPEG or PNG; until then its alternative text is shown.',
  }
}

// ─── Converted pictures, kept from one run to the next ──────────────────────────────────────────────────────────────

export interface PictureCache {
  /** Bytes of one of the publication's own files. @param file relative to `articles/` */
  source(file: string): Buffer
  read(hash: string): ConvertedPicture | undefined
  write(hash: string, made: ConvertedPicture): void
}

/** @param dir the publication's folder */
export function openPictureCache(dir: string): PictureCache {
  const own = join(dir, IGNORED)
  const folder = join(own, 'pictures')

  return {
    source: file => readFileSync(ownFilePath(join(dir, 'articles'), file)),
    read(hash) {
      try {
        const { sum, ...about } = JSON.parse(readFileSync(join(folder, `${hash}.json`), 'utf8'))
        const bytes = readFileSync(join(folder, `${hash}.bin`))
        return bytes.length === sum ? { ...about, bytes } : undefined
      } catch {
        return undefined
      }
    },
    write(hash, { bytes, ...about }) {
      try {
        makeIgnoredFolder(own)
        mkdirSync(folder, { recursive: true })
        // Two builds at the same time write the same bytes.
        writeWhole(join(folder, `${hash}.bin`), bytes)
        writeWhole(join(folder, `${hash}.json`), JSON.stringify({ ...about, sum: bytes.length }))
      } catch {
        // There is no cache in a read-only folder.
      }
    },
  }
}
