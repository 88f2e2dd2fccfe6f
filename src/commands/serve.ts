// `serve`: the folder, its list and its secret → a service for readers, until it is told to stop.

import { join } from 'node:path'
import type { Transport } from '../deliver/transport.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { App, Counters, Outbox } from '../serve/index.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { readSecret } from './read-secret.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { host, port } = place(context)
  const secret = readSecret(context.env)
  const { loadPublication } = await import('../load/index.ts')
  const { publication } = loadPublication(context.dir, { now: context.now() })
  const { openStore, storeAddress } = await import('../store/index.ts')
  const { listen } = await import('../serve/listen.ts')
  const transport = await openMail(context)
  const { db } = await openStore(storeAddress(context.dir, context.env))
  let app: App = async () => new Response(null, { status: 503 })
  try {
    const listening = await listen((request, peer) => app(request, peer), { host, port })
    const address = publication.service ?? listening.url
    const made = await makeService({ context, publication, db, secret, address, transport })
    app = made.app
    announce(context, { url: listening.url, address, transport, publication })
    const outbox = made.outbox.run(context.signal)
    await stopped(context.signal)
    context.say('Stopping: requests in hand are answered first.')
    await listening.close()
    await outbox
    return EXIT.done
  } finally {
    await transport?.close()
    await db.close()
  }
}

function place({ options }: Context): { host: string; port: number } {
  const port = Number(options.port ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`--port ${options.port} is no port`, 'Say a number: broadsheet serve --port 8080')
  }
  return { host: typeof options.host === 'string' ? options.host : '127.0.0.1', port }
}

/** Without a mail server what people ask for waits in the database. */
async function openMail({ env, dir }: Context): Promise<Transport | undefined> {
  const address = env.BROADSHEET_SMTP?.trim()
  if (!address) return undefined
  const { openTransport } = await import('../deliver/transport.ts')
  return openTransport(address, { dir })
}

interface Making {
  readonly context: Context
  readonly publication: Publication
  readonly db: Database
  readonly secret: string
  readonly address: string
  readonly transport: Transport | undefined
}

async function makeService(making: Making): Promise<{ app: App; outbox: Outbox }> {
  const { context, publication, db, secret, address, transport } = making
  const { createApp, createCounters, createNotices, createOutbox } = await import('../serve/index.ts')
  const { fetchText } = await import('../serve/fetch-text.ts')
  const { readableAccent } = await import('../page/readable-accent.ts')
  const { openTemplates } = await import('../templates.ts')
  const templates = openTemplates(join(context.dir, 'templates'))
  const accent = readableAccent(publication.accent)
  const counters: Counters = createCounters()
  const { now, env, options } = context
  const failed = (where: string, error: unknown) => context.say(`a fault in ${where}: ${explain(error)}`)
  const outbox = createOutbox({
    db,
    now,
    counters,
    compose: createNotices({ publication, templates, secret, address, accent, now, toHtml }),
    mailer: transport && (message => transport.send(message, { beforeLastByte: async () => true })),
    failed: error => failed('a confirmation mail', error),
  })
  const app = createApp({
    publication,
    db,
    templates,
    secret,
    address,
    accent,
    now,
    counters,
    failed,
    fetchText,
    elapsed: now,
    wake: outbox.wake,
    out: join(context.dir, 'out'),
    proxies: Number(options.proxies ?? 0) || 0,
    keepNetwork: options.keepNetwork === true,
    metricsKey: env.BROADSHEET_METRICS_KEY,
    webhooks: {
      ses: env.BROADSHEET_WEBHOOK_SES,
      postmark: env.BROADSHEET_WEBHOOK_POSTMARK,
      mailgun: env.BROADSHEET_WEBHOOK_MAILGUN,
      sendgrid: env.BROADSHEET_WEBHOOK_SENDGRID,
    },
  })
  return { app, outbox }
}

/** MJML takes half a second to load: the first mail that needs it waits, nobody else does. */
async function toHtml(
  ...filled: Parameters<typeof import('../edition/finish-mjml.ts').finishMjml>
): Promise<string> {
  return (await import('../edition/finish-mjml.ts')).finishMjml(...filled)
}

function announce(
  context: Context,
  about: { url: string; address: string; transport: Transport | undefined; publication: Publication },
): void {
  const { url, address, transport, publication } = about
  const { newsletters } = publication
  context.result(
    { url, service: address, mail: transport?.name ?? null, newsletters: newsletters.length },
    () => {
      const lines = [`Serving ${publication.title} at ${url}`]
      if (address !== url) lines.push(`Readers reach it at ${address}`)
      lines.push(`Subscribe: ${address}subscribe`)
      lines.push(
        transport
          ? `Mail goes through ${transport.name}`
          : 'BROADSHEET_SMTP is not set: mails wait until it is',
      )
      if (newsletters.length === 0)
        lines.push('There is no newsletter to subscribe to yet: see publication.yaml')
      if (publication.service === undefined)
        lines.push('Set `service:` in publication.yaml, so that letters can link here')
      return `${lines.join('\n')}\n`
    },
  )
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function explain(error: unknown): string {
  if (error instanceof UserError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
