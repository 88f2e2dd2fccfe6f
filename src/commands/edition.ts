// `edition`: which editions there are; or what is in one, and what was left out and why; or what the next letters look like.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readableTime } from '../base/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { EditionJson } from '../letter/index.ts'
import type { Edition, Loaded, Newsletter, Slot } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { openLedgerToRead } from './environment.ts'

interface Shown {
  readonly context: Context
  readonly loaded: Loaded
  /** Undefined where nothing was ever sent. */
  readonly db: Database | undefined
}

export async function run(context: Context) {
  const { openPublication } = await import('../content/index.ts')
  const loaded = await openPublication(context.dir, { now: context.now() })
  const [name = '', ...rest] = (context.args[0] ?? '').split('/')
  const newsletters = loaded.publication.newsletters.filter(({ id }) => name === '' || id === name)
  if (name && newsletters.length === 0) {
    const known = loaded.publication.newsletters.map(({ id }) => id).join(', ')
    throw new UserError(
      `There is no newsletter ${name}`,
      known ? `There are: ${known}.` : 'The settings name none.',
    )
  }
  const { format, write } = context.options
  if (format !== undefined && format !== 'pretty' && format !== 'markdown')
    throw new UserError(`--format ${format} is none`, 'It is pretty or markdown.')
  const describesNext = format === 'markdown' || write !== undefined
  if (describesNext && rest.length > 0)
    throw new UserError(
      '--format markdown and --write are for the editions that come next',
      `Leave the id out: broadsheet edition ${name} --format markdown`,
    )
  const shown = {
    context,
    loaded,
    db: await (describesNext ? ledgerIfKnown(context) : openLedgerToRead(context)),
  }
  try {
    if (describesNext) await showNext(shown, newsletters)
    else if (rest.length > 0) await showOne(shown, newsletters[0]!, rest.join('/'))
    else await showAll(shown, newsletters)
  } finally {
    await shown.db?.close()
  }
  return EXIT.done
}

async function showOne({ context, loaded, db }: Shown, newsletter: Newsletter, id: string): Promise<void> {
  const { articleEdition, editionAt, findSlot, newestSlot } = await import('../edition/index.ts')
  const { editionJson, editionSubject } = await import('../letter/index.ts')
  const slot = findSlot(loaded, newsletter, id)
  const history = await historyOf(db, newsletter, slot)
  // An article by its name: as `send --extra` would send it.
  const edition = slot
    ? editionAt(loaded, newsletter, slot, history)
    : articleEdition(loaded, newsletter, id, history)
  if (!edition) {
    const newest = newestSlot(loaded, newsletter, context.now())?.id
    throw new UserError(
      `${newsletter.id} has no edition ${id}`,
      newest
        ? `The newest is ${newsletter.id}/${newest}.`
        : `There is none yet; what comes next: broadsheet edition ${newsletter.id}`,
    )
  }
  const subject = editionSubject(edition, loaded.publication)
  const value = editionJson(edition, subject, loaded.publication.timezone)
  context.result(value, () => describeEdition(value, edition, loaded))
}

/**
 * What the ledger says was sent; nothing, where there is none.
 *
 * @param shown of an edition that was sent: it is shown as it was chosen then; one that was not, as it would be chosen now
 */
async function historyOf(db: Database | undefined, newsletter: Newsletter, shown?: Slot) {
  if (!db) return { carried: new Set<string>() }
  const { frozenEdition, sentHistory } = await import('../store/index.ts')
  const frozen = shown && (await frozenEdition(db, `${newsletter.id}/${shown.id}`))
  const wasSent = frozen !== undefined && frozen.state !== 'skipped'
  return sentHistory(db, newsletter.id, wasSent ? shown?.until : undefined)
}

async function showAll({ context, loaded, db }: Shown, newsletters: readonly Newsletter[]): Promise<void> {
  const { editionName, editionsOf } = await import('../edition/index.ts')
  const { listEditions } = await import('../store/index.ts')
  const records = new Map((db ? await listEditions(db) : []).map(record => [record.edition, record]))
  const now = context.now()
  const editions = newsletters.flatMap(newsletter =>
    editionsOf(loaded, newsletter, now).map(edition => {
      const id = editionName(newsletter, edition.id)
      return {
        id,
        articles: edition.articles.length,
        until: edition.until,
        state: records.get(id)?.state ?? 'not sent',
      }
    }),
  )
  const next = await nextEditions(loaded, newsletters, db, now)
  context.result({ editions, next }, () => describeEditions(editions, next, loaded.publication.timezone))
}

/** Of each newsletter the edition that comes next, with what is in the folder for it so far. */
export async function nextEditions(
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  db: Database | undefined,
  now: number,
): Promise<Listed[]> {
  const { editionName } = await import('../edition/index.ts')
  return (await comingEditions(loaded, newsletters, db, now)).map(
    ({ newsletter, id, articles, sendAt, hold }) => ({
      id: editionName(newsletter, id),
      articles: articles.length,
      until: sendAt,
      state: hold ? 'on hold' : 'next',
    }),
  )
}

async function comingEditions(
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  db: Database | undefined,
  now: number,
): Promise<Edition[]> {
  const { comingEdition } = await import('../edition/index.ts')
  const coming: Edition[] = []
  for (const newsletter of newsletters) {
    const edition = comingEdition(loaded, newsletter, now, await historyOf(db, newsletter))
    if (edition) coming.push(edition)
  }
  return coming
}

/** 'Next: weekly/2026-W49, due on Fri 4 Dec 2026, 07:00 (UTC), 1 article so far', a line for each. */
export function describeNext(next: readonly Listed[], timezone: string): string {
  return next
    .map(({ id, until, articles, state }) => {
      const hold = state === 'on hold' ? ', on hold' : ''
      return `Next: ${id}, due on ${readableTime(until, timezone)}, ${countArticles(articles)} so far${hold}\n`
    })
    .join('')
}

function countArticles(count: number): string {
  return `${count} article${count === 1 ? '' : 's'}`
}

function describeEdition(value: EditionJson, edition: Edition, { articles }: Loaded): string {
  const titles = new Map(articles.map(({ id, title }) => [id, title]))
  const head = [
    ['edition', `${value.newsletter}/${value.id}`],
    ['subject', value.subject],
    ['window', `after ${value.from}, until ${value.until}`],
    ...(edition.hold ? [['held', 'by the editor: hold: true in its note']] : []),
  ]
  const carried = edition.articles.map((article, n) => `${String(n + 1).padStart(4)}  ${article.title}\n`)
  const left = edition.leftOut.map(({ article, why }) => `   –  ${titles.get(article) ?? article}: ${why}\n`)
  return [
    head.map(([name, text]) => `${name!.padEnd(9)}${text}\n`).join(''),
    `\n${carried.join('') || '   nothing new\n'}`,
    left.length > 0 ? `\nleft out\n${left.join('')}` : '',
  ].join('')
}

export interface Listed {
  readonly id: string
  readonly articles: number
  readonly until: number
  readonly state: string
}

/** The next ones first. @param timezone IANA: times are the publication's own */
function describeEditions(editions: readonly Listed[], next: readonly Listed[], timezone: string): string {
  const style = { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' } as const
  const format = new Intl.DateTimeFormat('en-GB', style)
  const width = Math.max(0, ...[...editions, ...next].map(({ id }) => id.length)) + 2
  const row = (so: string) => (edition: Listed) => {
    const { id, until, articles, state } = edition
    return `${id.padEnd(width)}${format.format(until)}  ${countArticles(articles)}${so}, ${state}\n`
  }
  return [...next.map(row(' so far')), ...editions.map(row(''))].join('') || 'no edition yet\n'
}

// ─── The next letters, for those who look at a change before it is published ────────────────────────────────────────────

/** A pull request from a fork has no secret to read the list with, and need not know how many are on it. */
async function ledgerIfKnown(context: Context): Promise<Database | undefined> {
  try {
    return await openLedgerToRead(context)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.sayError(`The list is not read: ${error.message}`)
    return undefined
  }
}

interface NextLetter {
  readonly edition: Edition
  readonly subject: string
  /** Undefined where no list could be read. */
  readonly audience: number | undefined
}

async function showNext(shown: Shown, newsletters: readonly Newsletter[]): Promise<void> {
  const { context, loaded, db } = shown
  const { editionSubject } = await import('../letter/index.ts')
  const { previewAudience } = await import('../store/index.ts')
  const letters: NextLetter[] = []
  for (const edition of await comingEditions(loaded, newsletters, db, context.now())) {
    const found = db && (await previewAudience(db, edition.newsletter.id))
    const audience = found && found.audience - (found.skipped.suppressed ?? 0)
    letters.push({ edition, subject: editionSubject(edition, loaded.publication), audience })
  }
  const { write } = context.options
  if (typeof write === 'string') await writeLetters(shown, letters, resolve(context.cwd, write))
  const value = letters.map(({ edition, subject, audience }) => ({
    id: `${edition.newsletter.id}/${edition.id}`,
    subject,
    due: new Date(edition.sendAt).toISOString(),
    hold: edition.hold,
    articles: edition.articles.map(({ title }) => title),
    audience: audience ?? null,
  }))
  context.result({ next: value }, () => letters.map(letter => nextAsMarkdown(letter, loaded)).join('\n'))
}

/** As `build` writes those that are past, with their pictures. */
async function writeLetters({ loaded, context }: Shown, letters: readonly NextLetter[], folder: string) {
  const { editionFiles, renderEdition } = await import('../letter/index.ts')
  const { createRenderer } = await import('../render/index.ts')
  const { openTemplates } = await import('../templates/index.ts')
  const { ownFilePath } = await import('../content/index.ts')
  const { dir } = loaded.publication
  const renderer = createRenderer(loaded)
  const templates = openTemplates(join(dir, 'templates'))
  const place = (path: string) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    return file
  }
  for (const { edition } of letters) {
    if (edition.articles.length === 0) continue
    const { letter, files } = await renderEdition(edition, loaded, renderer, templates)
    for (const { path, body } of [...files, ...editionFiles(edition, letter, loaded)])
      if (typeof body === 'string' || body instanceof Uint8Array) writeFileSync(place(path), body)
    for (const file of letter.files ?? []) copyFileSync(ownFilePath(join(dir, 'articles'), file), place(file))
  }
  context.say(`The next letters are in ${folder}`)
}

function nextAsMarkdown({ edition, subject, audience }: NextLetter, { publication }: Loaded): string {
  const { newsletter, id, articles, sendAt, hold } = edition
  const due = `${hold ? 'on hold, ' : ''}due on ${readableTime(sendAt, publication.timezone)}`
  const readers =
    audience === undefined ? 'not known here' : audience === 1 ? '1 reader' : `${audience} readers`
  if (articles.length === 0)
    return `### ${plain(newsletter.title)}, ${id}\n\nNothing new so far: no letter. It is ${due}; audience: ${readers}.\n`
  return [
    `### ${plain(newsletter.title)}, ${id}\n`,
    `| | |\n| --- | --- |`,
    `| subject | ${plain(subject)} |`,
    `| when | ${due} |`,
    `| audience | ${readers} |\n`,
    ...articles.map((article, at) => `${at + 1}. ${plain(article.title)}`),
    '',
  ].join('\n')
}

/** A title is text, whatever Markdown or HTML it looks like. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+!|~&@]/g, sign => `&#${sign.codePointAt(0)};`)
}
