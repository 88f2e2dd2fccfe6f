// Somebody else pressed the link of a forwarded letter: within a week, what was left at that instant can come back.

import { readPass } from '../../base/index.ts'
import { subscriberById, undoLeaving } from '../../store/index.ts'
import { basePath, noSuchLink, notice } from '../page.ts'
import type { Answer, Route } from '../service.ts'

const show: Answer = (visit, service) => {
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

export const undo: Route = { path: '/undo/:token', get: show, post: comeBack }
