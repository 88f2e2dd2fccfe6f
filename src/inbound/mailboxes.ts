// A Maildir, an mbox, a folder of mails or an IMAP mailbox → the mails in it, one at a time. Nothing is deleted; what was
// understood is marked.

import { createReadStream } from 'node:fs'
import { readdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { ENCODE_PASSWORD, readSecretUrl, type SecretUrl } from '../base/index.ts'
import { UserError } from '../errors.ts'

export interface FoundMail {
  /** For people: the file, and in an mbox the number of the mail. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Marks it as dealt with, where there is a way to. */
  done(): Promise<void>
}

/** More of one mail than this is not read: the largest are DMARC reports. */
const MAX_MAIL_BYTES = 10 * 1024 * 1024

const nothing = async () => undefined

/** @param path absolute: a Maildir, a folder of .eml files, an mbox or one mail */
export async function* readMails(path: string): AsyncGenerator<FoundMail> {
  const found = await stat(path).catch(() => {
    throw new UserError(`${path} does not exist`, 'Name a Maildir, an mbox, a mail, or - for standard input.')
  })
  if (!found.isDirectory()) yield* readMbox(createReadStream(path), basename(path))
  else if (await isFolder(join(path, 'new'))) yield* readMaildir(path)
  else yield* readFolder(path)
}

/** One mail, or many, each after a line 'From …'. RFC 4155. */
export async function* readMbox(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
): AsyncGenerator<FoundMail> {
  let lines: Buffer[] = []
  let size = 0
  let count = 0
  let rest: Buffer = Buffer.alloc(0)
  const take = (): FoundMail => {
    const bytes = Buffer.concat(lines)
    lines = []
    size = 0
    return { name: count === 0 ? name : `${name}, mail ${count}`, bytes, done: nothing }
  }
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    for (let end = rest.indexOf(10); end >= 0 || rest.length > MAX_MAIL_BYTES; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end < 0 ? rest.length : end + 1)
      rest = rest.subarray(line.length)
      const afterBlank = lines.length === 0 || /^\r?\n$/.test(lines.at(-1)!.toString('latin1'))
      if (afterBlank && line.subarray(0, 5).toString('latin1') === 'From ') {
        if (size > 0) yield take()
        count += 1
      } else if (size + line.length <= MAX_MAIL_BYTES) {
        // 'From ' inside a mail was written '>From '.
        const plain =
          count > 0 && /^>+From /.test(line.subarray(0, 100).toString('latin1')) ? line.subarray(1) : line
        lines.push(Buffer.from(plain))
        size += plain.length
      }
    }
  }
  if (rest.length > 0) {
    lines.push(rest)
    size += rest.length
  }
  if (size > 0) yield take()
}

/** https://cr.yp.to/proto/maildir.html: new mails, and those in cur/ that are not marked seen. */
async function* readMaildir(path: string): AsyncGenerator<FoundMail> {
  for (const folder of ['new', 'cur']) {
    const files = await readdir(join(path, folder)).catch(() => [])
    for (const file of files.sort()) {
      const flags = /:2,([A-Za-z]*)$/.exec(file)?.[1] ?? ''
      if (file.startsWith('.') || flags.includes('S')) continue
      const from = join(path, folder, file)
      const seen = `${file.replace(/:2,[A-Za-z]*$/, '')}:2,${[...new Set(`${flags}S`)].sort().join('')}`
      yield {
        name: `${folder}/${file}`,
        bytes: await head(from),
        done: () => rename(from, join(path, 'cur', seen)),
      }
    }
  }
}

async function* readFolder(path: string): AsyncGenerator<FoundMail> {
  for (const file of (await readdir(path)).filter(name => /\.eml$/i.test(name)).sort()) {
    yield { name: file, bytes: await head(join(path, file)), done: nothing }
  }
}

async function head(path: string): Promise<Uint8Array> {
  return (await readFile(path)).subarray(0, MAX_MAIL_BYTES)
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/** Mails of a place that must be closed once all that was understood is marked. */
export interface Mailbox {
  readonly mails: AsyncIterable<FoundMail>
  close(): Promise<void>
}

/** How long a server may take to greet. */
const GREETING_MS = 15_000

const IMAP_HINT = 'Write it like BROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX'

/** A mailbox whose folder is open. */
export interface OpenImap extends Mailbox {
  /** The mail with that Message-ID, with its angle brackets; undefined while it is not there. */
  find(messageId: string): Promise<FoundMail | undefined>
}

/**
 * The unseen mails of a folder; what was understood is marked seen.
 *
 * @param text imaps://user:password@host:993/folder; imap:// only on this machine
 * @param until whoever aborts it waits for the mailbox no longer
 */
export async function openImap(text: string, until?: AbortSignal): Promise<OpenImap> {
  const read = readSecretUrl(text)
  if ('problem' in read)
    throw new UserError(`BROADSHEET_IMAP ${read.problem}`, `${IMAP_HINT}\n${ENCODE_PASSWORD}`)
  if (!/^imaps?:$/.test(read.url.protocol))
    throw new UserError('BROADSHEET_IMAP is not an IMAP address', IMAP_HINT)
  const { url } = read
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const client = await connect(read, host, until)
  const logOut = () => client.logout().catch(() => client.close())
  const folder = folderOf(url) || 'INBOX'
  const lock = await client.getMailboxLock(folder).catch(async () => {
    await logOut()
    throw new UserError(`${host} has no folder ${folder}`, IMAP_HINT)
  })
  return {
    mails: mailsIn(client, folder, { seen: false }),
    async find(messageId) {
      // What came since the folder was opened is seen only after the server was asked for news.
      await client.noop()
      for await (const mail of mailsIn(client, folder, { header: { 'message-id': messageId } })) {
        const head = Buffer.from(mail.bytes).toString('latin1').split('\r\n\r\n')[0]!
        if (head.includes(messageId)) return mail
      }
      return undefined
    },
    async close() {
      lock.release()
      await logOut()
    },
  }
}

function folderOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.slice(1))
  } catch {
    throw new UserError('BROADSHEET_IMAP has a % in its folder that begins no character', IMAP_HINT)
  }
}

async function connect(
  { url, user, password }: SecretUrl,
  host: string,
  until: AbortSignal | undefined,
): Promise<ImapFlow> {
  const secure = url.protocol === 'imaps:'
  if (!secure && !/^(localhost|127\.|::1$)/.test(host)) {
    throw new UserError(`BROADSHEET_IMAP: the password would go to ${host} in the clear`, IMAP_HINT)
  }
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host,
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
    greetingTimeout: GREETING_MS,
    socketTimeout: 60_000,
  })
  // Without a listener a broken connection would end the process; the command in hand says it too.
  client.on('error', () => undefined)
  until?.addEventListener('abort', () => client.close(), { once: true })
  try {
    await client.connect()
  } catch (error) {
    const refused = (error as { authenticationFailed?: boolean }).authenticationFailed
    throw new UserError(
      refused
        ? `${host} does not know this user and password`
        : `${host} does not answer: ${(error as Error).message.replaceAll(password || '\n', '•••')}`,
      IMAP_HINT,
    )
  }
  return client
}

async function* mailsIn(
  client: ImapFlow,
  folder: string,
  wanted: Parameters<ImapFlow['search']>[0],
): AsyncGenerator<FoundMail> {
  for (const uid of (await client.search(wanted, { uid: true })) || []) {
    const source = { maxLength: MAX_MAIL_BYTES }
    const message = await client.fetchOne(String(uid), { source }, { uid: true })
    const bytes = message ? message.source : undefined
    if (!bytes) continue
    yield {
      name: `${folder}, mail ${uid}`,
      bytes,
      done: async () => {
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
      },
    }
  }
}
