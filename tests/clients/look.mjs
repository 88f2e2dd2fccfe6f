// A publication → pictures of its newest letters in real mail clients: Thunderbird in the light and the dark, Claws Mail, and mutt for
// the text part.
// Not part of the tests: docs/maintainers/mail-clients.md says what has to be installed and how it is run.
//
//     node tests/clients/look.mjs <folder> <where the pictures go> [--now <time>]

import { execFileSync, spawn } from 'node:child_process'
import {
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
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const [source, target, ...others] = process.argv.slice(2)
if (!source || !target) throw new Error('node tests/clients/look.mjs <folder> <where the pictures go>')
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const DISPLAY = ':77'
const SCREEN = '1000x1600x24'
/** Seconds that each takes to show a message. */
const SECONDS = { thunderbird: Number(process.env.SECONDS ?? 40), claws: 15, mutt: 4 }
const HTML_PLUGIN = '/usr/lib/x86_64-linux-gnu/claws-mail/plugins/litehtml_viewer.so'

const work = mkdtempSync(join(tmpdir(), 'clients-'))
// Where mutt would ask whether to make it.
mkdirSync(join(work, 'Mail'))
mkdirSync(target, { recursive: true })

// The pictures of a letter are at the publication's address: here one that answers on this machine.
const server = createServer((request, response) => {
  const path = join(work, 'out', decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
  const file = path.endsWith('/') ? `${path}index.html` : path
  if (!file.startsWith(work) || !existsSync(file) || !statSync(file).isFile())
    return response.writeHead(404).end()
  response.end(readFileSync(file))
})
await new Promise(done => server.listen(0, '127.0.0.1', done))

for (const name of ['articles', 'templates'])
  if (existsSync(join(source, name))) cpSync(join(source, name), join(work, name), { recursive: true })
const settings = join(work, 'articles/publication.yaml')
const home = `http://127.0.0.1:${server.address().port}/`
writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^url:.*$/m, `url: ${home}`))
execFileSync(process.execPath, [cli, 'build', '--dir', work, ...others], { stdio: 'inherit' })

const screen = spawn('Xvfb', [DISPLAY, '-screen', '0', SCREEN], { stdio: 'ignore' })
const env = { ...process.env, DISPLAY, HOME: work, LANG: 'C.UTF-8' }
try {
  const editions = join(work, 'out/editions')
  const folders = readdirSync(editions).filter(name => statSync(join(editions, name)).isDirectory())
  for (const newsletter of folders) {
    const ids = readdirSync(join(editions, newsletter)).filter(id =>
      existsSync(join(editions, newsletter, id, 'message.eml')),
    )
    const newest = ids.sort().at(-1)
    if (!newest) continue
    const message = join(editions, newsletter, newest, 'message.eml')
    for (const scheme of ['light', 'dark'])
      await picture(`${newsletter}-thunderbird-${scheme}`, SECONDS.thunderbird, 'dbus-run-session', [
        '--',
        'thunderbird',
        '--profile',
        profile(scheme),
        message,
      ])
    await picture(
      `${newsletter}-claws`,
      SECONDS.claws,
      'dbus-run-session',
      ['--', 'claws-mail', '--select', '#mh/Mailbox/inbox/1'],
      { HOME: clawsHome(message) },
    )
    const box = join(work, `${newsletter}.mbox`)
    writeFileSync(
      box,
      `From news@example.org Thu Jan  1 00:00:00 2026\n${readFileSync(message, 'utf8')
        .replaceAll('\r\n', '\n')
        .replace(/^From /gm, '>From ')}\n`,
    )
    const commands = ['-e', 'alternative_order text/plain', '-e', 'push <display-message>']
    await picture(`${newsletter}-mutt`, SECONDS.mutt, 'xterm', [
      '-geometry',
      '100x90',
      '-e',
      'mutt',
      '-n',
      '-R',
      '-f',
      box,
      ...commands,
    ])
  }
} finally {
  screen.kill()
  server.close()
}

/** Without the dialogues of a first start. */
function profile(scheme) {
  const folder = mkdtempSync(join(work, 'profile-'))
  const preferences = {
    'mail.provider.suppress_dialog_on_startup': true,
    'mail.shell.checkDefaultClient': false,
    'mailnews.start_page.enabled': false,
    'mail.rights.version': 1,
    'mailnews.message_display.disable_remote_image': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.donation.eoy.version.viewed': 999,
    'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0,
    'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
  }
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  )
  writeFileSync(join(folder, 'user.js'), `${lines.join('\n')}\n`)
  return folder
}

/** A home with one account and one message: the files without which Claws Mail would ask. */
function clawsHome(message) {
  const home = mkdtempSync(join(work, 'claws-'))
  const [settings, inbox] = [join(home, '.claws-mail'), join(home, 'Mail/inbox')]
  for (const folder of [settings, inbox]) mkdirSync(folder, { recursive: true })
  cpSync(message, join(inbox, '1'))
  const account = {
    account_name: 'anna',
    is_default: 1,
    name: 'Anna',
    address: 'anna@example.org',
    protocol: 4,
  }
  const common = {
    render_html: 1,
    promote_html_part: 1,
    invoke_plugin_on_html: 1,
    mainwin_width: 1000,
    mainwin_height: 1560,
  }
  const lines = values =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')
  writeFileSync(join(settings, 'accountrc'), `[Account: 1]\n${lines(account)}smtp_server=127.0.0.1\n`)
  writeFileSync(
    join(settings, 'clawsrc'),
    `[Common]\n${lines(common)}[LitehtmlViewer]\nenable_remote_content=1\n[Plugins_GTK3]\n${HTML_PLUGIN}\n`,
  )
  const folder = '<folderitem name="inbox" path="inbox" type="inbox" />'
  writeFileSync(
    join(settings, 'folderlist.xml'),
    `<?xml version="1.0"?><folderlist><folder type="mh" name="Mailbox" path="${home}/Mail">${folder}</folder></folderlist>`,
  )
  return home
}

/** What is on the screen some seconds after a program was started. */
async function picture(name, seconds, program, args, more = {}) {
  const started = spawn(program, args, { env: { ...env, ...more }, stdio: 'ignore', detached: true })
  await new Promise(done => setTimeout(done, seconds * 1000))
  const file = resolve(target, `${name}.png`)
  execFileSync('import', ['-window', 'root', '-display', DISPLAY, file], { env })
  // The whole group that was started here: Thunderbird starts others.
  process.kill(-started.pid, 'SIGKILL')
  await new Promise(done => setTimeout(done, 1500))
  process.stdout.write(`${file}\n`)
}
