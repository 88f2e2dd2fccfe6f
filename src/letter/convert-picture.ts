// The bytes of any picture → a JPEG or PNG of limited width and size. sharp is loaded with the first picture that needs it.

import type { Sharp, SharpOptions } from 'sharp'
import { luminance } from '../base/index.ts'

export interface ConvertedPicture {
  readonly type: 'image/jpeg' | 'image/png' | 'image/gif'
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
  /** The source can be used unchanged; `bytes` are empty. */
  readonly asItIs: boolean
  readonly transparent?: boolean | undefined
}

export interface Conversion {
  /** Its maximum width. A smaller picture is not enlarged, unless it is an SVG. */
  readonly pixels: number
  readonly maxBytes: number
  /** Media type of the source. */
  readonly type: string
  /** Pixels: a GIF no wider than this may stay. */
  readonly maxGifWidth: number
  /** Width by height of what is to be left of it; undefined for all of it. */
  readonly ratio?: number | undefined
  /** The point that is kept, from 0 to 1 of width and height; where there is most to see, if undefined. */
  readonly focus?: readonly [x: number, y: number] | undefined
  /** Whether what is transparent in it is filled; else dark ink, as of a logo, gets a light rim. */
  readonly filled?: boolean | undefined
}

/** Part of every address: a change of this program's conversion has to change it. */
export const CONVERTER = 'letter picture 2'

/** A small file with more pixels than this could fill the memory. */
const SAFE_OPTIONS: SharpOptions = { limitInputPixels: 120_000_000, failOn: 'error', sequentialRead: true }
/** Pixels at most whose colour is looked at. */
const MAX_SAMPLES = 20_000
/** WCAG 2.2 §2.2.2: a longer animation needs a way to stop it, and a mail has none. */
const MAX_ANIMATION_MS = 5000
const JPEG_QUALITIES = [82, 74, 66, 58, 50]

/**
 * An SVG is drawn from memory, without a base address: nothing that it refers to, on disk or on the web, is opened.
 *
 * @throws Error for what is not a picture, is cut off, or has more than 120 million pixels
 */
export async function convertPicture(source: Buffer, wanted: Conversion): Promise<ConvertedPicture> {
  const { default: sharp } = await import('sharp')
  const {
    format,
    width = 0,
    height = 0,
    pages = 1,
    delay = [],
    loop = 0,
    ...about
  } = await sharp(source, SAFE_OPTIONS).metadata()
  if (format === 'gif' && width <= wanted.maxGifWidth && source.length <= wanted.maxBytes) {
    const time = delay.reduce((sum, part) => sum + part, 0) * (loop || Infinity)
    if (pages === 1 || time <= MAX_ANIMATION_MS)
      return {
        type: 'image/gif',
        width,
        height: about.pageHeight ?? height,
        bytes: new Uint8Array(),
        asItIs: true,
      }
  }
  const drawn = format === 'svg'
  const density = drawn
    ? Math.min(2400, Math.max(72, Math.ceil((72 * wanted.pixels) / Math.max(1, width))))
    : 72
  const upright = sharp(source, { ...SAFE_OPTIONS, density })
    .rotate()
    .toColourspace('srgb')
  // EXIF: from 5 on it lies on its side.
  const [across, down] = (about.orientation ?? 1) > 4 ? [height, width] : [width, height]
  const read = await fitted(upright, { width: across, height: down, drawn }, wanted)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { data, info } = await onAnyGround(read, wanted.filled === true)
  const raw = { width: info.width, height: info.height, channels: info.channels }
  // From here on the source is not read again.
  const begin = (pixels: number) => sharp(data, { raw }).resize({ width: pixels, withoutEnlargement: true })
  const isClear = (pixels: Buffer) => pixels.some((value, at) => at % 4 === 3 && value < 255)
  const isSeeThrough = isClear(data)
  if (isSeeThrough) return smallPng(begin, info.width, wanted.maxBytes)
  if (drawn || format === 'png' || format === 'gif' || isClear(read.data)) {
    // A drawing stays sharp as PNG; a photograph would be too large.
    const whole = await begin(info.width)
      .removeAlpha()
      .png({ compressionLevel: 9 })
      .toBuffer({ resolveWithObject: true })
    if (whole.data.length <= wanted.maxBytes) return converted('image/png', whole)
  }
  return smallJpeg(begin, info.width, wanted.maxBytes)
}

interface Pixels {
  readonly data: Buffer
  readonly info: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 }
}

const LIGHT_GROUND = '#ffffff'
const DARK_GROUND = '#1c1c1e'
/** Luminance: ink that is darker is lost on black. */
const MAX_DARK_INK = 0.2
const MIN_LIGHT_INK = 0.5

/**
 * Mail clients darken the ground of a letter and not its pictures, so that black lines on nothing would be black on black. A
 * picture is put on white, one that is drawn in white on black; a logo in dark ink gets a rim of white, which nobody sees on white.
 */
async function onAnyGround(picture: Pixels, isFilled: boolean): Promise<Pixels> {
  const ink = inkOf(picture.data)
  if (!ink || (!isFilled && ink.dark >= MAX_DARK_INK)) return picture
  const { default: sharp } = await import('sharp')
  const { data, info } = picture
  const { width, height } = info
  const raw = { width, height, channels: 4 as const }
  if (isFilled) {
    const background = ink.dark > MIN_LIGHT_INK ? DARK_GROUND : LIGHT_GROUND
    return sharp(data, { raw })
      .flatten({ background })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
  }
  const reach = Math.max(2, Math.round(width / 150))
  const alpha = await sharp(data, { raw }).extractChannel(3).raw().toBuffer()
  const halo = await sharp(alpha, { raw: { width, height, channels: 1 } })
    .blur(reach)
    .linear(4, 0)
    .extractChannel(0)
    .raw()
    .toBuffer()
  const rim = Buffer.alloc(width * height * 4, 255)
  for (let at = 0; at < width * height; at += 1) rim[at * 4 + 3] = halo[at]!
  return sharp(rim, { raw })
    .composite([{ input: data, raw }])
    .raw()
    .toBuffer({ resolveWithObject: true })
}

/** No wider than is wanted, and the part of it that has the ratio that is wanted. A photograph is never enlarged. */
function fitted(
  picture: Sharp,
  { width, height, drawn }: { width: number; height: number; drawn: boolean },
  { pixels, ratio, focus }: Conversion,
): Sharp {
  if (ratio === undefined) return picture.resize({ width: pixels, withoutEnlargement: !drawn })
  const kept = {
    width: Math.max(1, Math.round(Math.min(width, height * ratio))),
    height: Math.max(1, Math.round(Math.min(height, width / ratio))),
  }
  if (focus) {
    const from = (point: number, all: number, part: number) =>
      Math.round(Math.min(Math.max(point * all - part / 2, 0), all - part))
    const [left, top] = [from(focus[0], width, kept.width), from(focus[1], height, kept.height)]
    return picture.extract({ left, top, ...kept }).resize({ width: pixels, withoutEnlargement: true })
  }
  const scale = Math.min(1, pixels / kept.width)
  const size = { width: Math.round(kept.width * scale), height: Math.max(1, Math.round(kept.height * scale)) }
  return picture.resize({ ...size, fit: 'cover', position: 'attention' })
}

/** Less quality first, then fewer pixels. */
async function smallJpeg(
  begin: (pixels: number) => Sharp,
  from: number,
  maxBytes: number,
): Promise<ConvertedPicture> {
  for (let pixels = from; ; pixels = Math.floor(pixels * 0.8)) {
    for (const quality of JPEG_QUALITIES) {
      const made = await begin(pixels)
        .removeAlpha()
        .jpeg({ quality, progressive: true, chromaSubsampling: '4:2:0' })
        .toBuffer({ resolveWithObject: true })
      if (made.data.length <= maxBytes || pixels < 64) return converted('image/jpeg', made)
    }
  }
}

/** Fewer colours first, then fewer pixels. */
async function smallPng(
  begin: (pixels: number) => Sharp,
  from: number,
  maxBytes: number,
): Promise<ConvertedPicture> {
  for (let pixels = from; ; pixels = Math.floor(pixels * 0.7)) {
    for (const options of [{ compressionLevel: 9 }, { palette: true, effort: 4 }]) {
      const made = await begin(pixels).png(options).toBuffer({ resolveWithObject: true })
      if (made.data.length <= maxBytes || pixels < 64) return converted('image/png', made)
    }
  }
}

function converted(
  type: ConvertedPicture['type'],
  { data, info }: { data: Buffer; info: { width: number; height: number } },
): ConvertedPicture {
  return { type, width: info.width, height: info.height, bytes: data, asItIs: false }
}

/** Whether any part of a PNG can be seen through. */
export async function isTransparent(source: Uint8Array): Promise<boolean> {
  const { default: sharp } = await import('sharp')
  const { hasAlpha } = await sharp(source, SAFE_OPTIONS).metadata()
  return hasAlpha === true && !(await sharp(source, SAFE_OPTIONS).stats()).isOpaque
}

/** The luminance of the darker and the lighter part of its visible pixels; undefined when nothing is transparent. */
export async function shadesOf(source: Uint8Array): Promise<{ dark: number; light: number } | undefined> {
  const { default: sharp } = await import('sharp')
  const small = sharp(source, SAFE_OPTIONS)
    .resize({ width: 200, withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
  const { data } = await small.raw().toBuffer({ resolveWithObject: true })
  return inkOf(data)
}

/** @param data four channels a pixel */
function inkOf(data: Buffer): { dark: number; light: number } | undefined {
  const [all, step] = [data.length / 4, Math.max(1, Math.floor(data.length / 4 / MAX_SAMPLES))]
  const seen: number[] = []
  let looked = 0
  let isOpaque = true
  for (let at = 0; at < all; at += 1) {
    const alpha = data[at * 4 + 3]!
    if (alpha < 255) isOpaque = false
    if (at % step !== 0) continue
    looked += 1
    if (alpha > 127) seen.push(luminance(`#${data.toString('hex', at * 4, at * 4 + 3)}`))
  }
  if (isOpaque || seen.length === 0 || looked === 0) return undefined
  seen.sort((a, b) => a - b)
  return { dark: seen[Math.floor(seen.length * 0.1)]!, light: seen[Math.floor(seen.length * 0.9)]! }
}
