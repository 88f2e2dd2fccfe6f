// A port → an SMTP server on it that takes everything and keeps nothing, for machines without Postfix's.

import { createServer } from 'node:net'

export async function sink(port: number): Promise<void> {
  createServer(socket => {
    // Small replies that wait for each other would be 45 ms late.
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.write('220 sink\r\n')
    let body = false
    let rest = ''
    socket.on('data', chunk => {
      if (body) {
        rest = (rest + chunk.toString('latin1', Math.max(0, chunk.length - 5))).slice(-5)
        if (!rest.endsWith('\r\n.\r\n')) return
        body = false
        rest = ''
        socket.write('250 2.0.0 taken\r\n')
        return
      }
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop()!
      for (const command of lines.map(text => text.slice(0, 4).toUpperCase())) {
        if (command === 'DATA') body = true
        if (command === 'EHLO') socket.write('250-sink\r\n250 PIPELINING\r\n')
        else if (command === 'DATA') socket.write('354 go on\r\n')
        else if (command === 'QUIT') socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  }).listen(port, '127.0.0.1')
  await new Promise(() => {})
}
