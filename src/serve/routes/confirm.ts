// The link of a confirmation mail: GET shows what will be subscribed and a button; POST subscribes.

import { readPass, signToken } from '../../base/index.ts'
import { confirmRequest, requestById } from '../../store/index.ts'
import { titlesOf } from '../offers.ts'
import { basePath, noSuchLink, notice, page } from '../page.ts'
import type { Answer, Route, Service, Visit } from '../service.ts'

const show: Answer = async (visit, service) => {
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

const confirmed: Answer = async (visit, service) => {
  const request = await requested(visit, service)
  const done = request && (await confirmRequest(service.db, { id: request.id, now: service.now() }))
  if (!done) return noSuchLink(visit, service)
  if (done.now) service.counters.add('broadsheet_confirmations_total')
  return welcome(visit, service, done.subscriber)
}

export const confirm: Route = { path: '/confirm/:token', get: show, post: confirmed }

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
