// A request's body, at most so many bytes → its fields. RFC 8058 §3.1 lets a provider send either kind of form.

/** Field name → values in the order in which they came; files are left out. */
export type Fields = ReadonlyMap<string, readonly string[]>

export interface Unreadable {
  readonly status: 400 | 413 | 415
}

/** @returns the bytes, or undefined when there are more than `limit` */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return undefined
  const chunks: Uint8Array[] = []
  let size = 0
  if (!request.body) return new Uint8Array()
  // Leaving the loop cancels the stream: what is too long is not read to its end.
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export async function readForm(request: Request, limit = 16_384): Promise<Fields | Unreadable> {
  const type = request.headers.get('content-type') ?? ''
  const kind = type.split(';')[0]!.trim().toLowerCase()
  try {
    const bytes = await readBytes(request, limit)
    if (!bytes) return { status: 413 }
    if (kind === 'application/json') return ofJson(bytes)
    if (kind === 'application/x-www-form-urlencoded') {
      return grouped(new URLSearchParams(Buffer.from(bytes).toString('utf8')))
    }
    if (kind === 'multipart/form-data') {
      const body = bytes as Uint8Array<ArrayBuffer>
      return grouped(await new Response(body, { headers: { 'content-type': type } }).formData())
    }
    return bytes.length === 0 ? new Map() : { status: 415 }
  } catch {
    return { status: 400 }
  }
}

function grouped(pairs: Iterable<[string, unknown]>): Fields {
  const fields = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    if (typeof value !== 'string') continue
    const values = fields.get(name)
    if (values) values.push(value)
    else fields.set(name, [value])
  }
  return fields
}

/** One level of strings, numbers, true and false, and lists of them. */
function ofJson(bytes: Uint8Array): Fields | Unreadable {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { status: 400 }
  const plain = (item: unknown): item is string | number | boolean =>
    ['string', 'number', 'boolean'].includes(typeof item)
  return grouped(
    Object.entries(value).flatMap(([name, item]) =>
      (Array.isArray(item) ? item : [item]).filter(plain).map((one): [string, string] => [name, String(one)]),
    ),
  )
}
