// Behind the link that went to her mailbox: her data to read and to take away, and a button that erases it.

import { parseAddress, readPass, signPass } from '../../base/index.ts'
import { type About, aboutSubscriber, requestById, showSubscriber } from '../../store/index.ts'
import { titlesOf } from '../offers.ts'
import { basePath, json, noSuchLink, notice, page } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'

const HOUR = 3_600_000

const show: Answer = async (visit, service) => {
  const about = await aboutHer(visit, service)
  if (about === 'no link') return noSuchLink(visit, service)
  if (!about) return notice(visit, service, { title: 'serve.nothing_kept_title', text: 'serve.nothing_kept' })
  const { secret, now, publication } = service
  const base = basePath(service)
  const erase = signPass(secret, 'erase', { id: about.subscriber.id, until: now() + HOUR, about: '' })
  return page(visit, service, 'data', {
    about: { ...about, newsletters: titlesOf(publication, Object.keys(about.subscriber.newsletters)) },
    download: `${base}data/${visit.token}/broadsheet.json`,
    erase: `${base}erase/${erase}`,
  })
}

const download: Answer = async (visit, service) => {
  const about = await aboutHer(visit, service)
  if (about === 'no link' || !about) return noSuchLink(visit, service)
  return json(readable(about), {
    headers: { 'Content-Disposition': 'attachment; filename="broadsheet.json"' },
  })
}

export const data: Route = { path: '/data/:token', get: show }
export const dataFile: Route = { path: '/data/:token/broadsheet.json', get: download }

async function aboutHer(visit: Visit, { secret, db, now }: Service): Promise<About | 'no link' | undefined> {
  const pass = readPass(secret, 'export', visit.token, now())
  const request = pass && (await requestById(db, pass.id))
  const key = request?.purpose === 'data' ? parseAddress(request.email)?.key : undefined
  if (key === undefined) return 'no link'
  const subscriber = await showSubscriber(db, key)
  return subscriber && aboutSubscriber(db, subscriber.id)
}

/** Times as people and programs read them. */
function readable({ subscriber, subscriptions, consents, deliveries, bounces, suppression }: About) {
  const { email, name, state, language, fields, source, since } = subscriber
  return {
    email,
    name,
    state,
    language,
    fields,
    source,
    since: iso(since),
    subscriptions: subscriptions.map(one => ({ ...one, since: iso(one.since), ended: iso(one.ended) })),
    consents: consents.map(one => ({ ...one, asked: iso(one.asked), confirmed: iso(one.confirmed) })),
    deliveries: deliveries.map(({ edition, state: became, attempts, reply }) => ({
      edition,
      state: became,
      attempts,
      reply,
    })),
    bounces: bounces.map(one => ({ ...one, at: iso(one.at) })),
    suppression: suppression && { reason: suppression.reason, since: iso(suppression.since) },
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
