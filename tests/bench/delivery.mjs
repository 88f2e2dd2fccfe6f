// Messages of 60 kB to one sink on loopback, in turns: a nodemailer loop that renders and composes each, nodemailer's pool
// with `raw`, Broadsheet with its ledger on SQLite, and Postfix's smtp-source where it is installed; with and without DKIM.
// node tests/bench/delivery.mjs [--readers 2000] [--rounds 3] [--connections 20] [--threads 1] [--long] [--million]
// after `npm ci`. --long: Broadsheet alone with 100,000 readers, --million with 1,000,000: how its memory grows.

import { spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const dist = process.env.BROADSHEET_DIST ?? new URL('../../dist', import.meta.url).pathname
const { values: asked } = parseArgs({
  options: {
    readers: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '20' },
    threads: { type: 'string' },
    long: { type: 'boolean', default: false },
    million: { type: 'boolean', default: false },
    run: { type: 'string' },
    port: { type: 'string' },
    dkim: { type: 'boolean', default: false },
  },
})
const connections = Number(asked.connections)

const MARKER = '0123456789ab'
const PARAGRAPH =
  '<tr><td style="font-family:Georgia,serif;font-size:16px;line-height:24px;color:#1a1a1a;padding:0 24px 16px">The bridge opened at dawn, and by noon the queue of carts reached the market; nobody had counted on the goats.</td></tr>\n'
/** About 60 kB as quoted-printable, with a name at the top and a link at the end. */
const page = (name, leave) =>
  `<!doctype html><html lang="en"><body><p>Good morning, ${name}.</p><table>${PARAGRAPH.repeat(220)}</table><p><a href="${leave}">Leave</a></p></body></html>`
const plain = (name, leave) =>
  `Good morning, ${name}.\n\n${'The bridge opened at dawn.\n'.repeat(150)}\nLeave: ${leave}\n`

async function compare() {
  const server = await startSink()
  const source = spawnSync('sh', ['-c', 'command -v smtp-source']).status === 0
  const readers = Number(asked.readers)
  console.log(
    `${readers} messages of 60 kB, ${connections} connections, ${availableParallelism()} cores, sink: ${server.name}`,
  )
  const contenders = [
    ['naive', false],
    ['naive', true],
    ['pool with raw', false],
    ['pool with raw', true],
    ['Broadsheet', false],
    ['Broadsheet', true],
    ...(source ? [['smtp-source', false]] : []),
  ].map(([name, dkim]) => ({ name, dkim, found: [] }))
  for (let round = 0; round <= Number(asked.rounds); round++) {
    for (const contender of contenders) {
      const one = await measure(contender, server.port, readers)
      if (round > 0) contender.found.push(one)
    }
  }
  const ours = contenders.find(({ name, dkim }) => name === 'Broadsheet' && !dkim)
  for (const { name, dkim, found } of contenders) {
    const ratio = median(ours.found.map((one, round) => one.rate / found[round].rate))
    console.log(line(`${name}${dkim ? ', DKIM' : ''}`, found), `Broadsheet is ${ratio.toFixed(2)} × as fast`)
  }
  const sizes = [
    1000,
    ...(asked.long || asked.million ? [100_000] : []),
    ...(asked.million ? [1_000_000] : []),
  ]
  console.log('Broadsheet by the length of the list:')
  for (const size of sizes) {
    const found = [await measure({ name: 'Broadsheet', dkim: false }, server.port, size)]
    console.log(line(`${size.toLocaleString('en')} readers`, found))
  }
  console.log(`RSA 2048: ${rsaLimit()} signatures a second and core`)
  server.stop()
}

function line(name, found) {
  const of = key => median(found.map(one => one[key]))
  const memory = Math.max(...found.map(({ memory }) => memory))
  return `${name.padEnd(22)} ${String(Math.round(of('rate'))).padStart(6)}/s ${String(Math.round(of('cpu'))).padStart(6)} µs CPU each ${String(Math.round(memory)).padStart(5)} MiB`
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

/** @returns messages a second, µs of CPU for each, MiB at most */
async function measure({ name, dkim }, port, readers) {
  if (name === 'smtp-source') {
    const args = `-s ${connections} -m ${readers} -l 60000 -f a@example.org -t b@example.com 127.0.0.1:${port}`
    const { stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%R %U %S'; time smtp-source ${args}`])
    const [wall, user, system] = stderr.toString().trim().split('\n').at(-1).split(' ').map(Number)
    return { rate: readers / wall, cpu: ((user + system) * 1e6) / readers, memory: 0 }
  }
  const own = [
    '--run',
    name,
    '--port',
    String(port),
    '--readers',
    String(readers),
    '--connections',
    String(connections),
  ]
  if (dkim) own.push('--dkim')
  if (asked.threads) own.push('--threads', asked.threads)
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...own], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout) out += chunk
  return JSON.parse(out)
}

async function timed(readers, work) {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const [{ user, system }, wall] = [process.cpuUsage(before), performance.now() - began]
  const memory = process.resourceUsage().maxRSS / 1024
  process.stdout.write(
    JSON.stringify({ rate: (readers * 1000) / wall, cpu: (user + system) / readers, memory }),
  )
}

/** So many at once, as a careful person would do it. */
async function lanes(readers, send) {
  let next = 0
  const lane = async () => {
    while (next < readers) await send(next++)
  }
  await Promise.all(Array.from({ length: connections }, lane))
}

function aKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' })
}

async function pool(port) {
  const { createTransport } = await import('nodemailer')
  const dkim = asked.dkim ? { domainName: 'example.org', keySelector: 's1', privateKey: aKey() } : undefined
  const options = { host: '127.0.0.1', port, ignoreTLS: true, pool: true, maxConnections: connections, dkim }
  return createTransport(options)
}

async function naive(port, readers) {
  const { default: handlebars } = await import('handlebars')
  const [html, text] = [page, plain].map(part => handlebars.compile(part('{{name}}', '{{leave}}')))
  const transport = await pool(port)
  await timed(readers, () =>
    lanes(readers, i => {
      const reader = { name: `Reader ${i}`, leave: `https://letters.example.org/u/${i}` }
      return transport.sendMail({
        from: 'News <news@example.org>',
        to: `reader${i}@example.com`,
        subject: 'A bridge at dawn',
        html: html(reader),
        text: text(reader),
        headers: {
          'List-Unsubscribe': `<${reader.leave}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      })
    }),
  )
  transport.close()
}

async function poolRaw(port, readers) {
  const compose = await composer()
  const transport = await pool(port)
  await timed(readers, () =>
    lanes(readers, i => {
      const { envelope, bytes } = compose({
        subscriber: i + 1,
        email: `reader${i}@example.com`,
        name: `R ${i}`,
        fields: {},
      })
      return transport.sendMail({ envelope, raw: Buffer.from(bytes) })
    }),
  )
  transport.close()
}

const letter = {
  edition: 'weekly/2026-W05',
  newsletter: 'weekly',
  subject: 'A bridge at dawn',
  preheader: '',
  language: 'en',
  from: { name: 'News', address: 'news@example.org' },
  html: page(`⟦${MARKER}:name⟧`, `⟦${MARKER}:unsubscribe_url⟧`),
  text: plain(`⟦${MARKER}:name⟧`, `⟦${MARKER}:unsubscribe_url⟧`),
  marker: MARKER,
  files: [],
}

async function composer() {
  const { composeLetter } = await import(`${dist}/edition/index.js`)
  const publication = {
    url: 'https://example.org/',
    service: 'https://letters.example.org/',
    timezone: 'UTC',
    articles: { idHost: 'example.org' },
    mail: { connections },
  }
  return composeLetter(
    letter,
    publication,
    { id: 'weekly', title: 'Weekly' },
    { secret: 'secret', date: Date.now },
  )
}

/** The whole way: claim, make out, sign, hand, settle; from a list that is frozen already. */
async function broadsheet(port, readers) {
  const { openStore, importSubscribers, freezeEdition } = await import(`${dist}/store/index.js`)
  const { deliver } = await import(`${dist}/deliver/index.js`)
  const { openSending } = await import(`${dist}/deliver/open-sending.js`)
  const { realClock } = await import(`${dist}/deliver/clock.js`)
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'))
  const { db } = await openStore(join(folder, 'list.db'))
  const now = Date.now()
  const list = {
    newsletters: ['weekly'],
    topics: [],
    fields: {},
    language: '',
    state: 'active',
    source: 'bench',
    now,
  }
  for (let i = 0; i < readers; i += 1000) {
    const rows = Array.from({ length: Math.min(1000, readers - i) }, (_, k) => {
      const email = `reader${i + k}@example.com`
      return { ...list, email, key: email, name: `Reader ${i + k}` }
    })
    await importSubscribers(db, rows)
  }
  const times = { from: 0, until: now, now }
  await freezeEdition(db, {
    ...times,
    edition: letter.edition,
    newsletter: 'weekly',
    letter,
    letterHash: 'x',
    carried: [],
    omitted: [],
  })
  const compose = await composer()
  const transport = openSending(`smtp://127.0.0.1:${port}?tls=never`, {
    mail: asked.dkim ? { dkim: { domain: 'example.org', selector: 's1' } } : {},
    env: { BROADSHEET_DKIM_KEY: asked.dkim ? aKey() : undefined },
    dir: folder,
    say: () => {},
    threading: asked.threads === undefined ? undefined : { threads: Number(asked.threads) },
  })
  await timed(readers, async () => {
    const { counts } = await deliver({
      db,
      edition: letter.edition,
      compose,
      transport,
      rate: undefined,
      connections,
      wait: 0,
      staleAt: now + 86_400_000,
      clock: realClock(Date.now),
      random: Math.random,
      signal: new AbortController().signal,
      owner: 'bench',
    })
    if (counts.accepted !== readers) throw new Error(`only ${counts.accepted} accepted`)
  })
  await transport.close()
  await db.close()
  rmSync(folder, { recursive: true })
}

/** Postfix's where there is one: it costs less than anything written here, and says the same to everybody. */
async function startSink() {
  const port = await freePort()
  const own = [process.execPath, [fileURLToPath(import.meta.url), '--run', 'sink', '--port', String(port)]]
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const theirs = ['smtp-sink', [...user, '-c', `127.0.0.1:${port}`, '1000']]
  const found = spawnSync('sh', ['-c', 'command -v smtp-sink']).status === 0
  const [command, args] = found ? theirs : own
  const child = spawn(command, args, { stdio: 'ignore' })
  await new Promise(resolve => setTimeout(resolve, 500))
  return { port, name: found ? 'smtp-sink' : 'of its own', stop: () => child.kill() }
}

function freePort() {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Takes everything and keeps nothing. */
async function sink(port) {
  createServer(socket => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.write('220 sink\r\n')
    let body = false
    let rest = ''
    socket.on('data', chunk => {
      if (body) {
        rest = (rest + chunk.toString('latin1', Math.max(0, chunk.length - 5))).slice(-5)
        if (!rest.endsWith('\r\n.\r\n')) return
        body = false
        rest = ''
        socket.write('250 2.0.0 taken\r\n')
        return
      }
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop()
      for (const command of lines.map(text => text.slice(0, 4).toUpperCase())) {
        if (command === 'DATA') body = true
        if (command === 'EHLO') socket.write('250-sink\r\n250 PIPELINING\r\n')
        else if (command === 'DATA') socket.write('354 go on\r\n')
        else if (command === 'QUIT') socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  }).listen(port, '127.0.0.1')
  await new Promise(() => {})
}

function rsaLimit() {
  const said = spawnSync('openssl', ['speed', '-seconds', '1', 'rsa2048']).stdout?.toString() ?? ''
  return (
    Math.round(Number(/rsa 2048 bits\s+\S+\s+\S+\s+([\d.]+)/.exec(said)?.[1] ?? 0)) || 'not known how many'
  )
}

if (asked.run) {
  const runs = { naive, 'pool with raw': poolRaw, Broadsheet: broadsheet, sink }
  await runs[asked.run](Number(asked.port), Number(asked.readers))
} else await compare()
