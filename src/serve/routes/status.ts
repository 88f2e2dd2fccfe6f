// The publication in numbers, for whoever runs it: a page, to this machine or to who has the key.

import { createHash } from 'node:crypto'
import { isSameSecret } from '../../base/index.ts'
import { publicationNumbers } from '../numbers.ts'
import { GUARDS, json } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'
import { statusPage } from '../status-page.ts'

/** All deliveries of an edition under way are counted for it: not at every click. */
const KEPT_MS = 60_000

const pages = new WeakMap<Service, { readonly made: number; readonly html: Promise<string> }>()

/** A proxy that keeps /status to itself must not be got around by /%73tatus. */
const show: Answer = async (visit, service) => {
  if (visit.path !== '/status') return json({ error: 'no such page' }, { status: 404 })
  if (!isAllowed(visit, service)) {
    // RFC 7617: a browser asks for the key, which is in no address then.
    const headers = { 'WWW-Authenticate': 'Basic realm="status", charset="UTF-8"' }
    return service.metricsKey
      ? json({ error: 'the key is the password' }, { status: 401, headers })
      : json({ error: 'not for you' }, { status: 403 })
  }
  const html = await pageOf(service)
  return new Response(html, {
    headers: {
      ...GUARDS,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': 'en',
      'Content-Security-Policy': `default-src 'none'; style-src '${hashOfStyle(html)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'X-Frame-Options': 'DENY',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
    },
  })
}

/** The key as a bearer's token, or as the password of any user. */
function isAllowed({ local, request }: Visit, { metricsKey }: Service): boolean {
  if (local) return true
  if (!metricsKey) return false
  const given = request.headers.get('authorization') ?? ''
  const [scheme = '', value = ''] = given.slice(0, 2000).split(' ')
  const key = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    : value
  return isSameSecret(key, metricsKey)
}

async function pageOf(service: Service): Promise<string> {
  const known = pages.get(service)
  if (known && service.now() - known.made < KEPT_MS) return known.html
  const html = makePage(service)
  pages.set(service, { made: service.now(), html })
  html.catch(() => pages.delete(service))
  return html
}

async function makePage({ db, publication, templates, feedReaders, now }: Service): Promise<string> {
  await feedReaders.save()
  const at = now()
  const numbers = await publicationNumbers(db, publication, at)
  const { title, timezone } = publication
  return statusPage({ numbers }, { title, timezone, now: at }, templates)
}

function hashOfStyle(html: string): string {
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  return `sha256-${createHash('sha256').update(style).digest('base64')}`
}

export const status: Route = { path: '/status', get: show }
