// A process that sends one frozen edition and may be killed at any moment.
// node sender.mjs <compiled src> <database> <smtp address> <edition> <connections> [<timeouts as JSON> [<threads>]]

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , src, file, address, edition, connections, timeouts = '{}', threads = '0'] = process.argv
const load = path => import(pathToFileURL(join(src, path)).href)
const { openStore } = await load('store/index.js')
const { sendEdition } = await load('deliver/editions/send-edition.js')
const { openTransport } = await load('deliver/transports/open-transport.js')
const { threadedTransport } = await load('deliver/threads/index.js')
const { realClock } = await load('deliver/clock.js')
const { isRunning } = await load('deliver/editions/is-running.js')

const text = `${'Good morning. '.repeat(70)}\r\n`.repeat(20)
const { db } = await openStore(file)
const way = { dir: '/', timeouts: JSON.parse(timeouts) }
const open = () => openTransport(address, way)
const transport = threadedTransport(open, { address, ...way }, { threads: Number(threads), after: 0 })
const { counts, ended } = await sendEdition({
  db,
  edition,
  transport,
  compose: ({ email }) => ({
    messageId: `<${email}>`,
    envelope: { from: 'bounces@meridian.example', to: email },
    bytes: Buffer.from(`Message-ID: <${email}>\r\nTo: ${email}\r\n\r\n${text}`),
  }),
  rate: undefined,
  connections: Number(connections),
  wait: 20_000,
  clock: realClock(Date.now),
  random: Math.random,
  signal: new AbortController().signal,
  holder: { owner: randomUUID(), host: 'here', pid: process.pid, now: Date.now, isRunning },
  freeze: undefined,
  frozenAt: Date.now(),
  staleAfter: 3_600_000,
  resend: false,
})
await transport.close()
await db.close()
process.stdout.write(JSON.stringify({ ended, counts }))
