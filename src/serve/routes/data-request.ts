// "What do you keep about me?": a link goes to the subscriber's mailbox, for whoever holds a letter may not be her.

import { parseAddress, readToken } from '../../base/index.ts'
import { keepRequest, subscriberById } from '../../store/index.ts'
import { basePath, noSuchLink, notice } from '../page.ts'
import type { Answer, Route } from '../service.ts'

const DAY = 86_400_000

const show: Answer = (visit, service) => {
  if (!readToken(service.secret, 'preferences', visit.token)) return noSuchLink(visit, service)
  return notice(visit, service, {
    title: 'serve.data_title',
    text: 'serve.data_request',
    form: { action: `${basePath(service)}p/${visit.token}/data`, button: 'serve.data_send' },
  })
}

const send: Answer = async (visit, service) => {
  const { secret, db, now } = service
  const claim = readToken(secret, 'preferences', visit.token)
  if (!claim) return noSuchLink(visit, service)
  const subscriber = await subscriberById(db, claim.subscriber)
  const parsed = subscriber && parseAddress(subscriber.email)
  if (parsed) {
    await keepRequest(db, {
      purpose: 'data',
      email: parsed.address,
      key: parsed.key,
      newsletters: {},
      language: visit.language,
      source: 'preferences',
      network: '',
      wording: '',
      expires: now() + DAY,
      now: now(),
    })
    service.wake()
    service.counters.add('broadsheet_requests_total', { purpose: 'data' })
  }
  return notice(visit, service, { title: 'serve.data_sent_title', text: 'serve.data_sent' })
}

export const dataRequest: Route = { path: '/p/:token/data', get: show, post: send }
