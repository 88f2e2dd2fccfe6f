// A template of templates/pages and its data, or a value → an answer that no browser lets anybody misuse.

import { createHash } from 'node:crypto'
import { directionOf } from '../templates/index.ts'
import type { Service, Visit } from './service.ts'

/** The header fields that every answer carries. */
export const GUARDS: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
}

export interface PageOptions {
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
export interface Notice {
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
