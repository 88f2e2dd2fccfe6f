// A template of templates/pages and its data, or a value → an answer that no browser lets anybody misuse; and the form that
// comes back → what was chosen.

import { createHash } from 'node:crypto'
import { directionOf } from '../base/index.ts'
import type { Newsletter, Publication } from '../model.ts'
import type { Words } from '../templates/index.ts'
import type { Service, Visit } from './service.ts'

/** The header fields that every answer carries. */
export const GUARDS: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
}

interface PageOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** @param name 'subscribe' for templates/pages/subscribe.html.hbs */
export function page(
  visit: Visit,
  service: Service,
  name: string,
  data: object,
  { status = 200, headers = {} }: PageOptions = {},
): Response {
  const { publication, templates } = service
  const { language } = visit
  const { style, policy } = styleOf(service)
  const html = templates.render(
    `pages/${name}.html.hbs`,
    { publication, language, direction: directionOf(language), style, base: basePath(service), ...data },
    { language, timezone: publication.timezone },
  )
  return new Response(html, {
    status,
    headers: {
      ...GUARDS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': language,
      'Content-Security-Policy': policy,
      'X-Frame-Options': 'DENY',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
      Vary: 'Accept-Language',
      ...headers,
    },
  })
}

const styles = new WeakMap<Service, { readonly style: string; readonly policy: string }>()

/** One style for all pages, and the policy that allows nothing but it and the page's own form. */
function styleOf(service: Service): { readonly style: string; readonly policy: string } {
  const known = styles.get(service)
  if (known) return known
  const { publication, templates, accent } = service
  const { language, timezone } = publication
  const style = templates.render(
    'pages/serve.css.hbs',
    { publication, accent, band: publication.accent },
    { language, timezone },
  )
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const made = { style, policy }
  styles.set(service, made)
  return made
}

export function json(value: unknown, { status = 200, headers = {} }: PageOptions = {}): Response {
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: {
      ...GUARDS,
      'Content-Type': 'application/json; charset=utf-8',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
      ...headers,
    },
  })
}

/** A title, a sentence or two, and perhaps one thing to do. */
interface Notice {
  /** Keys of serve.*: 'serve.left_title'. */
  readonly title: string
  readonly text: string
  readonly values?: Readonly<Record<string, string>>
  /** A button that posts. */
  readonly form?: { readonly action: string; readonly button: string } | undefined
  readonly links?: readonly { readonly url: string; readonly text: string }[] | undefined
}

/** templates/pages/notice.html.hbs */
export function notice(visit: Visit, service: Service, said: Notice, options: PageOptions = {}): Response {
  const words = service.templates.words(visit.language)
  const values = { title: service.publication.title, ...said.values }
  return page(
    visit,
    service,
    'notice',
    {
      title: words(said.title, values),
      text: words(said.text, values),
      form: said.form && { action: said.form.action, button: words(said.form.button, values) },
      links: said.links?.map(({ url, text }) => ({ url, text: words(text, values) })),
    },
    options,
  )
}

/** Forged, altered, expired, foreign: one answer, which gives nothing away. */
export function noSuchLink(visit: Visit, service: Service): Response {
  service.counters.add('broadsheet_refused_total', { reason: 'token' })
  return notice(
    visit,
    service,
    {
      title: 'serve.no_link_title',
      text: 'serve.no_link',
      links: [{ url: `${basePath(service)}subscribe`, text: 'serve.to_form' }],
    },
    { status: 404 },
  )
}

/** The path of the service, with its slash: '/' or '/letters/'. */
export function basePath({ address }: Service): string {
  return new URL(address).pathname
}

// ─── Forms ───────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// What somebody can choose on a page, and the form that comes back → fields and a choice. RFC 8058 §3.1 lets a provider
// send either kind of form.

/** Field name → values in the order in which they came; files are left out. */
export type Fields = ReadonlyMap<string, readonly string[]>

interface Unreadable {
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

const MAX_FORM_BYTES = 16_384

export async function readForm(request: Request): Promise<Fields | Unreadable> {
  const type = request.headers.get('content-type') ?? ''
  const kind = type.split(';')[0]!.trim().toLowerCase()
  try {
    const bytes = await readBytes(request, MAX_FORM_BYTES)
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

interface Topic {
  /** A section's slug, or a tag. */
  readonly id: string
  readonly title: string
  readonly chosen: boolean
}

interface Offer {
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
