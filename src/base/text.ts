// Any text → the same fit for its destination: clean, on one line, cut short, as HTML; its width, its direction, and the word
// that was meant; and the names of files as other systems write them.

import { createHash } from 'node:crypto'
import type { Direction } from '../model.ts'

/** What XML 1.0 §2.2 forbids: control characters but tab and line ends, lone surrogates, U+FFFE and U+FFFF. */
const ILLEGAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const EVERY_ILLEGAL = new RegExp(ILLEGAL.source, 'g')

/** Without the characters that are illegal in XML 1.0, and DEL. */
export function cleanText(text: string): string {
  return ILLEGAL.test(text) ? text.replace(EVERY_ILLEGAL, '') : text
}

/** Index of the first illegal character, or -1. */
export function findIllegal(text: string): number {
  return text.search(ILLEGAL)
}

/** A copy of its own: a part of a text keeps the whole of it in memory, and a text put together keeps its parts. */
export function ownText(text: string): string {
  return Buffer.from(text).toString()
}

/** One line: no control character, white space collapsed, no space at the ends. */
export function oneLine(text: string): string {
  // As nearly every title is: printable ASCII without two spaces together.
  if (!/[^\x20-\x7e]| {2}|^ | $/.test(text)) return text
  return cleanText(text.replace(/[\s\x85\u2028\u2029]+/g, ' ').replace(/[\x80-\x9f]/g, '')).trim()
}

/**
 * So much of what somebody wrote as a message shows; that something is missing is to be seen.
 *
 * @param maxLength in characters, with the sign of the cut
 */
export function cutShort(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const characters = [...text]
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** As HTML between tags, where quotation marks mean nothing. */
export function escapeText(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text
}

/** As HTML between tags or in double quotes, as attributes are written here. */
export function escapeHtml(text: string): string {
  return /[&<>"]/.test(text) ? escapeText(text).replaceAll('"', '&quot;') : text
}

/** The nearest of the words that would have been right, if one is near enough to have been meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let fewest = limit + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue
    const steps = distance(word.toLowerCase(), candidate.toLowerCase())
    if (steps < fewest) {
      fewest = steps
      best = candidate
    }
  }
  return best
}

/** Levenshtein's distance; two neighbours that changed places count as one step. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j]!, before[j - 2]! + 1)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u

/**
 * How many columns a text takes in a fixed-width window: East Asian wide characters two, combining marks none (Unicode
 * UAX #11).
 */
export function textWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is one column a character
  if (/^[\x00-\x7f]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += charWidth(character)
  return width
}

export function charWidth(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1
  if (ZERO_WIDTH.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

// ISO 15924; of each script with a direction of its own the variants as well.
const RIGHT_TO_LEFT = new Set(
  `Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh Ougr
  Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Syre Syrj Syrn Thaa Todr Yezi`.split(/\s+/),
)

/** A folder writes in few languages; ten thousand articles ask. */
const directions = new Map<string, Direction>()

/**
 * The direction in which a language is written: by the script that its tag names ('uz-Arab'), else by its usual one in
 * that region ('pa-PK').
 *
 * @param language BCP 47; what is no language tag reads from left to right
 */
export function directionOf(language: string): Direction {
  const direction = directions.get(language) ?? scriptDirection(language)
  directions.set(language, direction)
  return direction
}

function scriptDirection(language: string): Direction {
  try {
    return RIGHT_TO_LEFT.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}

// ─── Names of files ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// Name of a file → what other systems make of it: their spelling, a name that all of them allow, its media type.

/**
 * The same for every name that is the same file on a disk that ignores case and the encoding of accents, as
 * macOS and Windows have them. Full case folding (Unicode §3.13, D145): 'ſ' is 's', 'σς' is 'σσ', 'ß' is 'ss'.
 */
export function foldedName(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toUpperCase()
  // A dotless ı is a letter of its own, on disks as in Turkish; in capitals it would be an I.
  const parts = name.normalize('NFD').toLowerCase().split('ı')
  return parts.map(part => part.toUpperCase()).join('ı')
}

/** Device names that Windows reserves, whatever follows after a dot; superscript digits count as well. */
const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\.|$)/i

/**
 * On Windows a file with the name of a device cannot be created, nor a git repository with one checked out:
 * 'con' → 'con-1143da', 'con.txt' → 'con-d3bde2.txt'.
 */
export function portableName(name: string): string {
  return RESERVED.test(name) ? name.replace(RESERVED, device => `${device}-${shortHash(name)}`) : name
}

/** Six letters and digits that make a name unique where the rest of it is not. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6)
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heif: 'image/heif',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  tiff: 'image/tiff',
  tif: 'image/tiff',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  json: 'application/json',
  xml: 'application/xml',
  opml: 'text/x-opml',
  rsl: 'application/rsl+xml',
  html: 'text/html',
  md: 'text/markdown',
  css: 'text/css',
  txt: 'text/plain',
  eml: 'message/rfc822',
}

/** @param name a file's name or path, or the path of an address; what comes after its last point counts */
export function mediaTypeOf(name: string): string | undefined {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
}

const number = new Intl.NumberFormat('en')

/** 12,345 */
export function figure(value: number): string {
  return number.format(value)
}

/** '4.2 s', '18 min', '2.5 h' */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
