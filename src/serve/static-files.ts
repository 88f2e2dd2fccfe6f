// A request for a file of out/ → the file, compressed where that helps, or 304. RFC 9110 §8.8.3, §13.1.2, §14.2.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { decodePath, mediaTypeOf } from '../base/index.ts'
import { FEED_FORMATS } from '../content/index.ts'
import { GUARDS } from './page.ts'
import type { StaticFiles } from './service.ts'

/** What is larger is streamed, and never compressed. */
const MAX_COMPRESSED_FILE_BYTES = 2 * 1024 * 1024
const COMPRESSED_CACHE_BYTES = 32 * 1024 * 1024

/**
 * @param root absolute path of out/; need not exist yet
 * @param policy Content-Security-Policy of every file
 * @param home path of the publication's home page: '/', '/blog/'
 */
export function createStaticFiles(root: string, policy: string, home: string): StaticFiles {
  const redirects = new Redirects(join(root, '_redirects'), home)
  const fingerprints = new Fingerprints()
  const compressed = new CompressedFiles()
  return {
    async answer(request, path) {
      const location = await redirects.of(path)
      if (location)
        return new Response(null, { status: 301, headers: { ...GUARDS, ...READABLE, Location: location } })
      const page = await findFile(root, path)
      const twin =
        typeof page === 'object' && page.path.endsWith('.html')
          ? await findFile(root, twinOf(path))
          : undefined
      const file = typeof twin === 'object' && wantsMarkdown(request) ? twin : page
      if (!file) return undefined
      if (file === 'slash') {
        const here = path.slice(path.lastIndexOf('/') + 1)
        return new Response(null, { status: 301, headers: { ...GUARDS, Location: `./${here}/` } })
      }
      const { type: kind, tag } = await fingerprints.of(file)
      const isFeed = isFeedType(kind)
      const type = isFeed && wantsPage(request) ? shownType(kind) : kind
      const small = isText(type) && file.size <= MAX_COMPRESSED_FILE_BYTES
      const encoding = small ? chooseEncoding(request.headers.get('accept-encoding')) : 'identity'
      // RFC 9110 §8.8.3.3: other bytes, another tag.
      const etag = encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`
      const headers = new Headers({
        ...GUARDS,
        'Content-Type': type,
        'Content-Security-Policy': policy,
        'Cache-Control': 'public, max-age=60',
        ETag: etag,
        'Last-Modified': new Date(file.modified).toUTCString(),
        ...(small
          ? { Vary: isFeed || twin ? 'Accept, Accept-Encoding' : 'Accept-Encoding' }
          : { 'Accept-Ranges': 'bytes' }),
        // The page is what search engines are to show.
        ...(type.startsWith('text/markdown') ? { 'X-Robots-Tag': 'noindex' } : {}),
        // Readers that run in a browser read feeds, transcripts and chapters, and see whether they changed.
        ...(type.startsWith('text/html')
          ? {}
          : { ...READABLE, 'Access-Control-Expose-Headers': 'ETag, Last-Modified, Link' }),
      })
      if (isUnchanged(request, tag, file.modified)) {
        headers.delete('Content-Type')
        return new Response(null, { status: 304, headers })
      }
      if (encoding !== 'identity') headers.set('Content-Encoding', encoding)
      if (!small) return ranged(request, file, etag, headers)
      const bytes = await compressed.of(file.path, tag, encoding)
      headers.set('Content-Length', String(bytes.length))
      return new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
    },
  }
}

/** By scripts of other sites. A browser asks it of each answer on the way to a feed that has moved. */
export const READABLE = { 'Access-Control-Allow-Origin': '*' }

/** `_redirects` as the build makes it: a path that was, where it leads, 301. */
class Redirects {
  readonly #file: string
  readonly #home: string
  #known: { readonly version: string; readonly rules: ReadonlyMap<string, string> } | undefined

  constructor(file: string, home: string) {
    this.#file = file
    this.#home = home
  }

  /** @param path below out/, as a request has it @returns relative to that path, or an address elsewhere */
  async of(path: string): Promise<string | undefined> {
    const to = (await this.#rules()).get(decodePath(path))
    if (to === undefined || !to.startsWith(this.#home)) return to
    return `${'../'.repeat(path.split('/').length - 2) || './'}${to.slice(this.#home.length)}`
  }

  async #rules(): Promise<ReadonlyMap<string, string>> {
    const found = await stat(this.#file).catch(() => undefined)
    const version = found ? `${found.ino} ${found.mtimeMs} ${found.size}` : ''
    if (this.#known?.version !== version) {
      const text = found ? await readFile(this.#file, 'utf8').catch(() => '') : ''
      const lines = text.split('\n').flatMap(line => {
        const [from, to, status] = line.split(' ')
        if (from === undefined || to === undefined || status !== '301') return []
        const below = from.startsWith(this.#home) ? `/${from.slice(this.#home.length)}` : from
        return [[decodePath(below), to] as const]
      })
      this.#known = { version, rules: new Map(lines) }
    }
    return this.#known.rules
  }
}

interface FoundFile {
  /** Absolute, without symlinks. */
  readonly path: string
  readonly size: number
  /** ms since epoch, in whole seconds. */
  readonly modified: number
  /** Changes with every change of the file. */
  readonly version: string
}

/**
 * The path of a request → a file inside out/, or nothing. Neither dots, escapes nor symlinks lead out of it.
 *
 * @returns 'slash' for a folder with a page, whose address ends in a slash
 */
async function findFile(root: string, urlPath: string): Promise<FoundFile | 'slash' | undefined> {
  const names = segments(urlPath)
  if (!names) return undefined
  try {
    const top = await realpath(root)
    const path = await realpath(join(top, ...names))
    if (path !== top && !path.startsWith(top + sep)) return undefined
    // A symlink inside out/ may still lead to a hidden file there.
    if (
      path
        .slice(top.length)
        .split(sep)
        .some(name => name.startsWith('.') && name !== '.well-known')
    )
      return undefined
    const found = await stat(path)
    if (found.isDirectory()) {
      const index = await findFile(root, `${urlPath.replace(/\/*$/, '/')}index.html`)
      return typeof index === 'object' && !urlPath.endsWith('/') ? 'slash' : index
    }
    if (!found.isFile() || urlPath.endsWith('/')) return undefined
    const modified = Math.floor(found.mtimeMs / 1000) * 1000
    return {
      path,
      size: found.size,
      modified,
      version: `${found.ino} ${found.mtimeMs} ${found.ctimeMs} ${found.size}`,
    }
  } catch {
    return undefined
  }
}

/** '/a%20b/c' → ['a b', 'c']; undefined for whatever is no plain path. */
function segments(urlPath: string): string[] | undefined {
  const names: string[] = []
  for (const part of urlPath.split('/')) {
    if (part === '') continue
    let name: string
    try {
      name = decodeURIComponent(part)
    } catch {
      return undefined
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends a path for the system
    if ((name.startsWith('.') && name !== '.well-known') || /[/\\\u0000]/.test(name)) return undefined
    names.push(name)
  }
  return names
}

interface Fingerprint {
  readonly version: string
  readonly type: string
  /** SHA-256 of the content: strong, and the same on every machine. */
  readonly tag: string
}

/** Type and tag of each file, read once for each of its versions. */
class Fingerprints {
  readonly #known = new Map<string, Fingerprint>()
  /** A large file that many ask for at once is read once. */
  readonly #reading = new Map<string, Promise<Fingerprint>>()

  async of(file: FoundFile): Promise<Fingerprint> {
    const before = this.#known.get(file.path)
    if (before?.version === file.version) return before
    const key = `${file.path} ${file.version}`
    const now = this.#reading.get(key) ?? this.#read(file).finally(() => this.#reading.delete(key))
    this.#reading.set(key, now)
    return now
  }

  async #read({ path, version }: FoundFile): Promise<Fingerprint> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
    const now = {
      version,
      type: contentType(path, await headOf(path)),
      tag: hash.digest('base64url').slice(0, 27),
    }
    this.#known.set(path, now)
    return now
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

/**
 * A feed is known by what it says, wherever it lies.
 *
 * @param head its first bytes as text, some hundred
 */
export function contentType(name: string, head: string): string {
  const type = plainType(name, head)
  return isText(type) && !type.startsWith('message/') ? `${type}; charset=utf-8` : type
}

function plainType(name: string, head: string): string {
  const type = mediaTypeOf(name)
  const feed = Object.values(FEED_FORMATS).find(
    ({ file, signature }) => mediaTypeOf(file) === type && signature.test(head),
  )
  return feed?.mediaType ?? type ?? 'application/octet-stream'
}

/** Whether it gets smaller when compressed. */
function isText(type: string): boolean {
  return /^text\/|[+/](xml|json)\b|^message\/|x-subrip/.test(type)
}

type Encoding = 'br' | 'gzip' | 'identity'

/** Small files as they go out, the last of them in memory. */
class CompressedFiles {
  /** By tag and encoding, the oldest first. */
  readonly #packed = new Map<string, Uint8Array>()
  #bytes = 0

  async of(path: string, tag: string, encoding: Encoding): Promise<Uint8Array> {
    const key = `${tag} ${encoding}`
    const before = this.#packed.get(key)
    if (before) return before
    const bytes = await compress(await readFile(path), encoding)
    // Asked for twice at once: counted once.
    if (!this.#packed.has(key)) this.#keep(key, bytes)
    return bytes
  }

  #keep(key: string, bytes: Uint8Array): void {
    for (const [oldest, { length }] of this.#packed) {
      if (this.#bytes + bytes.length <= COMPRESSED_CACHE_BYTES) break
      this.#packed.delete(oldest)
      this.#bytes -= length
    }
    this.#packed.set(key, bytes)
    this.#bytes += bytes.length
  }
}

export async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 6 })
  if (encoding === 'br') {
    return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  }
  return bytes
}

/** RFC 9110 §12.5.3: br when it is wanted, else gzip, else the bytes as they are. */
export function chooseEncoding(accepted: string | null): Encoding {
  const wanted = weights(accepted)
  if ((wanted.get('br') ?? 0) > 0) return 'br'
  return (wanted.get('gzip') ?? wanted.get('*') ?? 0) > 0 ? 'gzip' : 'identity'
}

/** RFC 9110 §12.4.2: what a field names, and how much it is wanted. */
function weights(field: string | null): ReadonlyMap<string, number> {
  return new Map(
    (field ?? '').split(',', 20).map(part => {
      const [name = '', ...parameters] = part.split(';', 8).map(text => text.trim().toLowerCase())
      const weight = parameters.find(parameter => parameter.startsWith('q='))
      return [name, weight ? Number(weight.slice(2)) : 1] as const
    }),
  )
}

const FEED_TYPES: ReadonlySet<string> = new Set(Object.values(FEED_FORMATS).map(({ mediaType }) => mediaType))

export function isFeedType(type: string | null): boolean {
  return FEED_TYPES.has((type ?? '').replace(/;.*/, ''))
}

/** A browser that goes to an address; readers ask for feeds, or for anything. */
function wantsPage(request: Request): boolean {
  return /(?:^|,)\s*text\/html\s*(?:[;,]|$)/.test(request.headers.get('accept') ?? '')
}

/** A program that would rather read Markdown than a page. */
function wantsMarkdown(request: Request): boolean {
  const wanted = weights(request.headers.get('accept'))
  return (wanted.get('text/markdown') ?? 0) > (wanted.get('text/html') ?? 0)
}

/** Where the twin of a page is: '/a/' → '/a/index.md', '/a.html' → '/a.md'. */
function twinOf(path: string): string {
  return path.endsWith('/') ? `${path}index.md` : path.replace(/\.html$/, '.md')
}

/** Browsers offer to save what they have no name for; XML they show with its style sheet. RFC 7303 §9.1 */
function shownType(type: string): string {
  return type.replace(/^[\w/.-]+\+(xml|json)/, 'application/$1')
}

/** RFC 9110 §13.2.2: the date counts where no tag is given. */
function isUnchanged({ headers }: Request, tag: string, modified: number): boolean {
  if (headers.has('if-none-match')) return matches(headers.get('if-none-match'), tag)
  const since = headers.get('if-modified-since')
  return since !== null && modified <= Date.parse(since)
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
        headers: { ...GUARDS, ...READABLE, 'Content-Range': `bytes */${file.size}` },
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
