// A reader's own page: newsletters, topics, language and name; and feeds at an address of her own. The link is in every letter, and letters are forwarded, so
// the page shows no whole address, and what is kept about her goes only to her mailbox.

import {
  type Claim,
  FOR_EVER,
  HOUR_MS,
  parseAddress,
  readPass,
  readToken,
  signPass,
  signToken,
} from '../../base/index.ts'
import { FEED_FORMATS, feedFormatNames } from '../../content/index.ts'
import { FEED_WRITERS, STYLE_SHEET } from '../../feed/index.ts'
import {
  eraseSubscriber,
  type ListedSubscriber,
  type PersonalData,
  privateFeedOf,
  readPersonalData,
  requestById,
  savePreferences,
  saveRequest,
  setPrivateFeed,
  subscriberById,
  subscriberByKey,
} from '../../store/index.ts'
import {
  basePath,
  GUARDS,
  json,
  noSuchLink,
  notice,
  offers,
  page,
  readChoice,
  readForm,
  titlesOf,
} from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'
import { chooseEncoding, compress } from '../static-files.ts'
import { ownLanguage } from '../visitors.ts'

const show: Answer = async (visit, service) => {
  const claim = readToken(service.secret, 'preferences', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const subscriber = await subscriberById(service.db, claim.subscriber)
  if (subscriber?.state !== 'active') return stopped(visit, service)
  return showPreferences(visit, service, claim, subscriber)
}

const save: Answer = async (visit, service) => {
  const { publication, secret, db, languages, now } = service
  const claim = readToken(secret, 'preferences', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const fields = await readForm(visit.request)
  // A robot that posts at random does not send the button.
  if ('status' in fields || !fields.has('save')) return show(visit, service)
  const choice = readChoice(publication, fields)
  const wanted = fields.get('language')?.[0] ?? ''
  const outcome = await savePreferences(db, {
    subscriber: claim.subscriber,
    name: nameOf(fields.get('name')?.[0] ?? ''),
    language: languages.includes(wanted) ? wanted : '',
    newsletters: Object.fromEntries(publication.newsletters.map(({ id }) => [id, choice[id] ?? null])),
    now: now(),
  })
  const subscriber = await subscriberById(db, claim.subscriber)
  if (outcome !== 'saved' || !subscriber) return stopped(visit, service)
  if (subscriber.state !== 'active') {
    service.counters.add('broadsheet_unsubscribes_total', { way: 'preferences' })
    return notice(visit, service, { title: 'serve.left_all_title', text: 'serve.left_all' })
  }
  return showPreferences(visit, service, claim, subscriber, true)
}

export const preferences: Route = { path: '/p/:token', get: show, post: save }

function showPreferences(
  visit: Visit,
  service: Service,
  claim: Claim,
  subscriber: ListedSubscriber,
  saved = false,
): Response {
  const { publication, templates, languages, secret } = service
  const base = basePath(service)
  const language = ownLanguage(languages, subscriber.language) ?? visit.language
  const words = templates.words(language)
  return page({ ...visit, language }, service, 'preferences', {
    saved,
    address: masked(subscriber.email),
    name: subscriber.name,
    newsletters: offers(publication, subscriber.newsletters, words),
    languages: languages.map(tag => ({
      tag,
      name: nameOfLanguage(tag),
      chosen: tag === ownLanguage(languages, subscriber.language),
    })),
    action: `${base}p/${visit.token}`,
    leave: `${base}u/${signToken(secret, 'unsubscribe', claim)}`,
    data: `${base}p/${visit.token}/data`,
    feeds: publication.feeds.private,
  })
}

/** Erased, suppressed or gone: only a new confirmation starts it again, so all of them read the same. */
function stopped(visit: Visit, service: Service): Response {
  return notice(visit, service, {
    title: 'serve.stopped_title',
    text: 'serve.stopped',
    links: [{ url: `${basePath(service)}subscribe`, text: 'serve.to_form' }],
  })
}

/** One line of at most 80 characters, without what could turn a line around or end it. */
function nameOf(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').replace(/\s+/g, ' ')
  return [...line.trim()].slice(0, 80).join('').trim()
}

/** 'anna@example.org' → 'a•••@example.org' */
function masked(email: string): string {
  return email.replace(/^(.).*(?=@)/u, '$1•••')
}

/** In its own words: 'Deutsch'. */
function nameOfLanguage(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag.split('-')[0]!) ?? tag
}

// What is kept about a reader. A link to it goes to her mailbox, for whoever has a letter may not be her; behind it are
// her data, to read and to take away, her private feed, and a button that erases them.

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
    feed: publication.feeds.private &&
      about.subscriber.state === 'active' && {
        action: `${base}data/${visit.token}`,
        addresses: about.feed === undefined ? [] : privateFeeds(service, id, about.feed),
      },
  })
}

/** The address of a private feed is made, made anew, or ends: all by a button on the page that only she can reach. */
const changeFeed: Answer = async (visit, service) => {
  const about = await aboutReader(visit, service)
  if (about === 'no link' || !about) return noSuchLink(visit, service)
  const { db, now, publication } = service
  const fields = await readForm(visit.request)
  const asked = 'status' in fields ? undefined : fields.get('feed')?.[0]
  if (publication.feeds.private && (asked === 'new' || asked === 'end'))
    await setPrivateFeed(
      db,
      about.subscriber.id,
      asked === 'new' ? Math.max(now(), (about.feed ?? 0) + 1) : undefined,
    )
  return showData(visit, service)
}

export const data: Route = { path: '/data/:token', get: showData, post: changeFeed }

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
function readable({
  subscriber,
  subscriptions,
  consents,
  deliveries,
  bounces,
  suppression,
  feed,
}: PersonalData) {
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
    private_feed_since: iso(feed ?? null),
    suppression: suppression && { reason: suppression.reason, since: iso(suppression.since) },
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

// ─── Feeds of her own ───────────────────────────────────────────────────────────────────────────────────────────────
//
// The feeds at an address of one reader's own, which ends when she leaves or wants another: out/ → her documents, for no search
// engine and no shared cache.

/** The main feed of each format: label and address. */
function privateFeeds({ address, secret }: Service, subscriber: number, made: number) {
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
