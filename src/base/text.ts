// Any text → the same fit for its destination: clean, on one line, without marks of Markdown, cut short, as HTML; its width, its
// direction, and the word that was meant; and the names of files as other systems write them.

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

/** Text of HTML that `escapeText` or `escapeHtml` made. */
export function unescapeHtml(html: string): string {
  return html.includes('&') ? html.replace(/&(?:lt|gt|quot|amp);/g, mark => ESCAPED[mark]!) : html
}
const ESCAPED: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

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

// ─── Titles and other lines with marks of Markdown and HTML ──────────────────────────────────────────────────────────

/** Inline Markdown and HTML → plain text on one line. */
export function plainTitle(text: string): string {
  const line = oneLine(text)
  // Nothing so long is a title, and the patterns below are made for one line.
  if (line.length > 2000 || !/[*_`~[<\\]|&[#a-z]/i.test(line)) return line
  if (!/[`\\]/.test(line)) return oneLine(stripMarks(line))
  const parts = line.split(/(`+)/)
  let out = ''
  for (let at = 0; at < parts.length; at++) {
    const close = at % 2 === 1 ? parts.indexOf(parts[at]!, at + 1) : -1
    if (close === -1) {
      out += parts[at]
      continue
    }
    // Code is no Markdown: it is hidden as escaped punctuation is.
    out += hide(
      parts
        .slice(at + 1, close)
        .join('')
        .trim(),
    )
    at = close
  }
  return oneLine(show(stripMarks(out)))
}

/** Escaped punctuation waits here while marks are taken away: oneLine has removed every C1 control before. */
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const FIRST_C1_CONTROL = 0x80

/** Those of every text; the others are below. */
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '' },
  ...{
    mdash: '—',
    ndash: '–',
    hellip: '…',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    laquo: '«',
    raquo: '»',
  },
}

/** Names of the letters from U+00A0 to U+00FF, in their order. */
const LATIN_1_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  )

function stripMarks(text: string): string {
  let out = text.includes('\\') ? text.replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => hide(mark)) : text
  if (out.includes('<')) out = stripTags(out)
  if (out.includes('[')) out = out.replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
  if (out.includes('**'))
    out = out
      .replace(/\*\*\*(?=[^\s*])([^*]*[^\s*])\*\*\*/g, '$1')
      .replace(/(?<!\d)\*\*(?=[^\s*])((?:[^*]|\*(?!\*))*[^\s])\*\*(?!\d)/g, '$1')
  if (out.includes('*'))
    out = out.replace(/(?<![A-Za-z0-9*])\*(?=[^\s*])([^*]*[^\s*])\*(?![A-Za-z0-9*])/g, '$1')
  // `__init__` is a name of a program's more often than a strong word.
  if (out.includes('_'))
    out = out.replace(
      /(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\1(?![\p{L}\p{N}_])/gu,
      (whole, marks: string, words: string) => (marks === '__' && /^[a-z0-9]+$/.test(words) ? whole : words),
    )
  if (out.includes('~')) out = out.replace(/~~(?=[^\s~])([^~]*)~~/g, '$1')
  return out.includes('&')
    ? out.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,7}));/gi, decode)
    : out
}

/** `<em>word</em>` and `<br>` go; `List<String>`, `The <dialog> element` and `<b>` without its end are words. */
function stripTags(text: string): string {
  let out = text
    .replace(/<!--[^>]*-->/g, '')
    .replace(/<(?:br|wbr)\s*\/?>/gi, tag => (/^<w/i.test(tag) ? '' : ' '))
  out = out.replace(/<img\b[^<>]*>/gi, tag => /\balt=(["'])(.*?)\1/i.exec(tag)?.[2] ?? '')
  for (let before = ''; before !== out; ) {
    before = out
    out = out.replace(INLINE_ELEMENT, '$2')
  }
  return out
}

const INLINE_ELEMENT =
  /<(a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|q|rb|rp|rt|rtc|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var)(?:\s[^<>]*)?>((?:[^<]|<(?!\/?\1[\s>]))*)<\/\1\s*>/gi

function decode(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name) {
    const place = LATIN_1_NAMES.indexOf(name)
    return ENTITIES[name.toLowerCase()] ?? (place < 0 ? whole : String.fromCodePoint(0xa0 + place))
  }
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function hide(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, mark =>
    String.fromCharCode(FIRST_C1_CONTROL + PUNCTUATION.indexOf(mark)),
  )
}

function show(text: string): string {
  return text.replace(/[\x80-\x9f]/g, mark => PUNCTUATION[mark.charCodeAt(0) - FIRST_C1_CONTROL] ?? '')
}

// ─── Width and direction ─────────────────────────────────────────────────────────────────────────────────────────────

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

const TYPES = byEachName({
  'image/png': 'png',
  'image/jpeg': 'jpg jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/heif': 'heif',
  'image/heic': 'heic',
  'image/svg+xml': 'svg',
  'image/bmp': 'bmp',
  'image/x-icon': 'ico',
  'image/tiff': 'tiff tif',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg oga opus',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'video/mp4': 'mp4 m4v',
  'video/webm': 'webm',
  'application/pdf': 'pdf',
  'text/vtt': 'vtt',
  'application/x-subrip': 'srt',
  'application/json': 'json',
  'application/xml': 'xml',
  'text/x-opml': 'opml',
  'application/rsl+xml': 'rsl',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/css': 'css',
  'text/plain': 'txt',
  'message/rfc822': 'eml',
})

/** @param name a file's name or path, or the path of an address; what comes after its last point counts */
export function mediaTypeOf(name: string): string | undefined {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
}

/** `{ div: 'main nav' }` → `{ main: 'div', nav: 'div' }` */
export function byEachName(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(names).flatMap(([meant, all]) => all.split(/\s+/).map(name => [name, meant]))
  return lookUpTable(Object.fromEntries(pairs))
}

/** A table to look up words of anybody's in: `constructor` and `toString`, which every object has, are in it only where it says so. */
export function lookUpTable<Value>(table: Record<string, Value>): Readonly<Record<string, Value>> {
  return Object.setPrototypeOf(table, null)
}

/** 12,345 */
export function figure(value: number): string {
  number ??= new Intl.NumberFormat('en')
  return number.format(value)
}
/** Made when it is first asked for: it takes 9 ms, which every command would wait. */
let number: Intl.NumberFormat | undefined

/** '4.2 s', '18 min', '2.5 h' */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
