// The feeds at an address of one reader's own, which ends when she leaves or wants another: out/ → her documents, for no search
// engine and no shared cache.

import { FOR_EVER, readPass, signPass } from '../../base/index.ts'
import { FEED_FORMATS, feedFormatNames } from '../../content/index.ts'
import { FEED_WRITERS, STYLE_SHEET } from '../../feed/index.ts'
import { privateFeedOf } from '../../store/index.ts'
import { GUARDS, noSuchLink } from '../page.ts'
import type { Answer, Route, Service } from '../service.ts'
import { chooseEncoding, compress } from '../static-files.ts'

/** The main feed of each format: label and address. */
export function privateFeeds({ address, secret }: Service, subscriber: number, made: number) {
  const token = signPass(secret, 'feed', { id: subscriber, until: FOR_EVER, about: String(made) })
  return Object.values(FEED_FORMATS).map(({ label, file }) => ({
    label,
    url: `${address}f/${token}/${file}`,
  }))
}

/** RFC 9111 §5.2.2.7: hers alone. Readers that run in a browser know the address and nothing else of her. */
const OWN = { 'Cache-Control': 'private, max-age=60', 'X-Robots-Tag': 'noindex, nofollow' }

const read: Answer = async (visit, service) => {
  const { publication, secret, now, db, files, address } = service
  const pass = readPass(secret, 'feed', visit.token, now())
  const name = visit.path.slice(visit.path.lastIndexOf('/') + 1)
  const format = feedFormatNames().find(one => FEED_FORMATS[one].file === name)
  if (!publication.feeds.private || !pass || !(format || name === STYLE_SHEET))
    return noSuchLink(visit, service)
  // RFC 9110 §15.5.11: readers then stop to ask.
  if ((await privateFeedOf(db, pass.id)) !== Number(pass.about))
    return new Response('This feed has ended.\n', {
      status: 410,
      headers: {
        ...GUARDS,
        ...OWN,
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
      },
    })
  // The tag of the public document: at this address there is one of hers for each of its versions.
  const asked = new Headers(visit.request.headers)
  for (const field of ['accept-encoding', 'range']) asked.delete(field)
  const found = await files.answer(new Request(visit.request.url, { headers: asked }), `/${name}`)
  if (!found) return noSuchLink(visit, service)
  const headers = new Headers(found.headers)
  for (const [field, value] of Object.entries(OWN)) headers.set(field, value)
  if (!format || found.status !== 200) return new Response(found.body, { status: found.status, headers })
  const text = FEED_WRITERS[format].readdress(await found.text(), `${address}f/${visit.token}/${name}`)
  const encoding = chooseEncoding(visit.request.headers.get('accept-encoding'))
  const bytes = await compress(Buffer.from(text), encoding)
  if (encoding !== 'identity') headers.set('Content-Encoding', encoding)
  headers.set('Content-Length', String(bytes.length))
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
}

export const privateFeed: Route = { path: '/f/:token/:file', get: read }
