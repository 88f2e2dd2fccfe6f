// `demo`: from a fresh clone to a letter in an inbox. It builds, imports the demo's readers, sends the newest edition
// through real SMTP to a mailbox on this machine, and says where everything is. The commands are the ones that everybody
// runs.

import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageFolder } from '../base/index.ts'
import { byFormat } from '../content/index.ts'
import { type ExitCode, UserError } from '../errors.ts'
import { buildPublication } from '../publish/index.ts'
import { builtinTemplates } from '../templates/index.ts'
import { describeBuild, newestEdition } from './build.ts'
import type { Context } from './context.ts'

const packagedArticles = join(packageFolder, 'articles/')

export async function run(context: Context): Promise<ExitCode> {
  const dir = placeOf(context)
  const build = await buildPublication({ dir, now: context.now })
  context.say(describeBuild(build).trimEnd())
  const newest = newestEdition(build.editions)
  if (!newest)
    throw new UserError('there is no edition to send', 'The demo needs a newsletter and an article.')
  const { code, accepted } = await sendToMailbox(context, dir, newest.id)
  const seen = (path: string) => join(relative(context.dir, dir), path)
  const value = {
    feeds: build.feeds.map(feed => ({ ...feed, ...byFormat(name => seen(feed[name])) })),
    edition: newest.id,
    letter: seen(`${newest.path}/letter.html`),
    mailbox: seen(MAILBOX),
    accepted,
  }
  context.result(value, () => describeDemo(value))
  return code
}

const DEMO_FOLDER = '.broadsheet/demo'
const MAILBOX = `${DEMO_FOLDER}/mailbox`

/** The demo's readers, imported and sent to. A ledger of its own each time: a second demo sends again, and yours is not touched. */
async function sendToMailbox(
  context: Context,
  dir: string,
  edition: string,
): Promise<{ readonly code: ExitCode; readonly accepted: number }> {
  const folder = join(dir, DEMO_FOLDER)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { openMailbox } = await import('../deliver/index.ts')
  const mailbox = await openMailbox(join(dir, MAILBOX))
  const env = {
    ...context.env,
    BROADSHEET_SMTP: mailbox.address,
    BROADSHEET_DATABASE: join(folder, 'ledger.db'),
    BROADSHEET_SECRET: randomBytes(32).toString('base64url'),
  }
  const inDemo = { ...context, dir, env, say() {}, confirm: async () => true }
  try {
    const subscribers = await import('./subscribers/index.ts')
    const readers = join(builtinTemplates, 'demo/readers.csv')
    await subscribers.run({ ...inDemo, args: ['import', readers], result() {} })
    const send = await import('./send.ts')
    let accepted = 0
    const code = await send.run({
      ...inDemo,
      args: [edition],
      options: { yes: true, newLedger: true },
      result(value) {
        accepted = (value as { readonly accepted?: number }).accepted ?? 0
      },
    })
    return { code, accepted }
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
    'Nothing left this machine. See all of it in a browser: `npx broadsheet preview`; then `npx broadsheet init site`.',
    '',
  ].join('\n')
}
