// How many readers can leave and confirm in a second, with 100,000 on the list: one server process, one client process.
// node tests/bench/serve.mjs [readers] [postgres://…]; after `npm run prepare`. `--sending` has another process claim and
// settle deliveries in the same database meanwhile, as a send does.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const dist = process.env.BROADSHEET_DIST ?? new URL('../../dist', import.meta.url).pathname
const templates = new URL('../../templates/', import.meta.url).pathname
const args = process.argv.slice(2).filter(arg => arg !== '--sending')
const sending = process.argv.includes('--sending')
const readers = Number(args[0] ?? 100_000)
const SECRET = 'a-secret-for-the-bench'
const POSTS = 5_000
const AT_ONCE = 32

if (process.argv[2] === '--sender') {
  await send(process.argv[3])
  process.exit(0)
}

const { openStore } = await import(`${dist}/store/index.js`)
const { importSubscribers } = await import(`${dist}/store/import-subscribers.js`)
const { saveRequest } = await import(`${dist}/store/requests.js`)
const { signPass, signToken } = await import(`${dist}/base/signed-links.js`)

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'))
const database = args[1] ?? join(folder, 'list.db')
const { db } = await openStore(database)
const now = Date.now()
const until = now + 86_400_000
for (let n = 0; n < readers; n += 1000) {
  await importSubscribers(
    db,
    Array.from({ length: Math.min(1000, readers - n) }, (_, k) => ({
      email: `reader${n + k}@example.org`,
      key: `reader${n + k}@example.org`,
      name: `Reader ${n + k}`,
      newsletters: ['weekly', 'daily'],
      topics: [],
      fields: {},
      language: '',
      state: 'active',
      source: 'import',
      now,
    })),
  )
}
await db.transaction(async tx => {
  for (let n = 0; n < POSTS; n++) {
    const email = `new${n}@example.org`
    await saveRequest(tx, {
      purpose: 'subscribe',
      email,
      key: email,
      newsletters: { weekly: [] },
      language: 'en',
      source: 'form',
      network: '',
      wording: '',
      expires: until,
      now,
    })
  }
})
if (sending) {
  const letter = {
    edition: 'weekly/1',
    newsletter: 'weekly',
    subject: 's',
    preheader: '',
    language: 'en',
    from: { name: '', address: 'a@b.example' },
    html: '',
    text: '',
    marker: '0'.repeat(12),
    files: [],
  }
  const { freezeEdition } = await import(`${dist}/store/index.js`)
  await freezeEdition(db, {
    edition: 'weekly/1',
    newsletter: 'weekly',
    from: 0,
    until: 1,
    letter,
    letterHash: '',
    carried: [],
    omitted: [],
    now,
  })
}
await db.close()

const server = spawn(
  process.execPath,
  [new URL('../serve/server.mjs', import.meta.url).pathname, dist, templates, database, SECRET],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const url = await new Promise(resolve => server.stdout.once('data', chunk => resolve(String(chunk).trim())))
const sender =
  sending &&
  spawn(process.execPath, [new URL(import.meta.url).pathname, '--sender', database], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })

const body = 'List-Unsubscribe=One-Click'
await run(
  'one-click POSTs',
  n => `u/${signToken(SECRET, 'unsubscribe', { subscriber: n + 1, edition: 'weekly/1' })}`,
)
await run('confirmations', n => `confirm/${signPass(SECRET, 'confirm', { id: n + 1, until, about: '' })}`)
if (sender) sender.kill('SIGTERM')
server.kill('SIGTERM')
rmSync(folder, { recursive: true, force: true })

async function run(name, path) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const times = []
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = next++; n < POSTS; n = next++) {
        const from = performance.now()
        const status = await post(agent, url + path(n))
        if (status !== 200) throw new Error(`${name}: ${status}`)
        times.push(performance.now() - from)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = share => times[Math.floor(times.length * share)].toFixed(1)
  console.log(
    `${name}: ${Math.round(POSTS / seconds)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${AT_ONCE} at once, ${readers} readers${sending ? ', a send going on' : ''})`,
  )
  agent.destroy()
}

function post(agent, address) {
  return new Promise((resolve, reject) => {
    const sent = request(
      address,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length },
      },
      response => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Claims, hands and settles in batches of 50, a thousand deliveries a second. */
async function send(address) {
  const store = await import(`${dist}/store/index.js`)
  const { db: own } = await store.openStore(address)
  const edition = 'weekly/1'
  const owner = 'bench'
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 50))
    const at = Date.now()
    const deliveries = await store.claimDeliveries(own, {
      edition,
      owner,
      limit: 50,
      now: at,
      leaseUntil: at + 60_000,
    })
    if (deliveries.length === 0) break
    const subscribers = deliveries.map(({ subscriber }) => subscriber)
    await store.markHanded(own, { edition, owner, subscribers, now: at })
    await store.settleDeliveries(own, {
      edition,
      owner,
      now: at,
      settlements: subscribers.map(subscriber => ({
        subscriber,
        state: 'accepted',
        code: 250,
        reply: '250 ok',
        countAttempt: true,
      })),
    })
  }
}
