// A process that sends one frozen edition and may be killed at any moment.
// node sender.mjs <compiled src> <database> <smtp address> <edition> <connections> [<timeouts as JSON> [<threads>]]

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , src, file, address, edition, connections, timeouts = '{}', threads = '0'] = process.argv
const load = path => import(pathToFileURL(join(src, path)).href)
const { openStore } = await load('store/index.js')
const { openSending, realClock } = await load('deliver/index.js')
const { sendAlone } = await load('deliver/editions/send-edition.js')

const text = `${'Good morning. '.repeat(70)}\r\n`.repeat(20)
const { db } = await openStore(file)
const transport = openSending(address, {
  mail: {},
  env: {},
  dir: '/',
  say: () => {},
  timeouts: JSON.parse(timeouts),
  threading: { threads: Number(threads), after: 0 },
})
const { counts, ended } = await sendAlone({
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
  holder: { owner: randomUUID(), host: 'here', pid: process.pid },
  freeze: undefined,
  frozenAt: Date.now(),
  resendUnknown: false,
})
await transport.close()
await db.close()
process.stdout.write(JSON.stringify({ ended, counts }))
