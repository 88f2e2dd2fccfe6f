// A script of faults → an SMTP server on loopback that counts: every final dot, per recipient, with its Message-ID.
// Plain sockets, so that it can also do what no server should: close, or go silent, at any phase.

import { type AddressInfo, createServer, type Socket } from 'node:net'

export type Phase = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'dot' | 'RSET' | 'QUIT'

/** A refusal ('451 4.7.1 later'), or an end without one. A number is a delay in ms before the usual answer. */
export type Fault = `${number} ${string}` | 'close' | 'silence' | number

export interface Moment {
  readonly phase: Phase
  /** From RCPT on. */
  readonly recipient: string
  /** 1 for the first connection to this server. */
  readonly connection: number
  /** 1 for the first message of the connection. */
  readonly message: number
  readonly line: string
}

export interface Script {
  readonly fault?: (moment: Moment) => Fault | undefined
  /** Lines after EHLO's first; 'PIPELINING' and 'SMTPUTF8' unless said. */
  readonly offers?: readonly string[]
  /** AUTH PLAIN is offered and only this is let in. */
  readonly login?: { readonly user: string; readonly password: string }
  /** Keep the messages as they came, without the stuffing of dots. */
  readonly keep?: boolean
}

export interface Mail {
  /** Final dots that came. */
  dots: number
  /** Those that were not refused: the reader has as many. */
  taken: number
  readonly messageIds: string[]
  readonly raw: string[]
}

export interface SmtpServer {
  readonly port: number
  /** smtp://127.0.0.1:PORT */
  readonly address: string
  readonly mails: Map<string, Mail>
  /** How often MAIL was said. */
  begun(): number
  connections(): number
  /** Connections that are open now. */
  open(): number
  /** Most connections that were open at once. */
  peak(): number
  /** Ends all connections and stops to listen. */
  close(): Promise<void>
}

const END = Buffer.from('\r\n.\r\n')

export async function aSmtpServer(script: Script = {}): Promise<SmtpServer> {
  const mails = new Map<string, Mail>()
  let begun = 0
  const sockets = new Set<Socket>()
  let connections = 0
  let peak = 0
  const server = createServer(socket => {
    sockets.add(socket)
    peak = Math.max(peak, sockets.size)
    // With Nagle's algorithm every answer would wait for an acknowledgement.
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    converse(socket, ++connections, { script, mails, begin: () => begun++ })
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    port,
    address: `smtp://127.0.0.1:${port}`,
    mails,
    begun: () => begun,
    connections: () => connections,
    open: () => sockets.size,
    peak: () => peak,
    close: () =>
      new Promise(closed => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

interface Shared {
  readonly script: Script
  readonly mails: Map<string, Mail>
  /** Called at every MAIL. */
  begin(): void
}

/** One connection from greeting to QUIT. */
function converse(socket: Socket, connection: number, { script, mails, begin }: Shared): void {
  let input: Buffer = Buffer.alloc(0)
  let body: Buffer[] | undefined
  let sender = false
  let recipient = ''
  let message = 0
  /** Waiting before an answer, or never to answer again. */
  let held = false

  const faultAt = (phase: Phase, line: string, to = recipient) =>
    script.fault?.({ phase, recipient: to, connection, message, line })

  /** Answers; or does what the script wants instead. `then` only when all went as usual. */
  function answer(fault: Fault | undefined, usual: string, then: () => void = () => {}): void {
    if (fault === 'silence') held = true
    else if (fault === 'close') {
      held = true
      socket.destroy()
    } else if (typeof fault === 'string') {
      socket.write(`${fault}\r\n`)
      if (fault.startsWith('421')) socket.end()
    } else if (typeof fault === 'number') {
      held = true
      setTimeout(() => {
        held = false
        answer(undefined, usual, then)
        read()
      }, fault)
    } else {
      if (socket.writable) socket.write(`${usual}\r\n`)
      then()
    }
  }

  const commands: Record<string, (line: string) => void> = {
    EHLO(line) {
      const offers = ['test', ...(script.offers ?? ['PIPELINING', 'SMTPUTF8'])]
      if (script.login) offers.push('AUTH PLAIN')
      const lines = offers.map((offer, i) => `250${i < offers.length - 1 ? '-' : ' '}${offer}`)
      answer(faultAt('EHLO', line), lines.join('\r\n'))
    },
    AUTH(line) {
      const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0')
      const right = user === script.login?.user && password === script.login?.password
      answer(faultAt('AUTH', line), right ? '235 2.7.0 in' : '535 5.7.8 wrong user or password')
    },
    MAIL(line) {
      message++
      begin()
      answer(faultAt('MAIL', line), '250 2.1.0 ok', () => {
        sender = true
      })
    },
    RCPT(line) {
      const to = /<(.*)>/.exec(line)?.[1] ?? ''
      if (!sender) socket.write('503 5.5.1 MAIL first\r\n')
      else {
        answer(faultAt('RCPT', line, to), '250 2.1.5 ok', () => {
          recipient = to
        })
      }
    },
    DATA(line) {
      if (!recipient) socket.write('503 5.5.1 RCPT first\r\n')
      else {
        answer(faultAt('DATA', line), '354 go ahead', () => {
          body = []
        })
      }
    },
    RSET(line) {
      answer(faultAt('RSET', line), '250 2.0.0 ok', () => {
        sender = false
        recipient = ''
      })
    },
    QUIT(line) {
      answer(faultAt('QUIT', line), '221 2.0.0 bye', () => socket.end())
    },
  }

  /** The final dot came: counted before anything is said, as a real server would have stored it. */
  function finalDot(raw: Buffer): void {
    const fault = faultAt('dot', '')
    const refused = typeof fault === 'string' && /^[45]/.test(fault)
    const mail = mails.get(recipient) ?? { dots: 0, taken: 0, messageIds: [], raw: [] }
    mails.set(recipient, mail)
    mail.dots++
    if (!refused) mail.taken++
    mail.messageIds.push(/^message-id:\s*(\S+)/im.exec(raw.toString('latin1', 0, 8192))?.[1] ?? '')
    if (script.keep) mail.raw.push(raw.toString('utf8').replace(/^\.\./gm, '.'))
    sender = false
    recipient = ''
    body = undefined
    answer(fault, '250 2.0.0 taken')
  }

  function read(): void {
    while (!held && input.length > 0) {
      if (body) {
        const fault = body.length === 0 ? faultAt('body', '') : undefined
        if (fault !== undefined) {
          body = undefined
          answer(fault, '')
          continue
        }
        body.push(input)
        input = Buffer.alloc(0)
        // The dot may come in pieces: look at the end of all that came.
        const tail = Buffer.concat(body.slice(-6))
        if (tail.indexOf(END) < 0 && tail.length >= END.length) continue
        const all = Buffer.concat(body)
        const end = all.indexOf(END)
        if (end < 0) continue
        input = all.subarray(end + END.length)
        finalDot(all.subarray(0, end + 2))
        continue
      }
      const end = input.indexOf('\r\n')
      if (end < 0) return
      const line = input.toString('utf8', 0, end)
      input = input.subarray(end + 2)
      const command = commands[line.split(/[ :]/)[0]!.toUpperCase()]
      if (command) command(line)
      else socket.write('502 5.5.1 what?\r\n')
    }
  }

  socket.on('data', chunk => {
    input = input.length ? Buffer.concat([input, chunk]) : chunk
    read()
  })
  answer(faultAt('greeting', ''), '220 test')
}
