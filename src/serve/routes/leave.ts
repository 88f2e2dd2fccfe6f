// The link under every letter and in its List-Unsubscribe field: GET shows a button; POST leaves (RFC 8058 §3). Somebody
// else may have pressed the link of a forwarded letter: for a week, what was left at that instant can come back.

import { type Claim, DAY_MS, readPass, readToken, signPass, signToken } from '../../base/index.ts'
import { leftAt, removeSubscriber, subscriberById, undoLeaving } from '../../store/index.ts'
import { basePath, GUARDS, noSuchLink, notice, page, readForm, titlesOf } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'

/** How long a link that was pressed by somebody else can be undone. */
const UNDO_LIFE_MS = 7 * DAY_MS

const show: Answer = async (visit, service) => {
  const claim = readToken(service.secret, 'unsubscribe', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const newsletter = newsletterOf(claim)
  const subscriber = await subscriberById(service.db, claim.subscriber)
  if (
    subscriber &&
    !Object.hasOwn(subscriber.newsletters, newsletter) &&
    subscriber.left.includes(newsletter)
  ) {
    return left(visit, service, claim, newsletter)
  }
  return page(visit, service, 'unsubscribe', {
    newsletter: titleOf(service, newsletter),
    action: `${basePath(service)}u/${visit.token}`,
    several: subscriber !== undefined && Object.keys(subscriber.newsletters).length > 1,
    preferences: `${basePath(service)}p/${preferencesToken(service, claim)}`,
  })
}

/**
 * A provider sends `List-Unsubscribe=One-Click` and wants 200 without a redirect, also the hundredth time, and also when
 * the person has been erased. The page's own buttons send `leave=one` or `leave=all`.
 */
const leaveNow: Answer = async (visit, service) => {
  const claim = readToken(service.secret, 'unsubscribe', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const fields = await readForm(visit.request)
  if ('status' in fields) return show(visit, service)
  const oneClick = fields.get('List-Unsubscribe')?.includes('One-Click') === true
  const pressed = fields.get('leave')?.[0]
  // A robot that posts at random does not mean it.
  if (!oneClick && pressed !== 'one' && pressed !== 'all') return show(visit, service)
  const newsletter = pressed === 'all' && !oneClick ? undefined : newsletterOf(claim)
  const { subscriber } = claim
  const changed = await removeSubscriber(service.db, { subscriber, newsletter, now: service.now() })
  if (changed) {
    service.counters.add('broadsheet_unsubscribes_total', { way: oneClick ? 'one-click' : 'page' })
  }
  // Nobody reads what a provider is answered.
  if (oneClick) return plain(visit, service, 'serve.left_title', titleOf(service, newsletterOf(claim)))
  return left(visit, service, claim, newsletter)
}

export const leave: Route = { path: '/u/:token', get: show, post: leaveNow }

function newsletterOf({ edition }: Claim): string {
  return edition.split('/')[0]!
}

function titleOf({ publication }: Service, newsletter: string): string {
  return titlesOf(publication, [newsletter])[0]!
}

function plain({ language }: Visit, { templates }: Service, key: string, newsletter: string): Response {
  return new Response(`${templates.words(language)(key, { newsletter })}\n`, {
    headers: {
      ...GUARDS,
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Robots-Tag': 'noindex, nofollow',
      'Cache-Control': 'no-store',
    },
  })
}

function preferencesToken({ secret }: Service, claim: Claim): string {
  return signToken(secret, 'preferences', claim)
}

async function left(
  visit: Visit,
  service: Service,
  claim: Claim,
  newsletter: string | undefined,
): Promise<Response> {
  const { publication, secret, db, now } = service
  const base = basePath(service)
  const ended = await leftAt(db, claim.subscriber, newsletter)
  const undo =
    ended !== undefined && ended + UNDO_LIFE_MS > now()
      ? signPass(secret, 'undo', { id: claim.subscriber, until: ended + UNDO_LIFE_MS, about: String(ended) })
      : undefined
  return notice(visit, service, {
    title: newsletter === undefined ? 'serve.left_all_title' : 'serve.left_title',
    text: newsletter === undefined ? 'serve.left_all' : 'serve.left',
    values: { newsletter: newsletter === undefined ? '' : titleOf(service, newsletter) },
    form: undo === undefined ? undefined : { action: `${base}undo/${undo}`, button: 'serve.undo' },
    links: [
      { url: `${base}p/${preferencesToken(service, claim)}`, text: 'serve.to_preferences' },
      { url: publication.url, text: 'serve.to_publication' },
    ],
  })
}

const offerUndo: Answer = (visit, service) => {
  if (!readPass(service.secret, 'undo', visit.token, service.now())) return noSuchLink(visit, service)
  return notice(visit, service, {
    title: 'serve.undo_title',
    text: 'serve.undo_text',
    form: { action: `${basePath(service)}undo/${visit.token}`, button: 'serve.undo' },
  })
}

const comeBack: Answer = async (visit, service) => {
  const { secret, db, now, publication } = service
  const pass = readPass(secret, 'undo', visit.token, now())
  if (!pass) return noSuchLink(visit, service)
  const back = await undoLeaving(db, { subscriber: pass.id, ended: Number(pass.about), now: now() })
  if (back.length === 0) {
    // Pressed twice, she is back already; otherwise she has been erased or suppressed, or has chosen anew.
    const subscriber = await subscriberById(db, pass.id)
    if (subscriber?.state !== 'active') return noSuchLink(visit, service)
  }
  return notice(visit, service, {
    title: 'serve.back_title',
    text: 'serve.back',
    links: [{ url: publication.url, text: 'serve.to_publication' }],
  })
}

export const undo: Route = { path: '/undo/:token', get: offerUndo, post: comeBack }
