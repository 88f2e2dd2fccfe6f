// A publication, its list and its secret → what sends the mails that people asked for, signed as letters are.

import { join } from 'node:path'
import type { Transport } from '../deliver/index.ts'
import { UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { Counters, Outbox } from '../serve/index.ts'
import type { Database } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import type { Context } from './context.ts'

export interface Posting {
  readonly context: Context
  readonly publication: Publication
  readonly db: Database
  readonly secret: string
  /** Of the service; undefined without one. */
  readonly address: string | undefined
  readonly transport: Transport | undefined
}

export interface Post {
  readonly outbox: Outbox
  readonly counters: Counters
  readonly templates: Templates
  readonly accent: { readonly light: string; readonly dark: string }
}

/**
 * Without a mail server what people ask for waits in the database.
 *
 * @throws UserError for an address that is none, and for a DKIM key that cannot sign
 */
export async function openMail(
  { env, dir, say, now }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<Transport | undefined> {
  const address = env.BROADSHEET_SMTP?.trim()
  if (!address) return undefined
  const { openSigned } = await import('../deliver/index.ts')
  return openSigned(address, { mail, env, dir, say, now }).open()
}

export async function openOutbox(posting: Posting): Promise<Post> {
  const { context, publication, db, secret, address, transport } = posting
  const { createCounters, createNotices, createOutbox } = await import('../serve/index.ts')
  const { readableAccent } = await import('../site/index.ts')
  const { openTemplates } = await import('../templates/index.ts')
  const templates = openTemplates(join(context.dir, 'templates'))
  const accent = readableAccent(publication.accent)
  const counters = createCounters()
  const { now } = context
  const outbox = createOutbox({
    db,
    now,
    counters,
    compose: createNotices({ publication, templates, secret, address, now, toHtml }),
    mailer: transport && (message => transport.send(message, { beforeLastByte: async () => true })),
    failed: error => context.sayError(`a fault in a confirmation mail: ${explainFault(error)}`),
  })
  return { outbox, counters, templates, accent }
}

export function explainFault(error: unknown): string {
  if (error instanceof UserError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** MJML takes half a second to load: the first mail that needs it waits, nobody else does. */
async function toHtml(
  ...filled: Parameters<typeof import('../letter/index.ts').finishMjml>
): Promise<string> {
  return (await import('../letter/index.ts')).finishMjml(...filled)
}
