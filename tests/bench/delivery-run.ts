// One contender of the rows about sending, in a process of its own: --run NAME → { wall, work, memory } as JSON, ms for each
// message and MiB at most. What comes before the first message is not counted.

import { parseArgs } from 'node:util'
import { aDkimKey, rsaAlone } from './delivery-keys.ts'
import { composer, leaving, page, plain } from './delivery-letter.ts'
import { freeze, list, openList } from './delivery-list.ts'
import { sink } from './delivery-sink.ts'

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: '' },
    dist: { type: 'string', default: '' },
    file: { type: 'string' },
    port: { type: 'string', default: '0' },
    readers: { type: 'string', default: '0' },
    connections: { type: 'string', default: '20' },
    threads: { type: 'string' },
    dkim: { type: 'boolean', default: false },
  },
})
const { dist, file, dkim, threads } = values
const [port, readers, connections] = [values.port, values.readers, values.connections].map(Number) as [
  number,
  number,
  number,
]

const runs: Readonly<Record<string, () => Promise<void>>> = {
  sink: () => sink(port),
  list: () => timed(1, () => list(dist, file!, readers)),
  freeze: () => timed(1, () => freeze(dist, file!)),
  rsa: () => timed(readers, () => rsaAlone(readers)),
  broadsheet,
  pool,
  naive,
}
await runs[values.run]!()

/** @param count of messages */
async function timed(count: number, work: () => Promise<void>): Promise<void> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const [{ user, system }, wall] = [process.cpuUsage(before), performance.now() - began]
  const memory = process.resourceUsage().maxRSS / 1024
  const measured = { wall: wall / count, work: (user + system) / 1000 / count, memory }
  process.stdout.write(JSON.stringify(measured))
}

/** The whole way: claim, make out, sign, hand, settle; from a list that is frozen already. */
async function broadsheet(): Promise<void> {
  const { deliver, openSending, realClock } = await import(`${dist}/deliver/index.js`)
  const { db, edition, close } = await openList(dist, file, readers)
  const compose = await composer(dist)
  const transport = openSending(`smtp://127.0.0.1:${port}?tls=never`, {
    mail: dkim ? { dkim: { domain: 'example.org', selector: 's1' } } : {},
    env: { BROADSHEET_DKIM_KEY: dkim ? aDkimKey() : undefined },
    dir: '/',
    say: () => {},
    threading: threads === undefined ? undefined : { threads: Number(threads) },
  })
  await timed(readers, async () => {
    const { counts } = await deliver({
      db,
      edition,
      compose,
      transport,
      rate: undefined,
      connections,
      wait: 0,
      staleAt: Date.now() + 86_400_000,
      clock: realClock(Date.now),
      random: Math.random,
      signal: new AbortController().signal,
      owner: 'bench',
      limit: readers,
    })
    if (counts.accepted !== readers) throw new Error(`only ${counts.accepted} accepted`)
  })
  await transport.close()
  await close()
}

async function pool(): Promise<void> {
  const compose = await composer(dist)
  const transport = await nodemailer()
  await timed(readers, () =>
    lanes(n => {
      const { envelope, bytes } = compose({ subscriber: n + 1, ...aReader(n), fields: {} })
      return transport.sendMail({ envelope, raw: Buffer.from(bytes) })
    }),
  )
  transport.close()
}

/** As most people write it: rendered and composed for each. */
async function naive(): Promise<void> {
  const { default: handlebars } = await import('handlebars')
  const [html, text] = [page, plain].map(part => handlebars.compile(part('{{name}}', '{{leave}}')))
  const transport = await nodemailer()
  await timed(readers, () =>
    lanes(n => {
      const { name, email } = aReader(n)
      const reader = { name, leave: leaving(n) }
      return transport.sendMail({
        from: 'News <news@example.org>',
        to: email,
        subject: 'A bridge at dawn',
        html: html!(reader),
        text: text!(reader),
        headers: {
          'List-Unsubscribe': `<${reader.leave}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      })
    }),
  )
  transport.close()
}

async function nodemailer() {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: connections,
    ...(dkim ? { dkim: { domainName: 'example.org', keySelector: 's1', privateKey: aDkimKey() } } : {}),
  })
}

/** So many at once, as a careful person would do it. */
async function lanes(send: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < readers) await send(next++)
  }
  await Promise.all(Array.from({ length: connections }, lane))
}

function aReader(n: number) {
  return { email: `reader${n}@example.com`, name: `Reader ${n}` }
}
