// Lines of a zone → a DNS server on loopback that answers by them, over UDP and TCP. RFC 1035, as much of it as a resolver needs.

import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer, isIP } from 'node:net'

export interface ANameServer {
  /** '127.0.0.1:PORT' */
  readonly address: string
  /** 'TXT _dmarc.gazette.org', in the order in which they were asked. */
  readonly asked: string[]
  /** Other lines from now on. */
  serve(zone: string): void
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, number>> = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 }

/** RFC 1035 §4.1.1. */
const [SERVFAIL, NXDOMAIN] = [2, 3]

interface Entry {
  readonly name: string
  readonly type: string
  readonly value: string
}

/** @param zone `name TYPE value` a line; `*.` stands for any label; SERVFAIL and SILENCE as a type; `;` begins a comment */
export async function aNameServer(zone: string): Promise<ANameServer> {
  let entries = readZone(zone)
  const asked: string[] = []
  const answer = (query: Buffer) => {
    const { name, type } = questionOf(query)
    asked.push(`${nameOfType(type)} ${name}`)
    return answerTo(query, entries, name, type)
  }
  const udp = createSocket('udp4')
  udp.on('message', (query, peer) => {
    const reply = answer(query)
    if (!reply) return
    // RFC 1035 §4.2.1: what does not fit is asked for again over TCP.
    const cut = reply.length > 1200 ? truncated(reply, query) : reply
    udp.send(cut, peer.port, peer.address)
  })
  const tcp = createServer(socket => {
    let input = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      input = Buffer.concat([input, chunk])
      while (input.length >= 2 && input.length >= 2 + input.readUInt16BE(0)) {
        const end = 2 + input.readUInt16BE(0)
        const reply = answer(input.subarray(2, end))
        if (reply) socket.write(Buffer.concat([number16(reply.length), reply]))
        input = input.subarray(end)
      }
    })
  })
  await new Promise<void>(listening => tcp.listen(0, '127.0.0.1', listening))
  const { port } = tcp.address() as AddressInfo
  await new Promise<void>(bound => udp.bind(port, '127.0.0.1', bound))
  return {
    address: `127.0.0.1:${port}`,
    asked,
    serve(lines) {
      entries = readZone(lines)
    },
    close: async () => {
      await new Promise<void>(closed => udp.close(closed))
      await new Promise<void>(closed => tcp.close(() => closed()))
    },
  }
}

function readZone(zone: string): Entry[] {
  return zone
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith(';'))
    .map(line => {
      const [, name = '', type = '', value = ''] = /^(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? []
      return { name: name.toLowerCase().replace(/\.$/, ''), type, value }
    })
}

function questionOf(query: Buffer): { name: string; type: number } {
  const labels: string[] = []
  let at = 12
  while (query[at] !== 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
    at += query[at]! + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1) }
}

function nameOfType(type: number): string {
  return Object.keys(TYPES).find(name => TYPES[name] === type) ?? String(type)
}

function answerTo(query: Buffer, entries: readonly Entry[], name: string, type: number): Buffer | undefined {
  const own = entries.filter(entry => matches(entry.name, name))
  if (own.some(entry => entry.type === 'SILENCE')) return undefined
  if (own.some(entry => entry.type === 'SERVFAIL')) return message(query, SERVFAIL, [])
  const records: Buffer[] = []
  let at = name
  for (let hops = 0; hops < 8; hops++) {
    const here = entries.filter(entry => matches(entry.name, at))
    const found = here.filter(entry => TYPES[entry.type] === type)
    records.push(...found.map(entry => record(at, type, entry)))
    const alias = found.length === 0 ? here.find(entry => entry.type === 'CNAME') : undefined
    if (!alias) break
    records.push(record(at, TYPES.CNAME!, alias))
    at = alias.value.toLowerCase().replace(/\.$/, '')
  }
  // A name is there, too, when there is something below it.
  const exists = entries.some(entry => matches(entry.name, name) || entry.name.endsWith(`.${name}`))
  return message(query, records.length > 0 || exists ? 0 : NXDOMAIN, records)
}

function matches(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)))
}

function record(name: string, type: number, { value }: Entry): Buffer {
  const data = dataOf(nameOfType(type), value)
  const head = Buffer.alloc(8)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(1, 2)
  head.writeUInt32BE(60, 4)
  return Buffer.concat([nameBytes(name), head, number16(data.length), data])
}

function dataOf(type: string, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number))
  if (type === 'AAAA') return addressBytes(value)
  if (type === 'MX') {
    const [priority = '10', host = '.'] = value.split(/\s+/)
    return Buffer.concat([number16(Number(priority)), nameBytes(host)])
  }
  if (type === 'TXT') {
    const texts = [...value.matchAll(/"([^"]*)"/g)].map(match => match[1]!)
    const pieces = texts.flatMap(text => text.match(/.{1,255}/gs) ?? [''])
    return Buffer.concat(
      pieces.map(piece => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, 'latin1')])),
    )
  }
  return nameBytes(value)
}

function addressBytes(address: string): Buffer {
  if (isIP(address) !== 6) throw new Error(`${address} is no IPv6 address`)
  const [left = '', right = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const gap = 8 - groups(left).length - groups(right).length
  const all = [...groups(left), ...Array.from({ length: gap }, () => '0'), ...groups(right)]
  return Buffer.concat(all.map(group => number16(Number.parseInt(group, 16))))
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter(Boolean)
  const parts = labels.map(label =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
  )
  return Buffer.concat([...parts, Buffer.from([0])])
}

function message(query: Buffer, code: number, records: readonly Buffer[]): Buffer {
  const question = questionBytes(query)
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  head.writeUInt16BE(0x8180 | code, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  return Buffer.concat([head, question, ...records])
}

function truncated(reply: Buffer, query: Buffer): Buffer {
  const short = Buffer.from(reply.subarray(0, 12 + questionBytes(query).length))
  short.writeUInt16BE(short.readUInt16BE(2) | 0x0200, 2)
  short.writeUInt16BE(0, 6)
  return short
}

function questionBytes(query: Buffer): Buffer {
  let at = 12
  while (query[at] !== 0) at += query[at]! + 1
  return query.subarray(12, at + 5)
}

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
