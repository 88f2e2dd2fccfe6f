// A few mails → an IMAP4rev1 server on loopback that knows just enough to be read from. RFC 3501.

import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface ImapServer {
  readonly port: number
  /** Which mails have the flag \Seen. */
  seen(): boolean[]
  /** Ends all connections, as a server does that is stopped. */
  cut(): void
  close(): Promise<void>
}

export async function anImapServer(options: {
  readonly user: string
  readonly password: string
  /** May grow while it is open. */
  readonly mails: readonly string[]
}): Promise<ImapServer> {
  const marked = new Set<number>()
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n')
    let input = ''
    socket.on('data', chunk => {
      input += chunk.toString('latin1')
      for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
        answer(socket, input.slice(0, end))
        input = input.slice(end + 2)
      }
    })
  })

  function answer(socket: Socket, line: string): void {
    const [, tag = '', command = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/i.exec(line) ?? []
    const say = (text: string) => socket.write(`${text}\r\n`, 'latin1')
    const uids = () => options.mails.map((_, index) => index + 1)
    const inSet = (set: string) => uids().filter(uid => set.split(',').includes(String(uid)))
    switch (command.toUpperCase()) {
      case 'CAPABILITY':
        say('* CAPABILITY IMAP4rev1')
        break
      case 'LOGIN': {
        const right = rest.replaceAll('"', '') === `${options.user} ${options.password}`
        if (right) break
        say(`${tag} NO [AUTHENTICATIONFAILED] wrong`)
        return
      }
      case 'LIST':
        say('* LIST () "/" INBOX')
        break
      case 'SELECT':
        if (rest.replaceAll('"', '') !== 'INBOX') {
          say(`${tag} NO [NONEXISTENT] no such mailbox`)
          return
        }
        say(`* ${options.mails.length} EXISTS`)
        say('* FLAGS (\\Seen \\Deleted)')
        say('* OK [PERMANENTFLAGS (\\Seen \\Deleted)] flags')
        say('* OK [UIDVALIDITY 1] valid')
        say(`* OK [UIDNEXT ${options.mails.length + 1}] next`)
        say(`${tag} OK [READ-WRITE] selected`)
        return
      case 'UID SEARCH':
        say(
          `* SEARCH ${uids()
            .filter(uid => !marked.has(uid))
            .join(' ')}`,
        )
        break
      case 'UID FETCH':
        for (const uid of inSet(rest.split(' ')[0]!)) {
          const mail = options.mails[uid - 1]!
          say(
            `* ${uid} FETCH (UID ${uid} BODY[]<0> {${Buffer.byteLength(mail)}}\r\n${Buffer.from(mail).toString('latin1')})`,
          )
        }
        break
      case 'UID STORE':
        for (const uid of inSet(rest.split(' ')[0]!)) if (/\+FLAGS.*\\Seen/i.test(rest)) marked.add(uid)
        break
      case 'LOGOUT':
        say('* BYE')
        say(`${tag} OK`)
        socket.end()
        return
      default:
        break
    }
    say(`${tag} OK done`)
  }

  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    seen: () => options.mails.map((_, index) => marked.has(index + 1)),
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () => new Promise(closed => server.close(() => closed())),
  }
}
