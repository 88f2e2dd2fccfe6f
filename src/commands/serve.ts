// `serve`: the folder, its list and its secret → a service for readers, until a signal stops it.

import { isReplaced } from '../base/index.ts'
import type { Transport } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { Context } from './context.ts'
import { openMail, readSecret } from './environment.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { host, port } = placeOf(context)
  const secret = readSecret(context.env)
  const { openPublication } = await import('../content/index.ts')
  const { publication } = await openPublication(context.dir, { now: context.now() })
  const { isSharedAddress, openStore, storeAddress } = await import('../store/index.ts')
  const database = storeAddress(context.dir, context.env)
  if (isSharedAddress(database)) {
    throw new UserError(
      '`serve` needs a database of its own: a ledger in a branch is saved by one command at a time',
      'Set BROADSHEET_DATABASE to a file or a postgres:// address. Without a server people subscribe and leave by mail: broadsheet bounces --imap',
    )
  }
  const { listen, openService } = await import('../serve/index.ts')
  const transport = await openMail(context, publication)
  const { db } = await openStore(database)
  let app: Parameters<typeof listen>[0] = async () => new Response(null, { status: 503 })
  try {
    // The address that readers reach may be the one that listening finds.
    const listening = await listen((request, peer) => app(request, peer), { host, port })
    const address = publication.service ?? listening.url
    const { now } = context
    const failed = (where: string, error: unknown) => sayFault(context, where, error)
    const place = { publication, db, secret, address, transport, now, failed }
    const service = openService({ ...place, options: serviceOptions(context) })
    app = service.app
    announce(context, { url: listening.url, address, transport, publication })
    const mailing = service.outbox.run(context.signal)
    await stopped(context.signal)
    context.say('Stopping: requests in hand are answered first.')
    await listening.close()
    await service.save()
    await mailing
    return EXIT.done
  } finally {
    await transport?.close()
    await db.close()
  }
}

function placeOf({ options }: Context): { host: string; port: number } {
  const port = portOf(options.port ?? 8080, 'broadsheet serve --port 8080')
  return { host: typeof options.host === 'string' ? options.host : '127.0.0.1', port }
}

/** @param option the value of `--port` @param example a command that is right */
export function portOf(option: unknown, example: string): number {
  const port = Number(option)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UserError(`--port ${option} is no port`, `Say a number: ${example}`)
}

function serviceOptions({ options, env }: Context) {
  return {
    proxies: Number(options.proxies ?? 0) || 0,
    keepNetwork: options.keepNetwork === true,
    signUps: signUpsOf(options),
    metricsKey: env.BROADSHEET_METRICS_KEY,
    webhooks: {
      ses: env.BROADSHEET_WEBHOOK_SES,
      postmark: env.BROADSHEET_WEBHOOK_POSTMARK,
      mailgun: env.BROADSHEET_WEBHOOK_MAILGUN,
      sendgrid: env.BROADSHEET_WEBHOOK_SENDGRID,
    },
  }
}

function signUpsOf({ signUps }: Context['options']): number | undefined {
  if (signUps === undefined) return undefined
  const number = Number(signUps)
  if (Number.isInteger(number) && number > 0) return number
  throw new UserError(`--sign-ups ${signUps} is not a number of mails`, 'Write it like --sign-ups 2000')
}

/**
 * What went wrong behind an answer or a mail, for who runs the service; the reader learns nothing of it.
 *
 * @param replaced another program lies where this one has not loaded all of its own yet
 */
export function sayFault(
  context: Pick<Context, 'sayError'>,
  where: string,
  error: unknown,
  replaced = isReplaced(),
): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const what = error instanceof UserError ? error.message : stack
  context.sayError(
    replaced
      ? `a fault in ${where}: another Broadsheet was installed under this one. Start the service again; mail that could not be made waits.\n  ${what.split('\n')[0]}`
      : `a fault in ${where}: ${what}`,
  )
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

/** Until a signal stops the command. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
