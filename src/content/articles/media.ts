// `image:` and `audio:` in any of their shapes → a picture and a recording.

import { mediaTypeOf, oneLine } from '../../base/index.ts'
import type { Audio, Picture } from '../../model.ts'
import { type Draft, quote, scalar } from './article-context.ts'
import { type Field, truth } from './fields.ts'
import { type Place, readPicture, readReference } from './read-picture.ts'

const sources = ['src', 'url', 'path', 'image', 'file', 'href']

export function articlePicture(draft: Draft, place: Omit<Place, 'problem'>): Picture | undefined {
  const value = draft.values.image
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined || first === null || typeof first === 'boolean') return undefined
  const fields = record(first)
  const src = sourceOf(fields)
  if (src === undefined)
    return noSource(draft, 'image', first, 'image: { src: images/harbour.jpg, alt: The harbour at dawn }')
  return readPicture(
    {
      src,
      alt: words(fields, 'alt'),
      caption: words(fields, 'caption', 'title'),
      credit: words(fields, 'credit', 'attribution'),
      creditRole: words(fields, 'credit_role', 'creditRole'),
      copyright: words(fields, 'copyright', 'rights'),
    },
    { ...place, problem: problemsOf(draft, 'image') },
  )
}

export function articleAudio(draft: Draft, place: Omit<Place, 'problem'>): Audio | undefined {
  const value = draft.values.audio
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined || first === null || typeof first === 'boolean') return undefined
  const fields = record(first)
  const src = sourceOf(fields)
  if (src === undefined)
    return noSource(draft, 'audio', first, 'audio: { src: audio/episode-1.mp3, duration: "34:10" }')
  const problem = problemsOf(draft, 'audio')
  const found = readReference(src, { ...place, problem, example: 'audio/episode-1.mp3' })
  if (!found) return undefined
  const measures = found.file === undefined ? undefined : place.ownFiles.measure(found.file)
  const files: string[] = []
  const beside = (key: string) => {
    const reference = scalar(fields[key])
    const other = reference === undefined ? undefined : readReference(reference, { ...place, problem })
    if (other?.file !== undefined) files.push(other.file)
    return other?.url
  }
  const transcript = beside('transcript')
  const chapters = beside('chapters')
  const explicit = truth(fields.explicit)
  return {
    url: found.url,
    file: found.file,
    bytes: measures?.bytes ?? wholeNumber(fields.bytes ?? fields.length),
    type: measures?.type ?? words(fields, 'type') ?? typeOf(found.url),
    duration: seconds(fields.duration, draft),
    episode: wholeNumber(fields.episode),
    season: wholeNumber(fields.season),
    kind: kindOf(fields.kind ?? fields.episode_type ?? fields.episodeType, draft),
    ...(explicit === undefined ? {} : { explicit }),
    transcript,
    chapters,
    files,
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { src: value }
}

function sourceOf(fields: Record<string, unknown>): string | undefined {
  return sources.map(key => scalar(fields[key])?.trim()).find(src => src !== undefined)
}

function words(fields: Record<string, unknown>, ...keys: string[]): string | undefined {
  const text = keys.map(key => scalar(fields[key])).find(value => value !== undefined)
  return text === undefined ? undefined : oneLine(text) || undefined
}

function noSource(draft: Draft, field: Field, value: unknown, example: string): undefined {
  draft.problem(
    field,
    'warning',
    `article-${field}`,
    `${field}: ${quote(value)} names no file`,
    `Write ${example}`,
  )
}

function problemsOf(draft: Draft, field: Field): Place['problem'] {
  return (severity, message, advice) =>
    draft.problem(field, severity, `article-${field}`, `${field}: ${message}`, advice)
}

/** 2050, '34:10', '1:02:03', 'PT34M10S' → seconds. */
function seconds(value: unknown, draft: Draft): number | undefined {
  if (value === undefined || value === null) return undefined
  const text = scalar(value)?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text))
  if (/^(?:\d+:)?[0-5]?\d:[0-5]\d$/.test(text))
    return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/i.exec(text)
  if (iso) return Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)
  draft.problem(
    'audio',
    'warning',
    'article-audio',
    `duration ${quote(value)} is no length of time`,
    'Write seconds or minutes:seconds: "34:10"',
  )
  return undefined
}

const kinds = ['full', 'trailer', 'bonus'] as const

function kindOf(value: unknown, draft: Draft): Audio['kind'] {
  if (value === undefined || value === null) return undefined
  const kind = kinds.find(each => each === scalar(value)?.trim().toLowerCase())
  if (!kind)
    draft.problem(
      'audio',
      'warning',
      'article-audio',
      `${quote(value)} is no kind of episode`,
      'Write kind: full, trailer or bonus.',
    )
  return kind
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
