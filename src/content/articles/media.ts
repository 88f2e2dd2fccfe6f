// `image:` and `audio:` in any of their shapes, and pictures of settings and authors → a picture or a recording with an
// absolute URL, measured when the file is the publication's own.

import { posix } from 'node:path'
import { cutShort, mediaTypeOf, oneLine, parseUrl, plainTitle } from '../../base/index.ts'
import type { Audio, Picture, WordLink } from '../../model.ts'
import { notPublished } from '../attachments.ts'
import { type OwnFiles, ownFileUrl } from '../own-files.ts'
import { webAddress } from '../text-values.ts'
import { mediaFolder } from './article-address.ts'
import { MAX_TEXT_CHARACTERS } from './article-fields.ts'
import { truth } from './held-back.ts'
import { type FrontMatter, quote, scalar, warn } from './read-front-matter.ts'

/** @param base URL that a path without a file is resolved against */
export function articlePicture(front: FrontMatter, base: string): Picture | undefined {
  const value = front.values.image
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined || first === null || typeof first === 'boolean') return undefined
  const fields = record(first)
  const src = sourceOf(fields)
  // What another tool has a picture's key for: `cover: { relative: true }`, `image: { focal_point: Smart }`.
  if (
    src === undefined &&
    typeof first === 'object' &&
    ('focal_point' in first || Object.values(first).every(part => typeof part !== 'string' || part === ''))
  )
    return undefined
  if (src === undefined)
    return noSource(front, 'image', first, 'image: { src: images/harbour.jpg, alt: The harbour at dawn }')
  const caption = words(fields, 'caption', 'title', 'image_caption') ?? besideImage(front, 'caption')
  const credit =
    words(fields, 'credit', 'attribution', 'source', 'photographer') ?? besideImage(front, 'credit')
  return readPicture(
    {
      src,
      alt: words(fields, ...ALT_KEYS) ?? besideImage(front, 'alt'),
      caption: inline(caption),
      credit: inline(credit),
      links: [caption, credit].flatMap(text => linksIn(text, base)),
      creditRole: words(fields, 'credit_role', 'creditRole'),
      copyright: inline(words(fields, 'copyright', 'rights')),
      fit: pictureFit(fields.fit, front),
      focus: pictureFocus(fields.focus, front),
    },
    referenceBase(front, 'image', base),
  )
}

/** @param base URL that a path without a file is resolved against */
export function articleAudio(front: FrontMatter, base: string): Audio | undefined {
  const value = front.values.audio
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined || first === null || typeof first === 'boolean') return undefined
  const fields = record(first)
  const src = sourceOf(fields)
  if (src === undefined)
    return noSource(front, 'audio', first, 'audio: { src: audio/episode-1.mp3, duration: "34:10" }')
  const place = referenceBase(front, 'audio', base)
  const found = readReference(src, { ...place, example: 'audio/episode-1.mp3' })
  if (!found) return undefined
  const measures = found.file === undefined ? undefined : front.ownFiles.measure(found.file)
  const files: string[] = []
  const beside = (key: string) => {
    const reference = scalar(fields[key])
    const other = reference === undefined ? undefined : readReference(reference, place)
    if (other?.file !== undefined) files.push(other.file)
    return other?.url
  }
  const transcript = beside('transcript')
  const chapters = beside('chapters')
  const cover = scalar(fields.image ?? fields.cover)
  const image =
    cover === undefined
      ? undefined
      : readPicture({ src: cover, alt: '' }, { ...place, example: 'images/episode-1.jpg' })
  if (image?.file !== undefined) files.push(image.file)
  const explicit = truth(fields.explicit)
  return {
    url: found.url,
    file: found.file,
    bytes: measures?.bytes ?? wholeNumber(fields.bytes ?? fields.length),
    type: measures?.type ?? words(fields, 'type') ?? typeOf(found.url),
    duration: seconds(fields.duration, front) ?? lengthOf(found.file, front),
    episode: wholeNumber(fields.episode),
    season: wholeNumber(fields.season),
    kind: episodeKind(fields.kind ?? fields.episode_type ?? fields.episodeType, front),
    ...(explicit === undefined ? {} : { explicit }),
    transcript,
    chapters,
    ...soundbites(fields.soundbites),
    ...(image && { image }),
    files,
  }
}

/** Only where there is a podcast to say it: it takes a moment. */
function lengthOf(file: string | undefined, { publication, ownFiles }: FrontMatter): number | undefined {
  return file === undefined || !publication.podcast ? undefined : ownFiles.seconds(file)
}

/** `soundbites: [{ start: 61, duration: 20, title: … }]` */
function soundbites(value: unknown): Pick<Audio, 'soundbites'> {
  const given = (Array.isArray(value) ? value : []).flatMap(each => {
    const { start, duration, title } = record(each)
    const [from, length] = [Number(start), Number(duration)]
    if (!(from >= 0 && length > 0)) return []
    return [{ start: from, duration: length, title: words({ title }, 'title') }]
  })
  return given.length === 0 ? {} : { soundbites: given }
}

export interface PictureFields {
  readonly src: string
  readonly alt?: string | undefined
  readonly caption?: string | undefined
  readonly credit?: string | undefined
  readonly links?: readonly WordLink[]
  readonly creditRole?: string | undefined
  readonly copyright?: string | undefined
  readonly fit?: Picture['fit']
  readonly focus?: Picture['focus']
}

/** What paths are relative to, and who hears of those that lead nowhere. */
export interface ReferenceBase {
  /** The folder that relative paths start from, relative to `articles/`; `articles/` itself is tried after it. */
  readonly from: string
  /** What the article says its pictures lie in. */
  readonly mediaFolder?: string | undefined
  /** URL that a path without a file is resolved against. */
  readonly base: string
  /** The publication's. */
  readonly url: string
  readonly ownFiles: OwnFiles
  /** Such a file, for advice; a picture's when it is not there. */
  readonly example?: string | undefined
  problem(severity: 'error' | 'warning', message: string, advice: string): void
}

/** @returns undefined, and a problem reported, when the reference is none that may be used */
export function readPicture(fields: PictureFields, place: ReferenceBase): Picture | undefined {
  const found = readReference(fields.src, place)
  if (!found) return undefined
  const measures = found.file === undefined ? undefined : place.ownFiles.measure(found.file)
  return {
    url: found.url,
    file: found.file,
    alt: oneLine(fields.alt ?? ''),
    caption: fields.caption,
    credit: fields.credit,
    creditRole: fields.creditRole,
    copyright: fields.copyright,
    ...(fields.links && fields.links.length > 0 && { links: fields.links }),
    ...(fields.fit && { fit: fields.fit }),
    ...(fields.focus && { focus: fields.focus }),
    width: measures?.width,
    height: measures?.height,
    bytes: measures?.bytes,
    type: measures?.type,
  }
}

/** A path or an address → an absolute URL, and the file when it is one of the publication's own. */
function readReference(given: string, place: ReferenceBase): { url: string; file?: string } | undefined {
  const noted = /^!?\[\[([^[\]|]+)(?:\|[^[\]]*)?\]\]$/.exec(given.trim())?.[1]
  // Pelican's `{static}/images/a.png`.
  const src = noted ?? given.replace(/^(?:\{(?:static|attach|filename|photo)\}|\|filename\|)/i, '')
  const { from, base, url, ownFiles, problem, example = 'images/harbour.jpg' } = place
  if (/^[a-z][a-z0-9+.-]*:/i.test(src) || src.startsWith('//')) {
    // A space in an address is what people paste: browsers take it for %20.
    const written = src.trim().replaceAll(' ', '%20')
    const address = webAddress(written.startsWith('//') ? `${new URL(url).protocol}${written}` : written)
    if (!address)
      problem(
        'warning',
        `"${src}" is not an address; it is left out`,
        `Write a path or an address: ${example}`,
      )
    return address && { url: address.href }
  }
  let found = ownFiles.find(src, from)
  if ('why' in found && found.why === 'missing' && place.mediaFolder !== undefined && !src.startsWith('/')) {
    const inFolder = ownFiles.find(posix.join(place.mediaFolder, src), '')
    if ('file' in inFolder) found = inFolder
  }
  if ('why' in found && found.why === 'missing' && from !== '') {
    const fromTop = ownFiles.find(src, '')
    // From the top '../audio/one.vtt' would lie outside: that is not what its writer meant, and not reported.
    if (!('why' in fromTop && fromTop.why === 'outside')) found = fromTop
  }
  // Obsidian's `[[a.png]]`, by its name alone.
  if (noted !== undefined && 'why' in found)
    found =
      NOTE_FOLDERS.map(folder => ownFiles.find(`/${folder}/${noted}`, '')).find(each => 'file' in each) ??
      found
  if ('file' in found) return { url: ownFileUrl(url, found.file), file: found.file }
  if (found.why === 'active') {
    problem('warning', ...notPublished(src, found.danger))
    return undefined
  }
  if (found.why !== 'missing') {
    if (found.why === 'unreadable') {
      problem('warning', `"${src}" cannot be read`, 'Correct its permissions.')
      return undefined
    }
    const message = found.why === 'outside' ? 'lies outside articles/' : 'is a source or a hidden file'
    problem('error', `"${src}" ${message}; it was not read`, `Put a copy below articles/: ${example}`)
    return undefined
  }
  problem(
    'warning',
    `"${src}" does not exist`,
    `Put the file below articles/, or correct the path: ${example}`,
  )
  // `<image path>` is what a starter has there. A backslash or a colon makes of a path something that is no address at all.
  const address = /[<>]/.test(src) ? undefined : parseUrl(src, base)
  return address && { url: address.href }
}

/** Where vaults keep pictures. */
const NOTE_FOLDERS = 'attachments assets images media files Attachments Assets Images Files'.split(' ')

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { src: value }
}

/** Also one level further in: `cover: { image: { src } }`. */
function sourceOf(fields: Record<string, unknown>): string | undefined {
  for (const key of SOURCE_KEYS) {
    const value = Array.isArray(fields[key]) ? fields[key][0] : fields[key]
    const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
    const src = (scalar(value) ?? scalar(inner?.src) ?? scalar(inner?.url))?.trim()
    if (src !== undefined && src !== '') return src
  }
  return undefined
}

const SOURCE_KEYS = (
  'src url path image file href filename feature overlay_image img images og_image large full desktop teaser thumbnail photo ' +
  'image_url publicURL'
).split(' ')
const ALT_KEYS = ['alt', 'altText', 'alt_text', 'image_alt', 'image_description']

/** `imageAlt`, `cover_image_alt`, `hero_caption`, `photo_credit`: beside the picture rather than in it. */
function besideImage({ extra }: FrontMatter, what: 'alt' | 'caption' | 'credit'): string | undefined {
  const pattern = new RegExp(
    `^(?:(?:image|img|cover|hero|heroimage|coverimage|featureimage|featuredimage|featured|photo|banner|thumbnail|header)${what}(?:text)?|alt(?:image|img))$`,
    'i',
  )
  const key = Object.keys(extra).find(
    name => pattern.test(name.replace(/[-_]/g, '')) && (what === 'alt' || !/^alt/i.test(name)),
  )
  return key === undefined ? undefined : words(extra, key)
}

function words(fields: Record<string, unknown>, ...keys: string[]): string | undefined {
  const text = keys.map(key => scalar(fields[key])).find(value => value !== undefined)
  return text === undefined ? undefined : cutShort(oneLine(text), MAX_TEXT_CHARACTERS) || undefined
}

/** `[words](address)` and `<a href="address">words</a>`, in their order. */
function linksIn(text: string | undefined, base: string): WordLink[] {
  if (text === undefined || !/\]\(|<a\s/i.test(text)) return []
  const found = text.matchAll(
    /\[([^[\]]+)\]\(\s*<?([^()\s<>]+)>?[^()]*\)|<a\s[^<>]*?href\s*=\s*["']([^"'<>]+)["'][^<>]*>([^<]+)<\/a>/gi,
  )
  const plain = plainTitle(text)
  let last = 0
  return [...found].flatMap(({ index, 1: marked, 2: target, 3: href, 4: named }) => {
    const words = plainTitle(marked ?? named ?? '')
    const address = parseUrl(target ?? href ?? '', base)
    const at = plain.indexOf(words, Math.max(last, plainTitle(text.slice(0, index)).length))
    if (words === '' || at === -1 || !address || !/^(?:https?|mailto):$/.test(address.protocol)) return []
    last = at + words.length
    return { text: words, of: plain, at, url: address.href }
  })
}

/** Captions and credits are written with marks of Markdown, references and links, and shown as text. */
function inline(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainTitle(text) || undefined
}

function noSource(front: FrontMatter, field: 'image' | 'audio', value: unknown, example: string): undefined {
  warn(front, field, `${field}: ${quote(value)} names no file`, `Write ${example}`)
}

function referenceBase(front: FrontMatter, field: 'image' | 'audio', base: string): ReferenceBase {
  const { file, publication, ownFiles, extra } = front
  return {
    from: folderOf(file),
    mediaFolder: mediaFolder(extra),
    base,
    url: publication.url,
    ownFiles,
    // A picture or a recording that cannot be had costs itself, and not the article.
    problem: (_, message, advice) => warn(front, field, `${field}: ${message}`, advice),
  }
}

/** 'articles/2026/a.md' → '2026' */
export function folderOf(file: string): string {
  return file.slice('articles/'.length, file.lastIndexOf('/'))
}

/** 2050, '34:10', '1:02:03', 'PT34M10S' → seconds. */
function seconds(value: unknown, front: FrontMatter): number | undefined {
  if (value === undefined || value === null) return undefined
  const text = scalar(value)?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text))
  if (/^(?:\d+:)?[0-5]?\d:[0-5]\d$/.test(text))
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/i.exec(text)
  if (iso) return Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)
  warn(
    front,
    'audio',
    `duration ${quote(value)} is no length of time`,
    'Write seconds or minutes:seconds: "34:10"',
  )
  return undefined
}

const PICTURE_FITS = ['cover', 'contain'] as const
const EPISODE_KINDS = ['full', 'trailer', 'bonus'] as const

function episodeKind(value: unknown, front: FrontMatter): Audio['kind'] {
  if (value === undefined || value === null) return undefined
  const kind = EPISODE_KINDS.find(each => each === scalar(value)?.trim().toLowerCase())
  if (!kind)
    warn(front, 'audio', `${quote(value)} is no kind of episode`, 'Write kind: full, trailer or bonus.')
  return kind
}

function pictureFit(value: unknown, front: FrontMatter): Picture['fit'] {
  if (value === undefined || value === null) return undefined
  const fit = PICTURE_FITS.find(each => each === scalar(value)?.trim().toLowerCase())
  if (!fit)
    warn(
      front,
      'image',
      `${quote(value)} is no way to fit a picture`,
      'Write fit: cover for a photograph that may be cropped, fit: contain for a chart that may not.',
    )
  return fit
}

/** Two numbers from 0 to 1: how far from the left and from the top the point is that a crop keeps. */
function pictureFocus(value: unknown, front: FrontMatter): Picture['focus'] {
  if (value === undefined || value === null) return undefined
  const [x, y, ...others] = Array.isArray(value) ? value.map(Number) : []
  const isShare = (number: number | undefined) => number !== undefined && number >= 0 && number <= 1
  if (isShare(x) && isShare(y) && others.length === 0) return [x!, y!]
  warn(
    front,
    'image',
    `${quote(value)} is no point of a picture`,
    'Write two numbers from 0 to 1, from the left and from the top: focus: [0.5, 0.3]',
  )
  return undefined
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(scalar(value) ?? Number.NaN)
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/** Of a recording elsewhere, going by its address. */
function typeOf(url: string): string {
  const type = mediaTypeOf(new URL(url).pathname)
  return type && /^(?:audio|video)\//.test(type) ? type : 'audio/mpeg'
}
