// BROADSHEET_IMAP → the unseen mails of a mailbox, one at a time. What was understood is marked seen; nothing is deleted.

import { parseUrl } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { FoundMail } from './read-mails.ts'

const HINT = 'Write it like BROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX'

/** @param text imaps://user:password@host:993/folder; imap:// only on this machine */
export async function* readImap(text: string): AsyncGenerator<FoundMail> {
  const url = parseUrl(text)
  if (!url || !/^imaps?:$/.test(url.protocol) || !url.hostname) {
    throw new UserError('BROADSHEET_IMAP is not an IMAP address', HINT)
  }
  const secure = url.protocol === 'imaps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!secure && !/^(localhost|127\.|::1$)/.test(host)) {
    throw new UserError(`BROADSHEET_IMAP: the password would go to ${host} in the clear`, HINT)
  }
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host,
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    doSTARTTLS: false,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  })
  // Without a listener a broken connection would end the process; the command in hand says it too.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    const refused = (error as { authenticationFailed?: boolean }).authenticationFailed
    throw new UserError(
      refused
        ? `${host} does not know this user and password`
        : `${host} does not answer: ${(error as Error).message}`,
      HINT,
    )
  }
  try {
    const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX'
    const lock = await client.getMailboxLock(folder).catch(() => {
      throw new UserError(`${host} has no folder ${folder}`, HINT)
    })
    try {
      const unseen = (await client.search({ seen: false }, { uid: true })) || []
      for (const uid of unseen) {
        const message = await client.fetchOne(
          String(uid),
          { source: { maxLength: 1_048_576 } },
          { uid: true },
        )
        const source = message ? message.source : undefined
        if (!source) continue
        yield {
          name: `${folder}, mail ${uid}`,
          bytes: source,
          done: async () => {
            await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
          },
        }
      }
    } finally {
      lock.release()
    }
  } finally {
    await client.logout().catch(() => client.close())
  }
}
