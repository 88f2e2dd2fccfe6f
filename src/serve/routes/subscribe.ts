// The form and the API for newcomers: an address and newsletters in; one mail to confirm out, whoever it is. Its link shows
// what will be subscribed and a button, which subscribes.

import { DAY_MS, parseAddress, readPass, signPass, signToken } from '../../base/index.ts'
import { CONSENT_WORDING, confirmRequest, requestById, saveRequest } from '../../store/index.ts'
import {
  basePath,
  type Choice,
  type Fields,
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

/** Nobody fills in a form so quickly. */
const MIN_FORM_AGE_MS = 2_000
const MAX_FORM_AGE_MS = DAY_MS
const REQUEST_LIFE_MS = 7 * DAY_MS

const form: Answer = (visit, service) => {
  const { newsletters } = service.publication
  if (newsletters.length === 0) return nothingOffered(visit, service)
  const wanted = newsletters.find(({ id }) => id === visit.query.get('newsletter')) ?? newsletters[0]!
  return showForm(visit, service, { choice: { [wanted.id]: [] }, email: '' })
}

const ask: Answer = async (visit, service) => {
  const { publication, limits, now } = service
  if (publication.newsletters.length === 0) return nothingOffered(visit, service)
  const fields = await readForm(visit.request)
  if ('status' in fields) return unreadable(visit, service, fields.status)
  const stamp = fields.get('form')?.[0]
  const limit = stamp === undefined ? limits.elsewhere : limits.shown
  const wait = limit.ask(visit)
  if (wait > 0) return tooMany(visit, service, wait, 'rate')
  const email = fields.get('email')?.[0] ?? ''
  // A honeypot: people do not see this field. Whoever fills it in gets the answer that everybody gets.
  if (fields.get('website')?.some(text => text !== '')) {
    service.counters.add('broadsheet_refused_total', { reason: 'honeypot' })
    return asked(visit, service, email)
  }
  const choice = onlyChoice(service, fields)
  const parsed = parseAddress(email)
  if (!parsed) return refuse(visit, service, { choice, email, problem: 'serve.bad_address' })
  if (Object.keys(choice).length === 0) {
    return refuse(visit, service, { choice, email, problem: 'serve.choose_one' })
  }
  if (stamp !== undefined && !shownLongEnough(visit, service, stamp)) {
    return refuse(visit, service, { choice, email, problem: 'serve.once_more' })
  }
  const turn = limit.mail()
  if (turn > 0) return tooMany(visit, service, turn, 'total')
  await saveRequest(service.db, {
    purpose: 'subscribe',
    email: parsed.address,
    key: parsed.key,
    newsletters: choice,
    language: visit.language,
    source: isApi(visit) ? 'api' : 'form',
    network: service.keepNetwork ? visit.network : '',
    wording: CONSENT_WORDING,
    expires: now() + REQUEST_LIFE_MS,
    now: now(),
  })
  service.wake()
  service.counters.add('broadsheet_requests_total', { purpose: 'subscribe' })
  return asked(visit, service, email)
}

export const subscribe: Route = {
  path: '/subscribe',
  get: form,
  post: ask,
  preflight: service => ({
    ...crossOrigin(service),
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type',
  }),
}

/** The same for new, known, waiting and suppressed addresses. */
function asked(visit: Visit, service: Service, email: string): Response {
  if (isApi(visit)) return json({ status: 'confirm' }, { status: 202, headers: crossOrigin(service) })
  return notice(visit, service, {
    title: 'serve.asked_title',
    text: 'serve.asked',
    values: { address: email.trim().slice(0, 254) },
  })
}

interface Shown {
  readonly choice: Choice
  readonly email: string
  /** Key of the words for what is wrong. */
  readonly problem?: string | undefined
}

function showForm(visit: Visit, service: Service, { choice, email, problem }: Shown, status = 200): Response {
  const { publication, templates, secret, now } = service
  const words = templates.words(visit.language)
  const until = now() + MAX_FORM_AGE_MS
  return page(
    visit,
    service,
    'subscribe',
    {
      newsletters: offers(publication, choice, words),
      email: email.slice(0, 254),
      problem: problem && words(problem),
      stamp: signPass(secret, 'form', { id: 0, until, about: visit.network }),
    },
    { status },
  )
}

function refuse(visit: Visit, service: Service, shown: Shown & { readonly problem: string }): Response {
  service.counters.add('broadsheet_refused_total', { reason: shown.problem.replace('serve.', '') })
  if (!isApi(visit)) return showForm(visit, service, shown, 422)
  const error = service.templates.words(visit.language)(shown.problem)
  return json({ error }, { status: 422, headers: crossOrigin(service) })
}

/** The time trap: a form of ours, shown to this network, not a moment ago and not yesterday. */
function shownLongEnough(visit: Visit, { secret, now }: Service, stamp: string): boolean {
  const pass = readPass(secret, 'form', stamp, now())
  return (
    pass !== undefined &&
    pass.about === visit.network &&
    pass.until - MAX_FORM_AGE_MS + MIN_FORM_AGE_MS <= now()
  )
}

/** A form with one newsletter need not name it. */
function onlyChoice({ publication }: Service, fields: Fields): Choice {
  const [first, ...others] = publication.newsletters
  if (first && others.length === 0 && !fields.has('newsletter')) return { [first.id]: [] }
  return readChoice(publication, fields)
}

function isApi({ request }: Visit): boolean {
  return (request.headers.get('content-type') ?? '').toLowerCase().startsWith('application/json')
}

/** A script of the publication's own pages may ask too. */
function crossOrigin({ publication }: Service): Record<string, string> {
  return { 'Access-Control-Allow-Origin': new URL(publication.url).origin, Vary: 'Origin' }
}

function unreadable(visit: Visit, service: Service, status: 400 | 413 | 415): Response {
  service.counters.add('broadsheet_refused_total', { reason: 'body' })
  const words = service.templates.words(visit.language)
  if (isApi(visit)) return json({ error: words('serve.unreadable') }, { status })
  return notice(visit, service, { title: 'serve.unreadable_title', text: 'serve.unreadable' }, { status })
}

function tooMany(visit: Visit, service: Service, seconds: number, reason: string): Response {
  service.counters.add('broadsheet_refused_total', { reason })
  const headers = { 'Retry-After': String(seconds) }
  const words = service.templates.words(visit.language)
  if (isApi(visit)) return json({ error: words('serve.too_many') }, { status: 429, headers })
  return notice(
    visit,
    service,
    { title: 'serve.too_many_title', text: 'serve.too_many' },
    { status: 429, headers },
  )
}

function nothingOffered(visit: Visit, service: Service): Response {
  const links = [{ url: basePath(service), text: 'serve.to_home' }]
  return notice(
    visit,
    service,
    { title: 'serve.no_newsletter_title', text: 'serve.no_newsletter', links },
    { status: 404 },
  )
}

/** The link of the mail: what will be subscribed, and a button. */
const showRequest: Answer = async (visit, service) => {
  const request = await requested(visit, service)
  if (!request) return noSuchLink(visit, service)
  if (request.confirmed !== undefined && request.subscriber !== undefined) {
    return welcome(visit, service, request.subscriber)
  }
  return page(visit, service, 'confirm', {
    newsletters: titlesOf(service.publication, Object.keys(request.newsletters)),
    action: `${basePath(service)}confirm/${visit.token}`,
  })
}

const confirmRequested: Answer = async (visit, service) => {
  const request = await requested(visit, service)
  const done = request && (await confirmRequest(service.db, { id: request.id, now: service.now() }))
  if (!done) return noSuchLink(visit, service)
  if (done.now) service.counters.add('broadsheet_confirmations_total')
  return welcome(visit, service, done.subscriber)
}

export const confirm: Route = { path: '/confirm/:token', get: showRequest, post: confirmRequested }

async function requested(visit: Visit, { secret, db, now }: Service) {
  const pass = readPass(secret, 'confirm', visit.token, now())
  const request = pass && (await requestById(db, pass.id))
  return request?.purpose === 'subscribe' ? request : undefined
}

function welcome(visit: Visit, service: Service, subscriber: number): Response {
  const token = signToken(service.secret, 'preferences', { subscriber, edition: 'welcome' })
  return notice(visit, service, {
    title: 'serve.welcome_title',
    text: 'serve.welcome',
    links: [
      { url: `${basePath(service)}p/${token}`, text: 'serve.to_preferences' },
      { url: service.publication.url, text: 'serve.to_publication' },
    ],
  })
}
