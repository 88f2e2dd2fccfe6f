// The bytes of a mail → its fields and parts; and a packed attachment → its content. Mails come from strangers: time and
// memory are bounded, and whatever is broken in a mail, reading it does not throw.

import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { MessageChunk, MimeNode } from '@zone-eu/mailsplit'

export interface MimePart {
  /** 'message/delivery-status', lower case. */
  readonly type: string
  /** By lower-case name, unfolded, in order; encoded words as they came. */
  readonly fields: Fields
  /** Decoded, as text with LF line ends; empty where there are parts. */
  readonly text: string
  /** Of an attachment that may be a packed report: its bytes, decoded. */
  readonly content?: Buffer
  /** Of a multipart; of an enclosed message, that message. */
  readonly parts: readonly MimePart[]
}

export type Fields = ReadonlyMap<string, readonly string[]>

/** A mail of more parts, of longer headers or nested deeper was made to be a burden. */
const MAX_PARTS = 200
const MAX_HEADER_BYTES = 256 * 1024
const MAX_ENCLOSED_DEPTH = 8
/** Reports are short, and of a letter that came back only the beginning matters: more of one part is not kept. */
const MAX_PART_BYTES = 1024 * 1024
/** An attachment may be a packed report of many thousand sources; a whole mail is no longer. */
const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024

/** How many more parts may be read, in the mail and all that is enclosed in it. */
interface Budget {
  parts: number
}

/** What could be read of it: of a mail that breaks off, or breaks a limit, what came before. */
export function readMime(bytes: Uint8Array): Promise<MimePart> {
  return readMessage(bytes, 0, { parts: MAX_PARTS })
}

/** Depth first, the part itself being the first. */
export function* allParts(part: MimePart): Generator<MimePart> {
  yield part
  for (const inner of part.parts) yield* allParts(inner)
}

async function readMessage(bytes: Uint8Array, depth: number, budget: Budget): Promise<MimePart> {
  const [root, ...others] = await splitParts(bytes, budget)
  const read = new Map<MimeNode, Mutable>()
  if (!root) return { type: 'text/plain', fields: new Map(), text: '', parts: [] }
  for (const { node } of [root, ...others]) {
    const part: Mutable = {
      type: node.contentType || 'text/plain',
      fields: fieldsOf(node),
      text: '',
      parts: [],
    }
    if (node.parentNode) read.get(node.parentNode)?.parts.push(part)
    read.set(node, part)
  }
  for (const { node, chunks } of [root, ...others]) {
    const part = read.get(node)!
    if (part.parts.length > 0) continue
    // None of its boundaries came: what there is can still be read as prose.
    if (node.multipart) part.type = 'text/plain'
    const content = await decoded(node, chunks)
    if (isMessage(part) && depth < MAX_ENCLOSED_DEPTH && budget.parts > 0) {
      part.parts.push(await readMessage(content, depth + 1, budget))
      continue
    }
    part.text = (await inUnicode(content.subarray(0, MAX_PART_BYTES), node.charset)).replace(/\r\n/g, '\n')
    if (isAttachment(part)) part.content = content
  }
  return read.get(root.node)!
}

interface Mutable extends MimePart {
  type: string
  text: string
  content?: Buffer
  readonly parts: MimePart[]
}

/** A part as it is divided off: its head, and its body as it was sent. */
interface RawPart {
  readonly node: MimeNode
  readonly chunks: Buffer[]
  size: number
}

/**
 * RFC 2046 §5.1, with boundaries as RFC 2231 §3 and §4 may write them.
 *
 * @returns the parts in their order, multiparts before what is in them; enclosed messages are left as they are
 */
async function splitParts(bytes: Uint8Array, budget: Budget): Promise<RawPart[]> {
  const { Splitter } = await import('@zone-eu/mailsplit')
  const splitter = new Splitter({
    ignoreEmbedded: true,
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: Math.max(1, budget.parts),
  })
  splitter.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const parts = new Map<MimeNode, RawPart>()
  try {
    for await (const found of splitter as AsyncIterable<MimeNode | MessageChunk>) {
      if (found.type === 'node') parts.set(found, { node: found, chunks: [], size: 0 })
      else keep(found, parts.get(found.node))
    }
  } catch {
    // A limit was broken: what was found until then is what there is.
  }
  budget.parts -= parts.size
  return [...parts.values()]
}

/** @param part undefined for lines between parts, before the head of the next has been read */
function keep({ value }: MessageChunk, part: RawPart | undefined): void {
  if (!part) return
  const most = isAttachment({ type: part.node.contentType || '' }) ? MAX_ATTACHMENT_BYTES : MAX_PART_BYTES
  if (part.size >= most) return
  const chunk = value.subarray(0, most - part.size)
  part.chunks.push(chunk)
  part.size += chunk.length
}

/** RFC 2045 §6 */
async function decoded(node: MimeNode, chunks: readonly Buffer[]): Promise<Buffer> {
  return through(node.getDecoder(), Buffer.concat(chunks))
}

async function inUnicode(bytes: Buffer, charset: string | false): Promise<string> {
  const { default: libmime } = await import('libmime')
  return (await through(libmime.createDecodeStream(charset || 'utf-8'), bytes)).toString('utf8')
}

/** @returns the bytes themselves where the stream cannot read them */
async function through(stream: NodeJS.ReadWriteStream, bytes: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    stream.end(bytes)
    for await (const chunk of stream) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  } catch {
    return bytes
  }
}

/** RFC 2046 §5.2.1, RFC 6532 §3.7 */
function isMessage({ type }: MimePart): boolean {
  return type === 'message/rfc822' || type === 'message/global'
}

/** Types of packed and unpacked reports, and what mail programs make of them. */
function isAttachment({ type }: Pick<MimePart, 'type'>): boolean {
  return /^(?:application\/|text\/xml$)/.test(type)
}

/** RFC 6532 §3.2 allows UTF-8 in them; what is none is read as the Latin-1 that most of it is. */
function fieldsOf(node: MimeNode): Fields {
  const head = node.getHeaders()
  return readFields(head.toString(isUtf8(head) ? 'utf8' : 'latin1'))
}

/** 'Name: value' lines with their continuations. RFC 5322 §2.2.3. */
export function readFields(head: string): Fields {
  const fields = new Map<string, string[]>()
  const unfolded = head.replace(/\r\n/g, '\n').replace(/\n[ \t]+/g, ' ')
  for (const line of unfolded.split('\n')) {
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line)
    if (!match) continue
    const name = match[1]!.toLowerCase()
    const values = fields.get(name)
    if (values) values.push(match[2]!.trim())
    else fields.set(name, [match[2]!.trim()])
  }
  return fields
}

/** RFC 2047 §2: '=?utf-8?B?…?=' and its like; one that cannot be read stays as it is. */
export async function decodeWords(text: string): Promise<string> {
  const { default: libmime } = await import('libmime')
  try {
    return libmime.decodeWords(text)
  } catch {
    return text
  }
}

// ─── Packed attachments ─────────────────────────────────────────────────────────────────────────────────────────────
//
// An attachment → its bytes, unpacked where it is gzip or zip; never more than a report has.

/** What a report unpacks to: some hundred thousand sources. One that is mostly repetition was made to be a burden. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024
const MAX_RATIO = 200
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

/** Why it is of no use. @param isReport which kind it is, where that is certain */
export class Unusable extends Error {
  readonly isReport: string | undefined

  constructor(message: string, isReport?: string) {
    super(message)
    this.isReport = isReport
  }
}

/** @throws Unusable for what is broken, or was made to be a burden */
export async function* unpack(content: Buffer): AsyncGenerator<Buffer> {
  const stream = await unpacked(content)
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_UNPACKED_BYTES) throw new Unusable('it unpacks to more than 32 MB')
      if (bytes > RATIO_COUNTS_FROM_BYTES && bytes > content.length * MAX_RATIO)
        throw new Unusable(`it unpacks to more than ${MAX_RATIO} times its size`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable(`it cannot be unpacked: ${(error as Error).message}`)
  } finally {
    stream.destroy()
  }
}

/** By its first bytes: what reporters call the type differs. */
async function unpacked(content: Buffer): Promise<Readable> {
  if (content[0] === 0x1f && content[1] === 0x8b) {
    const packed = Readable.from([content])
    const gunzip = createGunzip()
    packed.pipe(gunzip)
    return gunzip
  }
  if (content.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return unzipped(content)
  return Readable.from([content])
}

/** The one file of the archive. */
async function unzipped(content: Buffer): Promise<Readable> {
  const { default: yauzl } = await import('yauzl')
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(content, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(new Unusable(`its archive is broken: ${error.message}`))
      zip.on('error', broken => reject(new Unusable(`its archive is broken: ${broken.message}`)))
      zip.on('end', () => reject(new Unusable('its archive contains no file')))
      zip.on('entry', entry => {
        if (/\/$|^__MACOSX\//.test(entry.fileName)) return zip.readEntry()
        if (entry.isEncrypted()) return reject(new Unusable('its archive is encrypted'))
        zip.openReadStream(entry, (unreadable, stream) =>
          unreadable ? reject(new Unusable(`its archive is broken: ${unreadable.message}`)) : resolve(stream),
        )
      })
      zip.readEntry()
    })
  })
}
