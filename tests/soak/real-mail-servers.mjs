// By hand, as root, on Debian with postfix and dovecot-imapd installed (their services need not run) and the program built:
//
//   node tests/soak/real-mail-servers.mjs
//
// A reader subscribes, confirms, gets two editions and leaves, and a letter to an address that is gone comes back, all through
// Postfix with `recipient_delimiter = +` and Dovecot, which run in a temporary folder on ports of this machine only, and end with it.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'

const SMTP = 20_025
const IMAP = 20_143
const top = mkdtempSync(join(tmpdir(), 'real-mail-'))
chmodSync(top, 0o755)
const id = name => Number(execFileSync('id', ['-u', name]))
const [MAIL_UID, GROUP] = [id('mail'), Number(execFileSync('id', ['-g', 'mail']))]

const folder = (...parts) => {
  const path = join(top, ...parts)
  mkdirSync(path, { recursive: true })
  return path
}
const file = (path, text) => writeFileSync(join(top, path), text)

// ─── The servers ──────────────────────────────────────────────────────────────────────────────────────────────────────

function startPostfix() {
  folder('postfix')
  folder('queue')
  const data = folder('data')
  chownSync(data, id('postfix'), 0)
  chownSync(folder('mail'), MAIL_UID, GROUP)
  file('postfix/boxes', 'news@paper.test news/\nann@reader.test ann/\n')
  // Accepted, and found to be gone only later: a report comes back.
  file('postfix/aliases', 'gone@reader.test nobody@gone.invalid\n')
  file(
    'postfix/main.cf',
    `compatibility_level = 3.6
queue_directory = ${top}/queue
data_directory = ${data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.paper.test
mydestination =
virtual_mailbox_domains = paper.test, reader.test
virtual_mailbox_base = ${top}/mail
virtual_mailbox_maps = texthash:${top}/postfix/boxes
virtual_alias_maps = texthash:${top}/postfix/aliases
virtual_uid_maps = static:${MAIL_UID}
virtual_gid_maps = static:${GROUP}
virtual_minimum_uid = 1
recipient_delimiter = +
maillog_file = ${top}/postfix.log
maillog_file_prefixes = ${top}
`,
  )
  const services = [
    `127.0.0.1:${SMTP} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  file('postfix/master.cf', `${services.join('\n')}\n`)
  execFileSync('postfix', ['-c', join(top, 'postfix'), 'start'], { stdio: ['ignore', 'inherit', 'ignore'] })
}

function startDovecot() {
  file('users', 'news:{PLAIN}secret\n')
  file(
    'dovecot.conf',
    `base_dir = ${folder('dovecot')}
state_dir = ${top}/dovecot
log_path = ${top}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${top}/mail/%u
passdb {
  driver = passwd-file
  args = ${top}/users
}
userdb {
  driver = static
  args = uid=${MAIL_UID} gid=${GROUP} home=${top}/mail/%u
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${IMAP}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  )
  return spawn('dovecot', ['-F', '-c', join(top, 'dovecot.conf')], { stdio: 'inherit' })
}

function stop(dovecot) {
  dovecot?.kill()
  try {
    // By its process id, which it has written there.
    execFileSync('postfix', ['-c', join(top, 'postfix'), 'stop'], { stdio: 'ignore' })
  } catch {
    // It never started.
  }
}

// ─── The publication and its reader ──────────────────────────────────────────────────────────────────────────────────

const site = join(top, 'site')
const cli = resolve(import.meta.dirname, '../../dist/cli.js')
const env = {
  PATH: process.env.PATH,
  CI: 'true',
  BROADSHEET_SECRET: 'a-secret-for-the-tests',
  BROADSHEET_SMTP: `smtp://127.0.0.1:${SMTP}`,
  BROADSHEET_IMAP: `imap://news:secret@127.0.0.1:${IMAP}/INBOX`,
  BROADSHEET_DATABASE: 'git:origin#broadsheet-ledger',
}
const WEDNESDAY = '2026-01-28T10:00:00Z'
const fridays = [
  '2026-01-30T07:07:00Z',
  '2026-02-06T07:07:00Z',
  '2026-02-13T07:07:00Z',
  '2026-02-20T07:07:00Z',
]

function broadsheet(now, ...argv) {
  const text = execFileSync(process.execPath, [cli, ...argv, '--now', now], {
    cwd: site,
    env,
    encoding: 'utf8',
  })
  console.log(`$ broadsheet ${argv.join(' ')}   # ${now}\n${text.replace(/^/gm, '  ').trimEnd()}`)
  return text
}

/** What the workflow runs. */
function job(now) {
  broadsheet(now, 'build', '--quiet')
  broadsheet(now, 'bounces', '--imap')
  return broadsheet(now, 'send', '--due')
}

async function mails(box, count) {
  const path = join(top, 'mail', box, 'new')
  for (let tries = 0; tries < 100; tries++) {
    const names = existsSync(path) ? readdirSync(path).sort() : []
    if (names.length >= count) {
      const parsed = await Promise.all(names.map(name => simpleParser(readFileSync(join(path, name)))))
      return parsed.sort((a, b) => a.date - b.date)
    }
    await pause(200)
  }
  throw new Error(`${box} did not get ${count} mails: see ${top}/postfix.log`)
}

/** How many mails of the newsletter's mailbox nobody has read: Dovecot moves what it has shown. */
const arrived = async count => {
  const path = join(top, 'mail/news')
  const all = () =>
    ['new', 'cur'].flatMap(name => (existsSync(join(path, name)) ? readdirSync(join(path, name)) : []))
  for (let tries = 0; tries < 150 && all().length < count; tries++) await pause(200)
  assert.ok(all().length >= count, `the mailbox has ${all().length} of ${count} mails`)
}

async function follow(mail, subject) {
  const links = [...mail.html.matchAll(/href="(mailto:[^"]+)"/g)].map(match =>
    match[1].replaceAll('&amp;', '&'),
  )
  const url = new URL(links.find(link => subject.test(link)))
  const transport = createTransport({ host: '127.0.0.1', port: SMTP, secure: false, ignoreTLS: true })
  await transport.sendMail({
    from: 'Ann <ann@reader.test>',
    to: decodeURIComponent(url.pathname),
    subject: url.searchParams.get('subject'),
    text: url.searchParams.get('body'),
  })
  transport.close()
}

function article(name, title, date) {
  writeFileSync(
    join(site, 'articles', name),
    `---\ntitle: ${title}\ndate: ${date}\n---\n\nText of ${title}.\n`,
  )
}

async function journey() {
  execFileSync('git', ['init', '-q', '--bare', join(top, 'origin.git')])
  execFileSync('git', ['clone', '-q', join(top, 'origin.git'), site], { stdio: 'ignore' })
  broadsheet(WEDNESDAY, 'init')
  const settings = join(site, 'articles/publication.yaml')
  const text = readFileSync(settings, 'utf8').replace('news@example.org', 'news@paper.test')
  writeFileSync(settings, `${text}mail: { bounces: news@paper.test }\n`)
  job(WEDNESDAY)

  await follow({ html: readFileSync(join(site, 'out/index.html'), 'utf8') }, /subject=subscribe/)
  await arrived(1)
  job(WEDNESDAY)
  const [question] = await mails('ann', 1)
  await follow(question, /subject=confirm/)
  await arrived(2)
  broadsheet(WEDNESDAY, 'subscribers', 'add', 'gone@reader.test')
  job(fridays[0])
  assert.equal((await mails('ann', 2)).at(-1).subject, 'The first article')
  // The letter to the one who is gone has come back to an address with a + in it, and says by it whom it is about.
  await arrived(3)
  const back = broadsheet(fridays[0], 'bounces', '--imap')
  assert.match(back, /^1 read: 1 dead addresses/)
  assert.match(back, /^1 will not be sent to any more$/m)

  article('second.md', 'The second article', '2026-02-03T10:00:00Z')
  assert.match(job(fridays[1]), /1 of 2 accepted/)
  assert.equal((await mails('ann', 3)).at(-1).subject, 'The second article')
  await follow((await mails('ann', 3)).at(-1), /subject=unsubscribe/)
  await arrived(4)
  article('third.md', 'The third article', '2026-02-10T10:00:00Z')
  job(fridays[2])
  await pause(3000)
  assert.equal((await mails('ann', 3)).length, 3)
  assert.match(broadsheet(fridays[2], 'subscribers', 'list'), /unsubscribed/)
}

let dovecot
try {
  startPostfix()
  dovecot = startDovecot()
  await pause(2000)
  await journey()
  console.log('All of it went through Postfix and Dovecot.')
  stop(dovecot)
  rmSync(top, { recursive: true, force: true })
} catch (error) {
  stop(dovecot)
  throw error
}
