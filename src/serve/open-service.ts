// A publication, its list, its secret and a way out for mail → the service with all that it needs, or only the outbox that
// sends what people asked for by mail.

import { join } from 'node:path'
import type { Transport } from '../deliver/index.ts'
import type { Publication } from '../model.ts'
import { readableAccent } from '../site/index.ts'
import type { Database } from '../store/index.ts'
import { openTemplates } from '../templates/index.ts'
import { type App, createApp } from './create-app.ts'
import { createNotices, Outbox } from './outbox.ts'
import { type AppOptions, createCounters } from './service.ts'

export interface OutboxPlace {
  readonly publication: Publication
  readonly db: Database
  readonly secret: string
  /** Of the service, ending in a slash; undefined without one: then people confirm by mail. */
  readonly address: string | undefined
  /** Undefined: what people ask for waits in the database. */
  readonly transport: Transport | undefined
  now(): number
  /** @param where 'a confirmation mail', or the path of a route; no token or address is in it */
  failed(where: string, error: unknown): void
}

export interface ServicePlace extends OutboxPlace {
  readonly address: string
  readonly options: Pick<AppOptions, 'proxies' | 'keepNetwork' | 'signUps' | 'metricsKey' | 'webhooks'>
}

export function openService(place: ServicePlace): { readonly app: App; readonly outbox: Outbox } {
  const { publication, db, secret, address, now, failed, options } = place
  const { outbox, counters, templates } = openParts(place)
  const app = createApp({
    ...options,
    publication,
    db,
    templates,
    secret,
    address,
    accent: readableAccent(publication.accent),
    now,
    elapsed: now,
    counters,
    failed,
    wake: () => outbox.wake(),
    out: join(publication.dir, 'out'),
  })
  return { app, outbox }
}

export function openOutbox(place: OutboxPlace): Outbox {
  return openParts(place).outbox
}

function openParts({ publication, db, secret, address, transport, now, failed }: OutboxPlace) {
  const templates = openTemplates(join(publication.dir, 'templates'))
  const counters = createCounters()
  const outbox = new Outbox({
    db,
    now,
    counters,
    compose: createNotices({ publication, templates, secret, address, now }),
    mailer: transport && (message => transport.send(message, { beforeLastByte: async () => true })),
    failed: error => failed('a confirmation mail', error),
  })
  return { outbox, counters, templates }
}
