// A publication → its newest letters as Roundcube shows them, in the light, in the dark and on a telephone; and a reader who leaves
// from there: by the link, and where the publication has no service, by the mail that the link writes; and, from what the headers
// say, by one click (RFC 8058) and by mail, as mail clients do it by themselves. Dovecot keeps the mail.
// Not part of the tests: docs/maintainers/mail-clients.md says what has to be installed and how it is run.
//
//     node tests/clients/webmail.mjs <folder> <where the pictures go> --now <when something is due>

import { execFile, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import chromium from '@sparticuz/chromium'
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { chromium as playwright } from 'playwright-core'
import { SMTPServer } from 'smtp-server'

const [source, target, ...time] = process.argv.slice(2)
if (!source || !target)
  throw new Error('node tests/clients/webmail.mjs <folder> <where the pictures go> --now …')
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const ROUNDCUBE = '/var/lib/roundcube/public_html'
const SCHEMA = '/usr/share/roundcube/SQL/sqlite.initial.sql'
const DEFAULTS = '/etc/roundcube'
/** Dovecot reads mail as somebody else than root. */
const [UID, GID] = [65534, 65534]
const READER = 'anna@example.org'

mkdirSync(target, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'webmail-'))
chmodSync(work, 0o755)
const running = []
/** Into which mailbox the mail server puts what comes now. */
let mailbox = 'link'
let count = 0
const say = text => process.stdout.write(`${text}\n`)

try {
  const [imap, web, service, other] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const smtp = await mailServer()
  const pictures = await siteOf('with-service')
  const ways = {
    link: copyOf('with-service', pictures, service),
    mail: copyOf('without-service', pictures),
    click: copyOf('one-click', pictures, other),
    field: copyOf('mail-of-the-field', pictures),
  }
  await dovecot(imap)
  await roundcube(web, { imap, smtp })

  const env = { ...process.env, ...secrets(smtp) }
  for (const [dir, port] of [
    [ways.link, service],
    [ways.click, other],
  ]) {
    start(process.execPath, [cli, 'serve', '--dir', dir, '--port', String(port)], env)
    await answering(port)
  }
  for (const [way, dir] of Object.entries(ways)) {
    await broadsheet(dir, smtp, 'build', ...time)
    await broadsheet(dir, smtp, 'subscribers', 'add', READER)
    mailbox = way
    await broadsheet(dir, smtp, 'send', '--due', '--yes', '--quiet', '--new-ledger', ...time)
  }
  for (const message of newestMessages(ways.link)) keep('pictures', readFileSync(message))

  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter(arg => arg !== '--single-process'), '--no-sandbox', '--no-zygote'],
  })
  const looks = {
    light: { viewport: { width: 1000, height: 1400 } },
    dark: { viewport: { width: 1000, height: 1400 }, colorScheme: 'dark' },
    phone: { viewport: { width: 390, height: 1400 } },
  }
  for (const [look, options] of Object.entries(looks)) await takePictures(browser, web, look, options)
  await leave(browser, web, 'link', ways.link, smtp)
  await leave(browser, web, 'mail', ways.mail, smtp)
  await browser.close()
  await leaveByHeaders('click', ways.click, imap, smtp)
  await leaveByHeaders('field', ways.field, imap, smtp)
} finally {
  for (const stop of running.reverse()) stop()
}
process.exit()

// ─── The publication ─────────────────────────────────────────────────────────────────────────────────────────────────

function secrets(smtp) {
  return {
    BROADSHEET_SECRET: 'only-for-pictures-of-mail',
    BROADSHEET_SMTP: `smtp://127.0.0.1:${smtp}`,
    CI: '',
  }
}

/** It talks to the mail server of this process. @returns what it printed */
async function broadsheet(dir, smtp, ...args) {
  const env = { ...process.env, ...secrets(smtp) }
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args, '--dir', dir], { env })
  return stdout
}

/** With addresses that answer on this machine. */
function copyOf(name, home, service) {
  const dir = join(work, name)
  for (const part of ['articles', 'templates'])
    if (existsSync(join(source, part))) cpSync(join(source, part), join(dir, part), { recursive: true })
  const file = join(dir, 'articles/publication.yaml')
  const settings = readFileSync(file, 'utf8')
    .replace(/^url:.*$/m, `url: ${home}`)
    .replace(/^service:.*\n/m, '')
  writeFileSync(file, service ? `${settings}\nservice: http://127.0.0.1:${service}/\n` : settings)
  return dir
}

/** What was built in a folder, and will be: pictures are asked for when mails are read. */
async function siteOf(name) {
  const server = createServer((request, response) => {
    const path = join(
      work,
      name,
      'out',
      decodeURIComponent(new URL(request.url, 'http://localhost').pathname),
    )
    const file = path.endsWith('/') ? `${path}index.html` : path
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end()
    response.end(readFileSync(file))
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  running.push(() => server.close())
  return `http://127.0.0.1:${server.address().port}/`
}

function newestMessages(dir) {
  const editions = join(dir, 'out/editions')
  return readdirSync(editions)
    .filter(name => statSync(join(editions, name)).isDirectory())
    .flatMap(newsletter => {
      const folder = join(editions, newsletter)
      const ids = readdirSync(folder).filter(id => existsSync(join(folder, id, 'message.eml')))
      return ids.length === 0 ? [] : [join(folder, ids.sort().at(-1), 'message.eml')]
    })
}

// ─── Mail ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function keep(name, bytes) {
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(work, 'mail', name, part), { recursive: true })
  writeFileSync(join(work, 'mail', name, 'new', `${++count}.mail`), bytes)
  for (const file of ['', 'cur', 'new', 'tmp', `new/${count}.mail`]) own(join(work, 'mail', name, file))
}

function own(file) {
  if (process.getuid?.() === 0) chownSync(file, UID, GID)
}

async function mailServer() {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _, callback) {
      const chunks = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.on('end', () => {
        keep(mailbox, Buffer.concat(chunks))
        callback()
      })
    },
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  running.push(() => server.close())
  return server.server.address().port
}

async function dovecot(port) {
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? 'nobody' : process.env.USER
  const group = isRoot ? 'nogroup' : process.env.USER
  const file = join(work, 'dovecot.conf')
  writeFileSync(
    file,
    `base_dir = ${work}/run
state_dir = ${work}/run
log_path = ${work}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${work}/mail/%u
first_valid_uid = 1
default_login_user = ${user}
default_internal_user = ${user}
default_internal_group = ${group}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
}
service anvil {
  chroot =
}
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${isRoot ? UID : process.getuid()} gid=${isRoot ? GID : process.getgid()} home=${work}/mail/%u
}
`,
  )
  mkdirSync(join(work, 'mail'), { recursive: true })
  own(join(work, 'mail'))
  start('dovecot', ['-F', '-c', file])
  await answering(port)
}

async function roundcube(port, { imap, smtp }) {
  const config = join(work, 'roundcube')
  for (const folder of ['', 'log', 'temp']) mkdirSync(join(config, folder), { recursive: true })
  for (const name of ['defaults.inc.php', 'mimetypes.php']) cpSync(join(DEFAULTS, name), join(config, name))
  const settings = {
    db_dsnw: `sqlite:///${config}/database?mode=0644`,
    imap_host: `127.0.0.1:${imap}`,
    smtp_host: `127.0.0.1:${smtp}`,
    smtp_user: '',
    smtp_pass: '',
    des_key: 'twenty-four-characters-!',
    log_dir: `${config}/log/`,
    temp_dir: `${config}/temp/`,
    mail_domain: 'example.org',
    skin: 'elastic',
    show_images: 2,
    language: 'en_US',
  }
  const lines = Object.entries(settings).map(
    ([name, value]) => `$config['${name}'] = ${JSON.stringify(value)};`,
  )
  writeFileSync(
    join(config, 'config.inc.php'),
    `<?php\n$config = [];\n$config['plugins'] = [];\n${lines.join('\n').replaceAll('"', "'")}\n`,
  )
  const load = `$db = new PDO('sqlite:${config}/database'); $db->exec(file_get_contents('${SCHEMA}'));`
  execFileSync('php', ['-r', load])
  start('php', ['-S', `127.0.0.1:${port}`, '-t', ROUNDCUBE], { ...process.env, ROUNDCUBE_CONFIG_DIR: config })
  await answering(port)
}

// ─── Reading it ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function logIn(browser, port, user, options) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.fill('#rcmloginuser', user)
  await page.fill('#rcmloginpwd', 'any')
  await page.click('#rcmloginsubmit')
  await page.waitForSelector('#messagelist tbody tr', { state: 'attached' })
  const list = `http://127.0.0.1:${port}/?_task=mail&_mbox=INBOX`
  const uids = await page.evaluate('Object.keys(rcmail.env.messages)')
  return { page, list, uids }
}

async function takePictures(browser, port, look, options) {
  const { page, list, uids } = await logIn(browser, port, 'pictures', options)
  for (const uid of uids) {
    await page.goto(`${list}&_uid=${uid}&_action=show`)
    await page.waitForLoadState('networkidle')
    // Its own frame scrolls; the picture is to have all of the letter.
    const height = await page.evaluate(
      "document.querySelector('#messagebody, .message-htmlpart')?.scrollHeight ?? 0",
    )
    const { width } = page.viewportSize()
    await page.setViewportSize({ width, height: Math.min(12_000, height + 400) })
    const file = resolve(target, `roundcube-${uid}-${look}.png`)
    await page.screenshot({ path: file })
    await page.setViewportSize({ width, height: 1400 })
    say(file)
  }
  await page.context().close()
}

/** As a reader does it. @throws where she is still on the list */
async function leave(browser, port, way, dir, smtp) {
  const { page, list, uids } = await logIn(browser, port, way, { viewport: { width: 1000, height: 1400 } })
  const [uid] = uids
  if (uid === undefined) return say(`${way}: nothing was due, so there is nothing to leave`)
  await page.goto(`${list}&_uid=${uid}&_action=show`)
  const link = page.locator('#messagebody a', { hasText: /^Unsubscribe$/ }).first()
  const opened = page
    .context()
    .waitForEvent('page', { timeout: 10_000 })
    .catch(() => undefined)
  await link.click()
  if (way === 'link') {
    const other = (await opened) ?? page
    await other.waitForLoadState()
    await other.getByRole('button', { name: 'Unsubscribe' }).click()
    await other.waitForLoadState()
    await other.screenshot({ path: resolve(target, 'left-by-link.png') })
  } else {
    // Roundcube writes the mail: to the mailbox, with the subject that says who leaves what.
    await page.waitForTimeout(1000)
    await page.locator('#mailto-menu a.compose, .popover a.compose').last().dispatchEvent('click')
    const written = (await opened) ?? page
    await written.waitForSelector('#composebody', { state: 'attached' })
    await written.waitForLoadState('networkidle')
    await written.screenshot({ path: resolve(target, 'left-by-mail.png') })
    mailbox = 'back'
    const before = count
    await written.locator('button.send, a.send').first().click()
    for (let tries = 0; count === before && tries < 50; tries++)
      await new Promise(done => setTimeout(done, 200))
    say(await broadsheet(dir, smtp, 'bounces', join(work, 'mail/back'), ...time))
  }
  await page.context().close()
  await sayWhatSheHas(way, dir, smtp)
}

async function sayWhatSheHas(way, dir, smtp) {
  const after = JSON.parse(await broadsheet(dir, smtp, 'subscribers', 'show', READER, '--json'))
  say(`${way}: ${JSON.stringify({ state: after.state, newsletters: after.newsletters, left: after.left })}`)
}

/** What the button of a mail client does: it reads the header fields of the mail in her mailbox, and shows her no page. */
async function leaveByHeaders(way, dir, imap, smtp) {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: imap,
    secure: false,
    auth: { user: way, pass: 'any' },
    logger: false,
  })
  await client.connect()
  await client.mailboxOpen('INBOX')
  const found = await client.fetchOne('1', { headers: ['list-unsubscribe', 'list-unsubscribe-post', 'to'] })
  await client.logout()
  if (!found) return say(`${way}: nothing was due, so there is nothing to leave`)
  const fields = found.headers.toString().replace(/\r\n[ \t]+/g, ' ')
  const field = name => new RegExp(`^${name}:[ ]*(.*)$`, 'im').exec(fields)?.[1]?.trim()
  const addresses = [...(field('list-unsubscribe') ?? '').matchAll(/<([^>]*)>/g)].map(
    ([, address]) => address,
  )
  const post = field('list-unsubscribe-post')
  const web = addresses.find(address => /^https?:/.test(address))
  const mail = addresses.find(address => address.startsWith('mailto:'))
  say(`${way}: ${JSON.stringify({ web: web !== undefined, mail: mail !== undefined, post })}`)
  if (way === 'click') {
    // RFC 8058 §3.2: no cookies, no credentials, no redirects.
    const answer = await fetch(web, {
      method: 'POST',
      redirect: 'error',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: post,
    })
    say(`${way}: ${answer.status}`)
  } else {
    // RFC 6068: recipient and fields are percent-encoded.
    const { pathname, searchParams } = new URL(mail)
    mailbox = 'back-of-the-field'
    await createTransport({ host: '127.0.0.1', port: smtp, secure: false }).sendMail({
      from: READER,
      to: decodeURIComponent(pathname),
      subject: searchParams.get('subject') ?? '',
      text: searchParams.get('body') ?? '',
    })
    say(await broadsheet(dir, smtp, 'bounces', join(work, 'mail', mailbox), ...time))
  }
  await sayWhatSheHas(way, dir, smtp)
}

// ─── Programs ────────────────────────────────────────────────────────────────────────────────────────────────────────

function start(program, args, env = process.env) {
  const child = spawn(program, args, { env, stdio: 'ignore' })
  running.push(() => child.kill())
}

async function freePort() {
  const server = createSocket()
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise(done => server.close(done))
  return port
}

/** @throws when nothing answers within ten seconds */
async function answering(port) {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise(done => {
      const socket = connect(port, '127.0.0.1')
      socket.on('connect', () => done(true) || socket.destroy())
      socket.on('error', () => done(false))
    })
    if (open) return
    await new Promise(done => setTimeout(done, 100))
  }
  throw new Error(`nothing answers at port ${port}`)
}
