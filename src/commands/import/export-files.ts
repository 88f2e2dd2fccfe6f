// A file, a folder, a zip archive or a page that a browser saved as one file (MHTML, RFC 2557) → the files in it, each read
// when it is asked for and never beyond a limit. Exports come from strangers, too: nothing is written, no link is followed, and
// a name that leads out of the archive ends the import.

import { closeSync, createReadStream, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { MessageChunk, MimeNode } from '@zone-eu/mailsplit'
import type { Entry, ZipFile } from 'yauzl'
import { UserError } from '../../errors.ts'

export interface ExportFile {
  /** Relative to the export, with forward slashes; its name where the export is one file. */
  readonly path: string
  readonly bytes: number
  /** The beginning of it, up to 64 kB; of a large archive, only that of the files that tell what it is. */
  readonly head: string
  stream(): Promise<AsyncIterable<Buffer>>
  /** @param maxBytes 32 MB when left out @throws UserError when it is longer */
  read(maxBytes?: number): Promise<Buffer>
}

export interface ExportFiles {
  /** Of the file, folder or archive. */
  readonly name: string
  /** Sorted by path. */
  readonly files: readonly ExportFile[]
  close(): void
}

const HEAD_BYTES = 65_536
/** One post, one page, or one table of them that is read whole. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024
/** With its pictures. */
const MAX_PAGE_BYTES = 128 * 2 ** 20
const MAX_FILES = 60_000
/** All files of an archive together, unpacked. */
const MAX_UNPACKED_BYTES = 16 * 1024 ** 3
/** Deflate makes a thousandth of zeros; text and pictures come to a twentieth at most. */
const MAX_RATIO = 500

/** @throws UserError when it cannot be read, or is an archive that was made to do harm */
export async function openExport(path: string): Promise<ExportFiles> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw new UserError(`${path} does not exist`, 'Name the file or folder that was exported.')
  const name = basename(path)
  if (stats.isDirectory()) return { name, files: filesBelow(path), close() {} }
  if (!stats.isFile()) throw new UserError(`${path} is neither a file nor a folder`)
  if (readHead(path).subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return openZip(path, name)
  const file = fileOf(path, name, stats.size)
  const files = isMhtml(file.head) ? await filesOfPage(file, name) : [file, ...filesBeside(path)]
  return { name, files, close() {} }
}

/** The page, and the pictures in it at the paths that they had. */
async function filesOfPage(file: ExportFile, name: string): Promise<ExportFile[]> {
  const parts = await readMhtml(await file.read(MAX_PAGE_BYTES))
  return parts.map(({ type, location, bytes }, at): ExportFile => {
    const path = /^https?:\/\/[^/]+\/([^?#]+)/i.exec(location)?.[1]
    const isText = type.startsWith('text/html')
    return {
      path: at === 0 ? `${name.replace(/\.m?html?$/i, '')}.html` : (path ?? `part-${at}`),
      bytes: bytes.length,
      head: isText && at === 0 ? decodeText(bytes.subarray(0, HEAD_BYTES)) : '',
      stream: async () => Readable.from([bytes]),
      read: async () => bytes,
    }
  })
}

/** What a browser saved with a page: 'page_files', in other languages 'page-Dateien' or 'page_fichiers'. */
function filesBeside(page: string): ExportFile[] {
  const [, name] = /([^/\\]+)\.x?html?$/i.exec(page) ?? []
  if (name === undefined) return []
  const folders = readdirSync(dirname(page), { withFileTypes: true }).filter(
    entry =>
      entry.isDirectory() &&
      entry.name.startsWith(name) &&
      /^[_-]\p{L}+$/u.test(entry.name.slice(name.length)),
  )
  return folders.flatMap(folder =>
    filesBelow(join(dirname(page), folder.name)).map(file => ({
      ...file,
      path: `${folder.name}/${file.path}`,
      head: '',
    })),
  )
}

function filesBelow(root: string): ExportFile[] {
  const files: ExportFile[] = []
  const walk = (folder: string) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue
      if (entry.isDirectory()) walk(path)
      // A link may lead anywhere.
      else if (entry.isFile()) files.push(fileOf(join(root, path), path, lstatSync(join(root, path)).size))
      if (files.length > MAX_FILES) throw tooMany(root)
    }
  }
  walk('')
  return files
}

function fileOf(place: string, path: string, bytes: number): ExportFile {
  return {
    path,
    bytes,
    get head() {
      return decodeText(readHead(place))
    },
    stream: async () => createReadStream(place),
    read: async maxBytes => collect(createReadStream(place), path, maxBytes),
  }
}

function readHead(place: string): Buffer {
  const file = openSync(place, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    return buffer.subarray(0, readSync(file, buffer, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(file)
  }
}

async function openZip(place: string, name: string): Promise<ExportFiles> {
  const { default: yauzl } = await import('yauzl')
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    yauzl.open(place, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, opened) =>
      error ? reject(broken(name, error)) : resolve(opened),
    ),
  )
  try {
    const entries = await readEntries(zip, name)
    refuseOverlaps(entries, name)
    entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
    const telling = tellingFiles(entries)
    const files: ExportFile[] = []
    for (const entry of entries) files.push(await zippedFile(zip, entry, telling.has(entry)))
    return { name, files, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

function readEntries(zip: ZipFile, name: string): Promise<Entry[]> {
  if (zip.entryCount > MAX_FILES) throw tooMany(name)
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    let unpacked = 0
    zip.on('error', error => reject(broken(name, error)))
    zip.on('end', () => resolve(entries))
    zip.on('entry', (entry: Entry) => {
      const wrong = (what: string) => reject(new UserError(`${name}: ${entry.fileName} ${what}`, NOT_READ))
      unpacked += entry.uncompressedSize
      if (isLink(entry)) return wrong('is a link')
      if (entry.isEncrypted()) return wrong('is encrypted: export it again without a password')
      if (unpacked > MAX_UNPACKED_BYTES) return wrong('makes the archive larger than 16 GB')
      if (entry.uncompressedSize > MAX_RATIO * entry.compressedSize + HEAD_BYTES)
        return wrong(`unpacks to more than ${MAX_RATIO} times its size`)
      const isOwn = /\/$|(?:^|\/)(?:__MACOSX\/|\.)/.test(entry.fileName)
      if (!isOwn) entries.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}

/** One packed text that many names stand for unpacks to any size: each entry has bytes of its own. */
function refuseOverlaps(entries: readonly Entry[], name: string): void {
  const byPlace = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  let end = 0
  for (const { fileName, relativeOffsetOfLocalHeader: start, compressedSize } of byPlace) {
    if (start < end)
      throw new UserError(`${name}: ${fileName} is packed in the same bytes as another file`, NOT_READ)
    end = start + LOCAL_HEADER_BYTES + compressedSize
  }
}

/** APPNOTE §4.3.7, without a name. */
const LOCAL_HEADER_BYTES = 30

const NOT_READ = 'Nothing was imported. Unpack it by hand if you trust it, and import the folder.'

/** Its Unix mode, in the upper half of the attributes, says that it is a symlink. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

/** Those that may tell which system the archive is from: tables and documents, and some of the pages. */
function tellingFiles(entries: readonly Entry[]): Set<Entry> {
  const ending = (pattern: RegExp) => entries.filter(({ fileName }) => pattern.test(fileName))
  return new Set([...ending(/\.(?:xml|atom|json|csv)$/i).slice(0, 40), ...ending(/\.html?$/i).slice(0, 5)])
}

async function zippedFile(zip: ZipFile, entry: Entry, isTelling: boolean): Promise<ExportFile> {
  const path = entry.fileName
  const stream = () =>
    new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(broken(path, error)) : resolve(opened))),
    )
  const head = isTelling ? await headOf(await stream(), path) : ''
  return {
    path,
    bytes: entry.uncompressedSize,
    head,
    stream: async () => withItsSum(await stream(), path, entry.crc32),
    read: async maxBytes => collect(withItsSum(await stream(), path, entry.crc32), path, maxBytes),
  }
}

/** Bytes that a disk or a transfer changed are no text of anybody's. */
async function* withItsSum(stream: Readable, path: string, expected: number): AsyncGenerator<Buffer> {
  let sum = 0
  for await (const chunk of stream) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== expected) throw broken(path, new Error('its bytes have changed since it was packed (CRC)'))
}

async function headOf(stream: Readable, path: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= HEAD_BYTES) break
    }
  } catch (error) {
    throw broken(path, error as Error)
  } finally {
    stream.destroy()
  }
  return decodeText(Buffer.concat(chunks))
}

async function collect(
  stream: AsyncIterable<Buffer>,
  path: string,
  maxBytes = MAX_TEXT_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes)
        throw new UserError(
          `${path} is larger than ${Math.round(maxBytes / 2 ** 20)} MB`,
          'Nothing in it was imported. Import the part of it that has the articles.',
        )
    }
  } catch (error) {
    throw error instanceof UserError ? error : broken(path, error as Error)
  }
  return Buffer.concat(chunks)
}

function broken(name: string, { message }: Error): UserError {
  return new UserError(`${name} cannot be read: ${message}`, 'It is damaged or incomplete. Export it again.')
}

function tooMany(name: string): UserError {
  return new UserError(
    `${name} contains more than 60,000 files`,
    'Import the part of it that has the articles.',
  )
}

/** Text by its byte order mark, else UTF-8, else what Windows wrote. */
export function decodeText(bytes: Uint8Array, charset?: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  // Every second byte of Latin text in UTF-16 is zero.
  if (bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0) return new TextDecoder('utf-16le').decode(bytes)
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    try {
      const decoder = new TextDecoder(charset)
      return decoder.encoding === 'windows-1252' ? decodeWindows(bytes) : decoder.decode(bytes)
    } catch {
      // A name that nobody knows.
    }
  }
  const text = new TextDecoder('utf-8').decode(bytes)
  // The last character of a beginning may be cut.
  return text.slice(0, -4).includes('\ufffd') && charset === undefined ? decodeWindows(bytes) : text
}

/** Where Windows has signs that Latin-1 has not, from 0x80 on; Node 20 reads both as Latin-1. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

function decodeWindows(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return text.replace(/[\x80-\x9f]/g, sign => WINDOWS[sign.charCodeAt(0) - 0x80]!)
}

// ─── A page that a browser saved as one file ─────────────────────────────────────────────────────────────────────────

interface SavedPart {
  /** 'text/html' */
  readonly type: string
  /** Content-Location: the address that it had. */
  readonly location: string
  readonly bytes: Buffer
}

/** A page that shows more files was made to be a burden. */
const MAX_PARTS = 2000
const MAX_HEADER_BYTES = 256 * 1024

function isMhtml(head: string): boolean {
  const headers = head.split(/\r?\n\r?\n/)[0]!
  return /^content-type:\s*multipart\/related/im.test(headers) && /^[\w-]+:/.test(headers)
}

/** The page is first. */
async function readMhtml(bytes: Buffer): Promise<SavedPart[]> {
  const { Splitter } = await import('@zone-eu/mailsplit')
  const splitter = new Splitter({
    ignoreEmbedded: true,
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: MAX_PARTS,
  })
  splitter.end(bytes)
  const raw = new Map<MimeNode, Buffer[]>()
  for await (const found of splitter as AsyncIterable<MimeNode | MessageChunk>) {
    if (found.type === 'node') raw.set(found, [])
    else raw.get(found.node)?.push(found.value)
  }
  const parts: SavedPart[] = []
  for (const [node, chunks] of raw) {
    if (node.multipart || chunks.length === 0) continue
    const head = node
      .getHeaders()
      .toString('latin1')
      .replace(/\r?\n[ \t]+/g, '')
    const location = /^content-location:[ \t]*(\S+)/im.exec(head)?.[1] ?? ''
    const type = (node.contentType || 'text/plain').toLowerCase()
    const decoder = node.getDecoder()
    decoder.end(Buffer.concat(chunks))
    const content: Buffer[] = []
    for await (const chunk of decoder) content.push(Buffer.from(chunk))
    parts.push({ type, location, bytes: Buffer.concat(content) })
  }
  const page = parts.findIndex(({ type }) => /^(?:text\/html|application\/xhtml\+xml)$/.test(type))
  return page > 0 ? [parts[page]!, ...parts.filter((_, at) => at !== page)] : parts
}
