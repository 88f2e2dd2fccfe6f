// The last button: GET asks once more; POST removes the person. Her ledger rows still count, without her.

import { parseAddress, readPass } from '../../base/index.ts'
import { eraseSubscriber, subscriberById } from '../../store/index.ts'
import { basePath, noSuchLink, notice } from '../page.ts'
import type { Answer, Route } from '../service.ts'

const show: Answer = (visit, service) => {
  if (!readPass(service.secret, 'erase', visit.token, service.now())) return noSuchLink(visit, service)
  return notice(visit, service, {
    title: 'serve.erase_title',
    text: 'serve.erase_text',
    form: { action: `${basePath(service)}erase/${visit.token}`, button: 'serve.erase' },
  })
}

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

export const erase: Route = { path: '/erase/:token', get: show, post: eraseNow }
