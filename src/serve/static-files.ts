// A request for a file of out/ → the file, compressed where that helps, or 304. RFC 9110 §8.8.3, §13.1.2, §14.2.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { contentType, isText } from './content-type.ts'
import { type FoundFile, findFile } from './find-file.ts'
import { GUARDS } from './guards.ts'

export interface StaticFiles {
  /** @returns undefined when there is no such file */
  answer(request: Request, path: string): Promise<Response | undefined>
}

type Encoding = 'br' | 'gzip' | 'identity'

interface Known {
  readonly version: string
  readonly type: string
  /** SHA-256 of the content: strong, and the same on every machine. */
  readonly tag: string
}

/** What is larger is streamed, never compressed and never held. */
const HELD = 2 * 1024 * 1024
const CACHE = 32 * 1024 * 1024

/** @param root absolute path of out/; need not exist yet @param origins of which forms may post to, the service's own */
export function createStaticFiles(root: string, origins: readonly string[]): StaticFiles {
  const known = new Map<string, Known>()
  /** A large file that many ask for at once is read once. */
  const reading = new Map<string, Promise<Known>>()
  const packed = new Map<string, Uint8Array>()
  let held = 0
  const policy = [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    'img-src * data:',
    'media-src *',
    ['form-action', "'self'", ...origins].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ')

  async function know(file: FoundFile): Promise<Known> {
    const before = known.get(file.path)
    if (before?.version === file.version) return before
    const key = `${file.path} ${file.version}`
    const now = reading.get(key) ?? read(file).finally(() => reading.delete(key))
    reading.set(key, now)
    return now
  }

  async function read(file: FoundFile): Promise<Known> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file.path)) hash.update(chunk as Uint8Array)
    const type = contentType(file.path, await headOf(file.path))
    const now = { version: file.version, type, tag: hash.digest('base64url').slice(0, 27) }
    known.set(file.path, now)
    return now
  }

  async function pack(path: string, tag: string, encoding: Encoding): Promise<Uint8Array> {
    const key = `${tag} ${encoding}`
    const before = packed.get(key)
    if (before) return before
    const bytes = await compress(await readFile(path), encoding)
    // Asked for twice at once: counted once.
    if (packed.has(key)) return bytes
    for (const [oldest, { length }] of packed) {
      if (held + bytes.length <= CACHE) break
      packed.delete(oldest)
      held -= length
    }
    packed.set(key, bytes)
    held += bytes.length
    return bytes
  }

  return {
    async answer(request, path) {
      const file = await findFile(root, path)
      if (!file) return undefined
      if (file === 'slash') {
        const here = path.slice(path.lastIndexOf('/') + 1)
        return new Response(null, { status: 301, headers: { ...GUARDS, Location: `./${here}/` } })
      }
      const { type, tag } = await know(file)
      const small = isText(type) && file.size <= HELD
      const encoding = small ? chooseEncoding(request.headers.get('accept-encoding')) : 'identity'
      // RFC 9110 §8.8.3.3: other bytes, another tag.
      const etag = encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`
      const headers = new Headers({
        ...GUARDS,
        'Content-Type': type,
        'Content-Security-Policy': policy,
        'Cache-Control': 'public, max-age=60',
        ETag: etag,
        ...(small ? { Vary: 'Accept-Encoding' } : { 'Accept-Ranges': 'bytes' }),
      })
      if (matches(request.headers.get('if-none-match'), tag)) {
        headers.delete('Content-Type')
        return new Response(null, { status: 304, headers })
      }
      if (encoding !== 'identity') headers.set('Content-Encoding', encoding)
      if (!small) return ranged(request, file, etag, headers)
      const bytes = await pack(file.path, tag, encoding)
      headers.set('Content-Length', String(bytes.length))
      return new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
    },
  }
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 6 })
  if (encoding === 'br') {
    return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  }
  return bytes
}

/** RFC 9110 §12.5.3: br when it is wanted, else gzip, else the bytes as they are. */
function chooseEncoding(accepted: string | null): Encoding {
  const wanted = new Map(
    (accepted ?? '').split(',', 20).map(part => {
      const [name = '', weight = ''] = part.split(';', 2).map(text => text.trim().toLowerCase())
      return [name, weight.startsWith('q=') ? Number(weight.slice(2)) : 1] as const
    }),
  )
  if ((wanted.get('br') ?? 0) > 0) return 'br'
  return (wanted.get('gzip') ?? wanted.get('*') ?? 0) > 0 ? 'gzip' : 'identity'
}

/** RFC 9110 §13.1.2, by weak comparison; the same file in another encoding is still the same file. */
function matches(field: string | null, tag: string): boolean {
  if (field === null) return false
  return field.split(',').some(part => {
    const given = part.trim().replace(/^W\//, '')
    return given === '*' || given.replace(/-(br|gzip)"$/, '"') === `"${tag}"`
  })
}

/** A podcast player asks for parts. More than one part at a time is answered with all of it. */
function ranged(request: Request, file: FoundFile, etag: string, headers: Headers): Response {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '')
  const condition = request.headers.get('if-range')
  const last = file.size - 1
  let [start, end] = [0, last]
  if (asked && (asked[1] || asked[2]) && (condition === null || condition === etag)) {
    start = asked[1] ? Number(asked[1]) : Math.max(0, file.size - Number(asked[2]))
    end = asked[1] && asked[2] ? Math.min(last, Number(asked[2])) : last
    if (start > end) {
      return new Response(null, {
        status: 416,
        headers: { ...GUARDS, 'Content-Range': `bytes */${file.size}` },
      })
    }
    headers.set('Content-Range', `bytes ${start}-${end}/${file.size}`)
  }
  headers.set('Content-Length', String(end - start + 1))
  const status = headers.has('Content-Range') ? 206 : 200
  if (request.method === 'HEAD' || file.size === 0) return new Response(null, { status, headers })
  const stream = Readable.toWeb(createReadStream(file.path, { start, end }))
  return new Response(stream as ReadableStream<Uint8Array>, { status, headers })
}
