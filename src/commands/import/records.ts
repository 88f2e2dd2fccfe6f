// A file of an export, in chunks → its records one by one: the elements of XML that are asked for, each with all that is in it;
// the rows of CSV by the names of their columns; those of JSON with their lines. No document type and no entity of XML's own is read; what breaks its rules is
// reported and read on, as far as it goes.

import { type CsvError, parse } from 'csv-parse'
import { SaxesParser } from 'saxes'
import { escapeHtml } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import { decodeText, type ExportFile } from './export-files.ts'
import { plain } from './html-tree.ts'
import type { Finding, ImportedArticle, Place } from './imported.ts'

export interface XmlElement {
  /** With its prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Its own, not that of its children. */
  readonly text: string
  /** All that is in it, as HTML: of an element whose type is xhtml. */
  readonly markup?: string
  /** 1-based. */
  readonly line: number
}

interface Open extends XmlElement {
  children: Open[]
  text: string
  markup?: string
}

interface XmlProblem {
  readonly line: number
  readonly message: string
}

/** No text of one element is longer. */
const MAX_TEXT_CHARACTERS = 64 * 2 ** 20

/**
 * @param wanted names of elements; one inside another belongs to the outer
 * @param problem called with the first thing that is wrong
 */
export async function* readElements(
  chunks: AsyncIterable<Buffer>,
  wanted: ReadonlySet<string>,
  problem: (found: XmlProblem) => void = () => {},
): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true })
  const open: Open[] = []
  let ready: XmlElement[] = []
  let isReported = false
  const addText = (text: string) => {
    const element = open.at(-1)
    if (!element) return
    element.text += text
    const whole = open.find(({ markup }) => markup !== undefined)
    if (whole) whole.markup += escapeHtml(text)
    if (element.text.length > MAX_TEXT_CHARACTERS)
      throw new UserError('a text of more than 64 million characters is in it', 'No article is so long.')
  }
  parser.on('error', ({ message }) => {
    if (!isReported)
      problem({ line: parser.line, message: message.replace(/^\d+:\d+: /, '').replace(/\.$/, '') })
    isReported = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length === 0 && !wanted.has(name)) return
    const whole = open.find(({ markup }) => markup !== undefined)
    if (whole) whole.markup += `<${localName(name)}${attributesHtml(attributes)}>`
    const element: Open = { name, attributes, children: [], text: '', line: parser.line }
    if (attributes.type === 'xhtml') element.markup = ''
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', ({ name }) => {
    if (open.at(-1)?.name !== name) return
    const element = open.pop()!
    const whole = open.find(({ markup }) => markup !== undefined)
    if (whole && !VOID.test(localName(name))) whole.markup += `</${localName(name)}>`
    if (open.length === 0) ready.push(element)
  })
  const decoder = new ChunkDecoder()
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk))
    yield* ready
    ready = []
  }
  parser.write(decoder.end())
  parser.close()
  yield* ready
}

/** They have no end in HTML. */
const VOID = /^(?:br|hr|img|wbr|source|col)$/

function localName(name: string): string {
  return name.replace(/^.*:/, '')
}

function attributesHtml(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .filter(([name]) => !name.startsWith('xmlns'))
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join('')
}

/**
 * By the byte order mark or the declaration of the document; without the characters that XML has none of, and with `&` as text
 * where it is no reference, as many feeds have it: a parser takes all up to the next `;` for its name.
 */
class ChunkDecoder {
  #decoder: InstanceType<typeof TextDecoder> | undefined
  /** What the next chunk may continue: a reference, or a sign of CDATA. */
  #rest = ''
  #isInCdata = false

  decode(chunk: Buffer): string {
    this.#decoder ??= new TextDecoder(encodingOf(chunk))
    return this.#mended(this.#decoder.decode(chunk, { stream: true }), false)
  }

  end(): string {
    return this.#mended(this.#decoder?.decode() ?? '', true)
  }

  #mended(more: string, isEnd: boolean): string {
    const text = this.#rest + withoutIllegal(more)
    // No reference and no sign is longer.
    const cut = isEnd ? text.length : Math.max(0, text.length - 12)
    let out = ''
    let at = 0
    while (at < cut) {
      const found = text.indexOf(this.#isInCdata ? ']]>' : '<![CDATA[', at)
      const isHere = found !== -1 && found < cut
      const end = isHere ? found : this.#isInCdata ? cut : beforeReference(text, at, cut)
      const part = text.slice(at, end)
      out += this.#isInCdata
        ? part
        : part.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/g, '&amp;')
      at = end
      if (!isHere) break
      const sign = this.#isInCdata ? ']]>' : '<![CDATA['
      out += sign
      at += sign.length
      this.#isInCdata = !this.#isInCdata
    }
    this.#rest = text.slice(at)
    return out
  }
}

/** A cut within `&amp;` would make two of it. */
function beforeReference(text: string, from: number, cut: number): number {
  const sign = text.lastIndexOf('&', cut - 1)
  return cut < text.length && sign >= from && cut - sign < 12 ? sign : cut
}

function encodingOf(chunk: Buffer): string {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
  const named = /^[^<]*<\?xml[^>]*\sencoding=["']([\w-]+)["']/i.exec(decodeText(chunk.subarray(0, 300)))?.[1]
  try {
    return new TextDecoder(named ?? 'utf-8').encoding
  } catch {
    return 'utf-8'
  }
}

function withoutIllegal(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it takes away
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
}

/** The first child of a name, with or without a prefix. */
export function childOf(element: XmlElement, ...names: string[]): XmlElement | undefined {
  for (const name of names) {
    const found = element.children.find(child => child.name === name)
    if (found) return found
  }
  return undefined
}

export function childText(element: XmlElement, ...names: string[]): string {
  return childOf(element, ...names)?.text.trim() ?? ''
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(child => child.name === name)
}

// ─── Rows of CSV: cells may hold whole articles ──────────────────────────────────────────────────────────────────────

export interface CsvRow {
  /** 1-based: where the row ends. */
  readonly line: number
  /** By column, names in small letters; '' where there is none. */
  cell(...names: string[]): string
}

/** One cell with an article in it. */
const MAX_ROW_CHARACTERS = 16 * 2 ** 20

/** @throws UserError where the file breaks the rules of CSV */
export async function* readRows(file: ExportFile): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(file),
    columns: names => names.map((name: string) => name.trim().toLowerCase()),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
  })
  const source = await file.stream()
  const fed = (async () => {
    for await (const chunk of source)
      if (!parser.write(chunk)) await new Promise(resolve => parser.once('drain', resolve))
    parser.end()
  })()
  fed.catch(error => parser.destroy(error))
  try {
    for await (const { record, info } of parser) {
      const row = record as Record<string, string | undefined>
      yield {
        line: info.lines,
        cell: (...names) => names.map(name => row[name]?.trim() ?? '').find(text => text !== '') ?? '',
      }
    }
  } catch (error) {
    if (!(error as CsvError).code?.startsWith('CSV_')) throw error
    throw new UserError(`${file.path} is no CSV: ${(error as Error).message}`, 'Export it again.')
  }
}

/** A spreadsheet that somebody saved it with may have put others between the names of columns. */
function delimiterOf({ head }: Pick<ExportFile, 'head'>): string {
  const header = head.slice(0, head.search(/\r?\n|$/))
  const count = (sign: string) => header.split(sign).length
  return [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0]!
}

/** @param names of columns that it must have */
export function hasColumns({ path, head }: ExportFile, ...names: string[]): boolean {
  if (!/\.csv$/i.test(path)) return false
  const header = head.slice(0, head.search(/\r?\n|$/)).toLowerCase()
  const columns = header
    .replace(/^\ufeff/, '')
    .split(delimiterOf({ head }))
    .map(name => name.replace(/^"|"$/g, '').trim())
  return names.every(name => columns.includes(name))
}

// ─── Rows of JSON ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type JsonRow = Readonly<Record<string, unknown>>

/** @param advice where it is none @throws UserError */
export function parseJson(text: string, { path }: ExportFile, advice = 'Export it again.'): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${path} is no JSON: ${(error as Error).message.slice(0, 80)}`, advice)
  }
}

/** One object or a list of them; what is none is left out. */
export function rowsOf(value: unknown): JsonRow[] {
  return [value].flat().filter((each): each is JsonRow => typeof each === 'object' && each !== null)
}

/**
 * 1-based lines of rows in a JSON text, each found by a text that only it has; they are asked for in their order. What is all on
 * one line is there.
 */
export function openLines(text: string): (sign: string) => number {
  let [at, line] = [0, 1]
  return sign => {
    const found = text.indexOf(JSON.stringify(sign), at)
    if (sign === '' || found === -1) return 0
    for (let end = text.indexOf('\n', at); end !== -1 && end < found; end = text.indexOf('\n', end + 1))
      line++
    at = found
    return line
  }
}

// ─── Items of feeds ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// What an item shows, plays and says of itself in the namespaces of Media RSS, iTunes, Podcasting 2.0 and GeoRSS.

export function mediaPicture(item: XmlElement): ImportedArticle['image'] {
  const groups = [item, ...childrenOf(item, 'media:group')]
  const media = groups.flatMap(group => childrenOf(group, 'media:content'))
  const picture =
    media.find(({ attributes }) => attributes.medium === 'image' || /^image\//.test(attributes.type ?? '')) ??
    groups.flatMap(group => childrenOf(group, 'media:thumbnail'))[0]
  const enclosure = childrenOf(item, 'enclosure').find(({ attributes }) =>
    /^image\//.test(attributes.type ?? ''),
  )
  const src =
    picture?.attributes.url ??
    enclosure?.attributes.url ??
    childrenOf(item, 'itunes:image')[0]?.attributes.href
  if (!src) return undefined
  const about = (name: string) => plain((picture && childText(picture, name)) || '') || undefined
  return {
    src,
    alt: undefined,
    caption: about('media:description') ?? about('media:title'),
    credit: about('media:credit'),
  }
}

export function mediaAudio(item: XmlElement): ImportedArticle['audio'] {
  const found = item.children.find(
    ({ name, attributes }) =>
      /^(?:audio|video)\//.test(attributes.type ?? '') &&
      (name === 'enclosure' || (/^(?:atom:)?link$/.test(name) && attributes.rel === 'enclosure')),
  )
  if (!found) return undefined
  const { url, href, length, type } = found.attributes
  const explicit = childText(item, 'itunes:explicit')
  const kind = childText(item, 'itunes:episodeType').toLowerCase()
  const cover = childOf(item, 'itunes:image')?.attributes.href
  const bites = childrenOf(item, 'podcast:soundbite').flatMap(({ attributes, text }) => {
    const [start, duration] = [Number(attributes.startTime), Number(attributes.duration)]
    return start >= 0 && duration > 0 ? [{ start, duration, ...texts({ title: text.trim() }) }] : []
  })
  return {
    src: url ?? href ?? '',
    ...numbers({ bytes: length }),
    ...(type ? { type } : {}),
    ...(childText(item, 'itunes:duration') ? { duration: childText(item, 'itunes:duration') } : {}),
    ...numbers({
      episode: childText(item, 'itunes:episode', 'podcast:episode'),
      season: childText(item, 'itunes:season', 'podcast:season'),
    }),
    ...(/^(?:yes|true|explicit)$/i.test(explicit) ? { explicit: true } : {}),
    ...(kind === 'trailer' || kind === 'bonus' ? { kind } : {}),
    ...texts({
      transcript: transcriptOf(item),
      chapters: childOf(item, 'podcast:chapters')?.attributes.url,
      image: cover,
    }),
    ...(bites.length > 0 ? { soundbites: bites } : {}),
  }
}

export function numbers(given: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (Number(value) > 0 ? [[key, Number(value)]] : [])),
  )
}

function texts(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value ? [[key, value]] : [])))
}

/** The one with times, where there are several. */
function transcriptOf(item: XmlElement): string | undefined {
  const all = childrenOf(item, 'podcast:transcript').map(({ attributes }) => attributes)
  const best = ['vtt', 'srt', 'json'].flatMap(kind => all.filter(({ type }) => type?.includes(kind)))[0]
  return (best ?? all[0])?.url
}

/** GeoRSS: as people call it. */
export function placeOf(item: XmlElement): string | undefined {
  return plain(childText(item, 'georss:featurename', 'georss:featureName', 'podcast:location')) || undefined
}

/** What has no place in an article, and is named. */
export function leftOfItem(item: XmlElement, { file }: Place): Finding[] {
  const transcripts = childrenOf(item, 'podcast:transcript').slice(1)
  const other = item.children.filter(({ name }) => LEFT_OF_ITEM.test(name))
  return [...transcripts, ...other].map(({ name, line, attributes, text }) => {
    const what = (text.trim() || attributes.url || attributes.href || attributes.uri || '').slice(0, 80)
    const kind = name.startsWith('georss:') ? 'coordinates' : 'tags of podcasts without a place here'
    return { file, line, kind, message: `<${name}> is left out${what && `: ${what}`}` }
  })
}

const LEFT_OF_ITEM =
  /^(?:georss:(?:point|line|polygon|box|where|elev|radius|relationshiptag|featuretypetag)|geo:(?:lat|long|Point)|gml:.*|psc:chapters|podcast:(?!transcript$|chapters$|soundbite$|season$|episode$|location$).*|itunes:(?:block|isClosedCaptioned|order))$/i
