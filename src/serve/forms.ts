// What somebody can choose on a page, and the form that comes back → fields and a choice. RFC 8058 §3.1 lets a provider
// send either kind of form.

import type { Newsletter, Publication } from '../model.ts'
import type { Words } from '../templates/index.ts'

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

export interface Topic {
  /** A section's slug, or a tag. */
  readonly id: string
  readonly title: string
  readonly chosen: boolean
}

export interface Offer {
  readonly id: string
  readonly title: string
  readonly rhythm: string
  readonly chosen: boolean
  /** She does not want all of its topics. */
  readonly narrowed: boolean
  /** Fewer than two are no choice and are left out. */
  readonly topics: readonly Topic[]
}

/** Newsletter id → topics; an empty list is everything. */
export type Choice = Readonly<Record<string, readonly string[]>>

export function offers(publication: Publication, choice: Choice, words: Words): Offer[] {
  return publication.newsletters.map(newsletter => {
    const topics = topicsOf(publication, newsletter)
    return {
      id: newsletter.id,
      title: newsletter.title,
      rhythm: words(`page.every_${newsletter.every}`),
      chosen: Object.hasOwn(choice, newsletter.id),
      narrowed: Object.hasOwn(choice, newsletter.id) && choice[newsletter.id]!.length > 0,
      topics:
        topics.length < 2
          ? []
          : topics.map(topic => ({ ...topic, chosen: chosen(choice, newsletter.id, topic.id) })),
    }
  })
}

function chosen(choice: Choice, newsletter: string, topic: string): boolean {
  return Object.hasOwn(choice, newsletter) && (choice[newsletter]?.includes(topic) ?? false)
}

/** The sections that it carries, and its tags. */
function topicsOf({ sections }: Publication, newsletter: Newsletter): { id: string; title: string }[] {
  const carried = newsletter.sections
    ? sections.filter(({ slug }) => newsletter.sections!.includes(slug))
    : newsletter.tags
      ? []
      : sections
  return [
    ...carried.map(({ slug, title }) => ({ id: slug, title })),
    ...(newsletter.tags ?? []).map(tag => ({ id: tag, title: tag })),
  ]
}

/**
 * Fields `newsletter` and `topic.<newsletter>` → what was chosen. What the settings do not have is nobody's choice; all
 * topics together are everything, also those to come.
 */
export function readChoice(publication: Publication, fields: Fields): Choice {
  const asked = fields.get('newsletter') ?? []
  return Object.fromEntries(
    publication.newsletters
      .filter(({ id }) => asked.includes(id))
      .map(newsletter => {
        const known = topicsOf(publication, newsletter).map(({ id }) => id)
        const wanted = fields.get(`topic.${newsletter.id}`) ?? []
        const topics = known.filter(topic => wanted.includes(topic))
        return [newsletter.id, topics.length === known.length ? [] : topics]
      }),
  )
}

/** As a page lists them; one that is not in the settings any more keeps its id. */
export function titlesOf(publication: Publication, ids: readonly string[]): string[] {
  return ids.map(id => publication.newsletters.find(newsletter => newsletter.id === id)?.title ?? id)
}
