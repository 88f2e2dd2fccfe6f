// `serve`: the folder, its list and its secret → a service for readers, until it is told to stop.

import { join } from 'node:path'
import type { Transport } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { App, Outbox } from '../serve/index.ts'
import type { Context } from './context.ts'
import { explainFault, openMail, openOutbox, type Posting } from './open-outbox.ts'
import { readSecret } from './read-secret.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { host, port } = place(context)
  const secret = readSecret(context.env)
  const { loadPublication } = await import('../content/index.ts')
  const { publication } = loadPublication(context.dir, { now: context.now() })
  const { openStore, storeAddress } = await import('../store/index.ts')
  const { listen } = await import('../serve/index.ts')
  const transport = await openMail(context, publication)
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

async function makeService(
  posting: Posting & { readonly address: string },
): Promise<{ app: App; outbox: Outbox }> {
  const { context, publication, db, secret, address } = posting
  const { createApp } = await import('../serve/index.ts')
  const { fetchText } = await import('../serve/index.ts')
  const { outbox, counters, templates, accent } = await openOutbox(posting)
  const { now, env, options } = context
  const app = createApp({
    publication,
    db,
    templates,
    secret,
    address,
    accent,
    now,
    counters,
    fetchText,
    failed: (where, error) => context.sayError(`a fault in ${where}: ${explainFault(error)}`),
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
      if (address !== url && context.options.proxies === undefined)
        lines.push('Behind a proxy say --proxies 1: otherwise all visitors count as one')
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
