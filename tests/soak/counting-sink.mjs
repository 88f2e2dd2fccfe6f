// A mail server that takes every message and counts, for each reader (readerN@…), the final dots that came.
// node counting-sink.mjs <address to listen at> <readers>; says { port } to who forked it, answers 'total' with { total },
// and { save: file } with { saved }: one byte for each reader in it.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

const [, , host, readers] = process.argv
const counts = new Uint8Array(Number(readers) + 1)
let total = 0

const END = Buffer.from('\r\n.\r\n')

const server = createServer(socket => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  let rest = ''
  let reader = 0
  let isBody = false
  /** The last bytes of the body so far: the final dot may come in pieces. */
  let tail = Buffer.alloc(0)

  function command(line) {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'RCPT') {
      reader = Number(/<reader(\d+)@/.exec(line)?.[1] ?? 0)
      socket.write('250 2.1.5 ok\r\n')
    } else if (verb === 'DATA') {
      isBody = true
      tail = Buffer.from('\r\n')
      socket.write('354 go on\r\n')
    } else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n')
    else socket.write('250 2.0.0 ok\r\n')
  }

  /** @returns what follows the message, where it has ended */
  function body(chunk) {
    const bytes = Buffer.concat([tail, chunk])
    const end = bytes.indexOf(END)
    if (end < 0) {
      tail = bytes.subarray(-4)
      return undefined
    }
    isBody = false
    // Counted before anything is said, as a real server would have stored it.
    counts[reader]++
    total++
    socket.write('250 2.0.0 taken\r\n')
    return bytes.subarray(end + END.length)
  }

  socket.on('data', chunk => {
    for (let left = chunk; left !== undefined && left.length > 0; ) {
      if (isBody) {
        left = body(left)
        continue
      }
      const text = rest + left.toString('latin1')
      const end = text.indexOf('\r\n')
      if (end < 0) {
        rest = text
        return
      }
      rest = ''
      command(text.slice(0, end))
      left = Buffer.from(text.slice(end + 2), 'latin1')
    }
  })
  socket.write('220 sink\r\n')
})

server.listen(0, host, () => process.send({ port: server.address().port }))
process.on('message', asked => {
  if (asked === 'total') process.send({ total })
  else {
    writeFileSync(asked.save, counts)
    process.send({ saved: true })
  }
})
// With whoever forked it.
process.on('disconnect', () => process.exit(0))
