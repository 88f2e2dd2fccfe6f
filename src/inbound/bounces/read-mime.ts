// The bytes of a mail → its fields and parts. For mail from machines, some of it broken: nothing here throws.

export interface MimePart {
  /** 'message/delivery-status', lower case. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** By lower-case name, unfolded, in order. */
  readonly fields: Fields
  /** Decoded, as text. */
  readonly text: string
  /** Of a multipart; of an enclosed message, that message. */
  readonly parts: readonly MimePart[]
}

export type Fields = ReadonlyMap<string, readonly string[]>

/** A mail nested deeper, or in more parts, was made to be a burden. */
const DEEPEST = 8
const MOST_PARTS = 100

/** Tried only where a run of blanks begins: from within one it would be tried again and again. */
const TRAILING = /(?<![ \t])[ \t]+\n/g

export function readMime(bytes: Uint8Array): MimePart {
  return readPart(Buffer.from(bytes).toString('latin1').replace(/\r\n/g, '\n'), 0)
}

/** Depth first, the part itself being the first. */
export function* allParts(part: MimePart): Generator<MimePart> {
  yield part
  for (const inner of part.parts) yield* allParts(inner)
}

/** 'Name: value' lines with their continuations, up to a blank line. RFC 5322 §2.2.3. */
export function readFields(head: string): Fields {
  const fields = new Map<string, string[]>()
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line)
    if (!match) continue
    const name = match[1]!.toLowerCase()
    const values = fields.get(name)
    if (values) values.push(match[2]!.trim())
    else fields.set(name, [match[2]!.trim()])
  }
  return fields
}

/** RFC 2047 §2: '=?utf-8?B?…?=' and its like. */
export function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
    .replace(
      /=\?([^?\s*]+)[^?\s]*\?([bq])\?([^?\s]*)\?=/gi,
      (_, charset: string, kind: string, word: string) =>
        inCharset(
          kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quoted(word.replaceAll('_', ' ')),
          charset,
        ),
    )
}

function readPart(source: string, depth: number): MimePart {
  const gap = source.startsWith('\n') ? 0 : source.indexOf('\n\n')
  const head = gap < 0 ? source : source.slice(0, gap)
  const body = gap < 0 ? '' : source.slice(gap === 0 ? 1 : gap + 2)
  const fields = readFields(head)
  const { type, parameters } = readType(fields.get('content-type')?.[0] ?? 'text/plain')
  const boundary = parameters.get('boundary')
  if (depth < DEEPEST && type.startsWith('multipart/') && boundary) {
    const parts = split(body, boundary).map(part => readPart(part, depth + 1))
    return { type, parameters, fields, text: '', parts }
  }
  const decoded = decode(body, fields.get('content-transfer-encoding')?.[0] ?? '')
  if (depth < DEEPEST && /^message\/(rfc822|global)$/.test(type)) {
    const inner = readPart(decoded.toString('latin1').replace(/\r\n/g, '\n'), depth + 1)
    return { type, parameters, fields, text: '', parts: [inner] }
  }
  const text = inCharset(decoded, parameters.get('charset') ?? 'utf-8').replace(/\r\n/g, '\n')
  return { type, parameters, fields, text, parts: [] }
}

/** RFC 2045 §5.1 */
function readType(value: string): Pick<MimePart, 'type' | 'parameters'> {
  const parameters = new Map<string, string>()
  for (const [, name, quotedValue, plain] of value.matchAll(
    /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g,
  )) {
    parameters.set(name!.toLowerCase(), quotedValue?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  }
  return { type: value.split(';')[0]!.trim().toLowerCase(), parameters }
}

/** RFC 2046 §5.1.1; what stands before the first line and after the last is nobody's. */
function split(body: string, boundary: string): string[] {
  const parts: string[] = []
  let current: string[] | undefined
  for (const line of body.split('\n')) {
    const mark = line.trimEnd()
    if (mark === `--${boundary}` || mark === `--${boundary}--`) {
      if (current) parts.push(current.join('\n'))
      if (mark.endsWith(`${boundary}--`) || parts.length >= MOST_PARTS) return parts
      current = []
    } else current?.push(line)
  }
  // Cut off on the way: what there is of the last part counts.
  if (current) parts.push(current.join('\n'))
  return parts
}

function decode(body: string, encoding: string): Buffer {
  const kind = encoding.trim().toLowerCase()
  if (kind === 'base64') return Buffer.from(body, 'base64')
  if (kind === 'quoted-printable') return quoted(body.replace(TRAILING, '\n').replace(/=\n/g, ''))
  return Buffer.from(body, 'latin1')
}

function quoted(text: string): Buffer {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

function inCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}
