// A file of somebody else's making → its text, as often as it is asked for; or what it is instead of CSV in Unicode.

import { createReadStream, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { TextDecoder } from 'node:util'
import { UserError } from '../../errors.ts'

export interface ListFile {
  /** In messages, and as the source of consent. */
  readonly name: string
  readonly bytes: number
  /** From the beginning. UTF-8, or UTF-16 with or without a byte order mark. */
  text(): AsyncGenerator<string>
}

/**
 * @param read is called with the number of bytes of each part that is read
 * @throws UserError when it cannot be read; its text throws one when it is not text in Unicode
 */
export function listFile(path: string, read: (bytes: number) => void = () => undefined): ListFile {
  try {
    const stats = statSync(path)
    // A pipe can be read only once.
    if (!stats.isFile() && !stats.isDirectory()) return listOfBytes(basename(path), readFileSync(path))
    const name = basename(path)
    return { name, bytes: stats.size, text: () => textOf(name, createReadStream(path), read) }
  } catch (error) {
    throw explain(error, path)
  }
}

export function listOfBytes(name: string, bytes: Buffer): ListFile {
  return {
    name,
    bytes: bytes.length,
    text: () => textOf(name, bytes.length > 0 ? [bytes] : [], () => undefined),
  }
}

async function* textOf(
  name: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  read: (bytes: number) => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let bytes = 0
  let last: Buffer | undefined
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(name, chunk), { fatal: true })
      last = chunk
      yield decoder.decode(chunk, { stream: true })
      bytes += chunk.length
      read(chunk.length)
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw notUnicode(name, last!, bytes)
    throw explain(error, name)
  }
}

/** How a file begins, what it is, and what to do. */
const OTHER_FILES: readonly (readonly [start: RegExp | string, what: string, hint: string])[] = [
  [/^PK.*opendocument\.spreadsheet/s, 'an OpenDocument spreadsheet (.ods)', 'Save it as CSV, UTF-8.'],
  [
    'PK\x03\x04',
    'an Excel workbook (.xlsx) or a ZIP archive',
    'Save the workbook as "CSV UTF-8"; unpack the archive.',
  ],
  ['\xD0\xCF\x11\xE0', 'an old Excel workbook (.xls)', 'Open it and save it as "CSV UTF-8".'],
  ['\x1F\x8B', 'compressed with gzip', 'Unpack it first: gunzip -c FILE | broadsheet subscribers import -'],
  ['%PDF', 'a PDF', 'Export the list as CSV.'],
  ['SQLite format 3', 'a database', 'Export the list as CSV.'],
  ['BEGIN:VCARD', 'an address book (vCard)', 'Export the list as CSV.'],
  ['\xFF\xFE\0\0', 'UTF-32', 'Save it as UTF-8.'],
  ['\0\0\xFE\xFF', 'UTF-32', 'Save it as UTF-8.'],
  [
    /^(\xEF\xBB\xBF)?\s*(<\?xml|<!doctype|<html|<table)/i,
    'HTML or XML, whatever its name',
    'Export the list as CSV.',
  ],
  [/^(\xEF\xBB\xBF)?\s*(\[\s*[{\]]|\{\s*")/, 'JSON', 'Export the list as CSV.'],
]

function encodingOf(name: string, start: Buffer): string {
  const text = start.subarray(0, 4096).toString('latin1')
  const other = OTHER_FILES.find(([first]) =>
    typeof first === 'string' ? text.startsWith(first) : first.test(text),
  )
  if (other) throw new UserError(`${name} is not CSV: it is ${other[1]}`, other[2])
  if (text.startsWith('\xFF\xFE')) return 'utf-16le'
  if (text.startsWith('\xFE\xFF')) return 'utf-16be'
  // Without a mark: a header is mostly ASCII, and every other byte of it zero.
  const zeros = (first: number) => [0, 2, 4, 6].every(place => text[place + first] === '\0')
  if (text.length >= 8 && zeros(1)) return 'utf-16le'
  if (text.length >= 8 && zeros(0)) return 'utf-16be'
  if (text.includes('\0')) throw new UserError(`${name} is not text`, 'Export the list as CSV, UTF-8.')
  return 'utf-8'
}

function notUnicode(name: string, chunk: Buffer, before: number): UserError {
  const likely = likelyEncodings(chunk)
  const first = likely[0] ?? 'windows-1252'
  return new UserError(
    `${name} is not UTF-8 (within the first ${before + chunk.length} bytes)${likely.length > 0 ? `; it looks like ${likely.join(' or ')}` : ''}`,
    `Nothing was imported. Save it as UTF-8: in Excel "CSV UTF-8", or
iconv -f ${first.toUpperCase()} -t UTF-8 ${name} > utf8-${name}`,
  )
}

/** Letters that texts in it are made of, and how many in a row there usually are. */
const ENCODINGS: readonly (readonly [
  encoding: string,
  letters: RegExp,
  runs: (length: number) => boolean,
])[] = [
  ['windows-1252', /[à-öø-ÿÀ-ÖØ-ÜßŒœŠšŽž€‘’“”–—°ºª«»¿¡]/u, length => length <= 2],
  ['macintosh', /[à-öø-ÿÀ-ÖØ-ÜßŒœ€‘’“”–—°ºª«»¿¡]/u, length => length <= 2],
  ['windows-1250', /[ąćęłńóśźżáčďéěíňřšťúůýžőűĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽŐŰöüäÖÜÄß]/u, length => length <= 2],
  ['Shift_JIS', /[\p{Script=Hiragana}\p{Script=Han}ァ-ヶー、。々]/u, length => length >= 2],
  ['EUC-JP', /[\p{Script=Hiragana}\p{Script=Han}ァ-ヶー、。々]/u, length => length >= 2],
  ['GB18030', /[\u4E00-\u9FA5，。]/u, length => length >= 2],
  ['Big5', /[\u4E00-\u9FA5，。]/u, length => length >= 2],
  ['EUC-KR', /[가-힣]/u, length => length >= 2],
  ['windows-1251', /[а-яёА-ЯЁіїєґ№«»]/u, length => length >= 3],
  ['windows-1256', /[\u0621-\u064Aپچژگک،؟]/u, length => length >= 3],
]

/** The most likely first; none that does not fit. */
function likelyEncodings(chunk: Buffer): string[] {
  const lines = chunk.toString('latin1').split('\n')
  const sample = Buffer.from(
    lines
      .filter(line => /[\x80-\xFF]/.test(line))
      .slice(0, 200)
      .join('\n'),
    'latin1',
  )
  const scores = ENCODINGS.map(([encoding, letters, runs]) => {
    let text: string
    try {
      text = new TextDecoder(encoding, { fatal: true }).decode(sample)
    } catch {
      return { encoding, score: 0 }
    }
    let [good, all] = [0, 0]
    for (const [run] of text.matchAll(/[\u0080-\u{10FFFF}]+/gu)) {
      const signs = [...run]
      all += signs.length
      if (runs(signs.length)) good += signs.filter(sign => letters.test(sign)).length
    }
    // Rare signs in a text of a script with thousands are a sign of the wrong one: ties go to the shorter text.
    return { encoding, score: all === 0 ? 0 : good / all - text.length / 1e7 }
  })
  const best = scores.filter(({ score }) => score > 0.6).sort((a, b) => b.score - a.score)
  return best
    .filter(({ score }) => score > best[0]!.score - 0.15)
    .map(({ encoding }) => encoding)
    .slice(0, 3)
}

function explain(error: unknown, path: string): unknown {
  const { code } = error as { code?: string }
  if (code === 'ENOENT')
    return new UserError(`there is no file ${path}`, 'Check the path; - reads standard input.')
  if (code === 'EISDIR') return new UserError(`${path} is a folder`, 'Name a CSV file in it.')
  if (code === 'EACCES' || code === 'EPERM')
    return new UserError(`${path} may not be read`, 'Check who owns it.')
  return error
}
