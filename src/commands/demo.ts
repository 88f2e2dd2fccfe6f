// From a fresh clone to a letter in an inbox: builds, imports the demo's readers, sends the newest edition through real
// SMTP to a mailbox on this machine, and says where everything lies. The commands are the ones that everybody runs.

import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageFolder } from '../base/index.ts'
import { byFormat } from '../content/index.ts'
import { UserError } from '../errors.ts'
import { buildPublication } from '../publish/index.ts'
import { builtinTemplates } from '../templates/index.ts'
import { describeBuild, newestEdition } from './build.ts'
import type { Context } from './context.ts'

const packagedArticles = join(packageFolder, 'articles/')

interface Sent {
  readonly edition: string
  readonly accepted: number
}

export async function run(context: Context) {
  const dir = placeOf(context)
  const say = (text: string) => context.say(text.trimEnd())
  const build = await buildPublication({ dir, now: context.now })
  say(describeBuild(build))
  const newest = newestEdition(build.editions)
  if (!newest)
    throw new UserError('there is no edition to send', 'The demo needs a newsletter and an article.')

  // A ledger of its own each time: a second demo sends again, and your own ledger knows nothing of it.
  const ground = join(dir, '.broadsheet/demo')
  rmSync(ground, { recursive: true, force: true })
  mkdirSync(ground, { recursive: true })
  const { openMailbox } = await import('../deliver/index.ts')
  const mailbox = await openMailbox(join(ground, 'mailbox'))
  const env = {
    ...context.env,
    BROADSHEET_SMTP: mailbox.address,
    BROADSHEET_DATABASE: join(ground, 'ledger.db'),
    BROADSHEET_SECRET: randomBytes(32).toString('base64url'),
  }
  const inDemo = { ...context, dir, env, say() {}, confirm: async () => true }
  try {
    const subscribers = await import('./subscribers/index.ts')
    await subscribers.run({
      ...inDemo,
      args: ['import', join(builtinTemplates, 'demo/readers.csv')],
      result() {},
    })
    const send = await import('./send.ts')
    let sent: Sent | undefined
    const code = await send.run({
      ...inDemo,
      args: [newest.id],
      options: { yes: true, newLedger: true },
      result(value) {
        sent = value as Sent
      },
    })
    const lies = (path: string) => join(relative(context.dir, dir), path)
    const value = {
      feeds: build.feeds.map(feed => ({ ...feed, ...byFormat(name => lies(feed[name])) })),
      edition: newest.id,
      letter: lies(`${newest.path}/letter.html`),
      mailbox: lies('.broadsheet/demo/mailbox'),
      accepted: sent?.accepted ?? 0,
    }
    context.result(value, () => describeDemo(value))
    return code
  } finally {
    await mailbox.close()
  }
}

/** Here, if a publication is here; otherwise the packaged demo, copied to a folder of its own. */
function placeOf({ dir }: Context): string {
  if (existsSync(join(dir, 'articles'))) return dir
  const copy = join(dir, 'broadsheet-demo')
  if (!existsSync(copy)) cpSync(packagedArticles, join(copy, 'articles'), { recursive: true })
  return copy
}

function describeDemo(value: { edition: string; letter: string; mailbox: string; accepted: number }): string {
  return [
    `sent      ${value.edition} to ${value.accepted} readers, through SMTP on this machine`,
    `letter    ${value.letter}`,
    `mails     ${value.mailbox}`,
    '',
    'Nothing left this machine. Next: look at the letter in a browser, then `npx broadsheet init site`.',
    '',
  ].join('\n')
}
