// What is kept about a reader. A link to it goes to her mailbox, for whoever has a letter may not be her; behind it are
// her data, to read and to take away, and a button that erases them.

import { parseAddress, readPass, readToken, signPass } from '../../base/index.ts'
import {
  eraseSubscriber,
  type PersonalData,
  readPersonalData,
  requestById,
  saveRequest,
  subscriberById,
  subscriberByKey,
} from '../../store/index.ts'
import { titlesOf } from '../forms.ts'
import { basePath, json, noSuchLink, notice, page } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'

const HOUR_MS = 3_600_000
const LINK_LIFE_MS = 24 * HOUR_MS
const ERASE_BUTTON_LIFE_MS = HOUR_MS

const offerLink: Answer = (visit, service) => {
  if (!readToken(service.secret, 'preferences', visit.token)) return noSuchLink(visit, service)
  return notice(visit, service, {
    title: 'serve.data_title',
    text: 'serve.data_request',
    form: { action: `${basePath(service)}p/${visit.token}/data`, button: 'serve.data_send' },
  })
}

const sendLink: Answer = async (visit, service) => {
  const { secret, db, now } = service
  const claim = readToken(secret, 'preferences', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const subscriber = await subscriberById(db, claim.subscriber)
  const parsed = subscriber && parseAddress(subscriber.email)
  if (parsed) {
    await saveRequest(db, {
      purpose: 'data',
      email: parsed.address,
      key: parsed.key,
      newsletters: {},
      language: visit.language,
      source: 'preferences',
      network: '',
      wording: '',
      expires: now() + LINK_LIFE_MS,
      now: now(),
    })
    service.wake()
    service.counters.add('broadsheet_requests_total', { purpose: 'data' })
  }
  return notice(visit, service, { title: 'serve.data_sent_title', text: 'serve.data_sent' })
}

export const dataRequest: Route = { path: '/p/:token/data', get: offerLink, post: sendLink }

const showData: Answer = async (visit, service) => {
  const about = await aboutReader(visit, service)
  if (about === 'no link') return noSuchLink(visit, service)
  if (!about) return notice(visit, service, { title: 'serve.nothing_kept_title', text: 'serve.nothing_kept' })
  const { secret, now, publication } = service
  const { id, newsletters } = about.subscriber
  const base = basePath(service)
  const erase = signPass(secret, 'erase', { id, until: now() + ERASE_BUTTON_LIFE_MS, about: '' })
  return page(visit, service, 'data', {
    about: { ...about, newsletters: titlesOf(publication, Object.keys(newsletters)) },
    download: `${base}data/${visit.token}/broadsheet.json`,
    erase: `${base}erase/${erase}`,
  })
}

export const data: Route = { path: '/data/:token', get: showData }

const download: Answer = async (visit, service) => {
  const about = await aboutReader(visit, service)
  if (about === 'no link' || !about) return noSuchLink(visit, service)
  return json(readable(about), {
    headers: { 'Content-Disposition': 'attachment; filename="broadsheet.json"' },
  })
}

export const dataFile: Route = { path: '/data/:token/broadsheet.json', get: download }

/** Asks once more. */
const askToErase: Answer = (visit, service) => {
  if (!readPass(service.secret, 'erase', visit.token, service.now())) return noSuchLink(visit, service)
  return notice(visit, service, {
    title: 'serve.erase_title',
    text: 'serve.erase_text',
    form: { action: `${basePath(service)}erase/${visit.token}`, button: 'serve.erase' },
  })
}

/** The person goes; her ledger rows still count, without her. */
const eraseNow: Answer = async (visit, service) => {
  const { secret, db, now } = service
  const pass = readPass(secret, 'erase', visit.token, now())
  if (!pass) return noSuchLink(visit, service)
  const subscriber = await subscriberById(db, pass.id)
  const key = subscriber && parseAddress(subscriber.email)?.key
  if (key !== undefined && (await eraseSubscriber(db, { key, now: now() }))) {
    service.counters.add('broadsheet_erasures_total')
  }
  return notice(visit, service, { title: 'serve.erased_title', text: 'serve.erased' })
}

export const erase: Route = { path: '/erase/:token', get: askToErase, post: eraseNow }

async function aboutReader(
  visit: Visit,
  { secret, db, now }: Service,
): Promise<PersonalData | 'no link' | undefined> {
  const pass = readPass(secret, 'export', visit.token, now())
  const request = pass && (await requestById(db, pass.id))
  const key = request?.purpose === 'data' ? parseAddress(request.email)?.key : undefined
  if (key === undefined) return 'no link'
  const subscriber = await subscriberByKey(db, key)
  return subscriber && readPersonalData(db, subscriber.id)
}

/** Times as people and programs read them. */
function readable({ subscriber, subscriptions, consents, deliveries, bounces, suppression }: PersonalData) {
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
