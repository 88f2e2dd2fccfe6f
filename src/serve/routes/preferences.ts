// A reader's own page: newsletters, topics, language and name. The link is in every letter, and letters are forwarded, so
// the page shows no whole address, and what is kept about her goes only to her mailbox.

import { type Claim, readToken, signToken } from '../../base/index.ts'
import { type ListedSubscriber, savePreferences, subscriberById } from '../../store/index.ts'
import { offers, readChoice, readForm } from '../forms.ts'
import { basePath, noSuchLink, notice, page } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'
import { ownLanguage } from '../visitor.ts'

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
