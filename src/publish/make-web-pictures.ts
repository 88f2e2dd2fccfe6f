// Own pictures that feeds and pages show smaller, or as the cover of an episode → those files, kept by the bytes of their source:
// each is made once.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sharp } from 'sharp'
import { cutShort } from '../base/index.ts'
import {
  COVER_PIXELS,
  coverPicture,
  isTooLarge,
  openOwnFiles,
  ownFilePath,
  WEB_FOLDER,
  WEB_WIDTH,
} from '../content/index.ts'
import type { PictureCache } from '../letter/index.ts'
import type { Diagnostic, OutputFile, Picture, Publication } from '../model.ts'
import type { ShownPictures } from '../site/index.ts'

interface WebPictures {
  readonly files: readonly OutputFile[]
  readonly upToDate: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Part of the key under which each is kept: a change of what is done here has to change it. */
const MAKER = 'web picture 1'
/** A small file with more pixels than this could fill the memory. */
const MAX_PIXELS = 120_000_000
const QUALITY = 80
/** sharp works on several cores for each; a second picture is read meanwhile. */
const PICTURES_AT_ONCE = 2

/** One picture that is made of another. */
interface Job {
  /** Relative to `articles/`. */
  readonly source: string
  /** Below `out/`. */
  readonly path: string
  readonly width: number
  /** Only of a cover, which is a square. */
  readonly square?: boolean
  readonly focus?: Picture['focus']
}

/** @param isUpToDate whether what was made of an own picture is in `out/` as it would be made */
export async function makeWebPictures(
  { dir, url, articles }: Publication,
  { files: shown, covers }: ShownPictures,
  isUpToDate: (path: string, source: string) => boolean,
): Promise<WebPictures> {
  const folder = join(dir, 'articles')
  const ownFiles = openOwnFiles(folder, articles.attachments)
  const jobs: Job[] = [
    ...shown
      .filter(file => isTooLarge(ownFiles.measure(file)))
      .map(source => ({ source, path: WEB_FOLDER + source, width: WEB_WIDTH })),
    ...covers.flatMap(picture => {
      const cover = coverPicture(picture, url)
      const { file: source, focus } = picture
      if (!cover?.file || !source || cover === picture) return []
      return [{ source, path: cover.file, width: COVER_PIXELS.min, square: true, focus }]
    }),
  ]
  const done = new Map<string, OutputFile>()
  // A cover may be cut around another point.
  const upToDate = jobs
    .filter(({ path, source, square }) => !square && isUpToDate(path, source))
    .map(({ path }) => path)
  for (const path of upToDate) done.set(path, { path, body: '' })
  const waiting = jobs.filter(({ path }) => !done.has(path))
  const diagnostics: Diagnostic[] = []
  if (waiting.length > 0) {
    const { openPictureCache } = await import('../letter/index.ts')
    const cache = openPictureCache(dir)
    const next = async (): Promise<void> => {
      for (let job = waiting.pop(); job; job = waiting.pop()) {
        const source = readFileSync(ownFilePath(folder, job.source))
        try {
          done.set(job.path, await cachedPicture(job, source, cache))
        } catch (error) {
          done.set(job.path, { path: job.path, body: source })
          diagnostics.push(unreadable(job.source, error as Error))
        }
      }
    }
    await Promise.all(Array.from({ length: PICTURES_AT_ONCE }, next))
  }
  return { files: jobs.flatMap(({ path }) => done.get(path) ?? []), upToDate, diagnostics }
}

async function cachedPicture(job: Job, source: Buffer, cache: PictureCache): Promise<OutputFile> {
  const { path, width, square, focus } = job
  const what = `${MAKER} ${width} ${square ? `square ${focus ?? ''}` : ''}`
  const hash = createHash('sha256').update(what).update(source).digest('hex').slice(0, 16)
  if (!cache.read(hash)) {
    const made = await makePicture(source, job)
    cache.write(hash, made)
    // In a read-only folder nothing is kept.
    if (!cache.read(hash)) return { path, body: made.bytes }
  }
  // It is read when it is written out: a thousand pictures take no memory.
  const read = () => cache.read(hash)!.bytes
  return { path, body: { chunks: { [Symbol.iterator]: () => [read()].values() } } }
}

/** Without what a camera says of place and owner. */
async function makePicture(source: Buffer, { width, square, focus }: Job) {
  const { default: sharp } = await import('sharp')
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true } as const
  const about = await sharp(source, options).metadata()
  const upright = sharp(source, { ...options, animated: about.format === 'webp' && !square })
    .rotate()
    .toColourspace('srgb')
  // EXIF: from 5 on it lies on its side.
  const isTurned = (about.orientation ?? 1) > 4
  const [across, down] = isTurned ? [about.height, about.width] : [about.width, about.height]
  const sized = square
    ? squareOf(upright, across, down, focus).resize(width, width, { fit: 'cover', position: 'attention' })
    : upright.resize({ width, withoutEnlargement: true })
  const made =
    about.format === 'png'
      ? sized.png({ compressionLevel: 9 })
      : about.format === 'webp'
        ? sized.webp({ quality: QUALITY })
        : sized.jpeg({ quality: QUALITY, progressive: true })
  const { data, info } = await made.toBuffer({ resolveWithObject: true })
  const type = `image/${about.format}` as 'image/jpeg'
  return { type, width: info.width, height: info.height, bytes: data, asItIs: false }
}

/** Around the point that its author wants kept. */
function squareOf(picture: Sharp, width: number, height: number, focus: Picture['focus']): Sharp {
  if (!focus) return picture
  const side = Math.min(width, height)
  const from = (point: number, all: number) =>
    Math.round(Math.min(Math.max(point * all - side / 2, 0), all - side))
  return picture.extract({
    left: from(focus[0], width),
    top: from(focus[1], height),
    width: side,
    height: side,
  })
}

function unreadable(file: string, error: Error): Diagnostic {
  return {
    file: `articles/${file}`,
    line: 0,
    rule: 'picture-size',
    severity: 'warning',
    message: `cannot be made smaller, and feeds and pages show it as it is: ${cutShort(error.message.split('\n')[0]!, 120)}`,
    advice: 'Save it again as JPEG, PNG or WebP.',
  }
}
