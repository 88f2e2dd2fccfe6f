// An attachment → its bytes, unpacked where it is gzip or zip; never more than a report has.

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** What a report unpacks to: some hundred thousand sources. One that is mostly repetition was made to be a burden. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024
const MAX_RATIO = 200
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

/** Why it is of no use. @param isReport which kind it is, where that is certain */
export class Unusable extends Error {
  readonly isReport: string | undefined

  constructor(message: string, isReport?: string) {
    super(message)
    this.isReport = isReport
  }
}

/** @throws Unusable for what is broken, or was made to be a burden */
export async function* unpack(content: Buffer): AsyncGenerator<Buffer> {
  const stream = await unpacked(content)
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_UNPACKED_BYTES) throw new Unusable('it unpacks to more than 32 MB')
      if (bytes > RATIO_COUNTS_FROM_BYTES && bytes > content.length * MAX_RATIO)
        throw new Unusable(`it unpacks to more than ${MAX_RATIO} times its size`)
      yield chunk
    }
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable(`it cannot be unpacked: ${(error as Error).message}`)
  } finally {
    stream.destroy()
  }
}

/** By its first bytes: what reporters call the type differs. */
async function unpacked(content: Buffer): Promise<Readable> {
  if (content[0] === 0x1f && content[1] === 0x8b) {
    const packed = Readable.from([content])
    const gunzip = createGunzip()
    packed.pipe(gunzip)
    return gunzip
  }
  if (content.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return unzipped(content)
  return Readable.from([content])
}

/** The one file of the archive. */
async function unzipped(content: Buffer): Promise<Readable> {
  const { default: yauzl } = await import('yauzl')
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(content, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(new Unusable(`its archive is broken: ${error.message}`))
      zip.on('error', broken => reject(new Unusable(`its archive is broken: ${broken.message}`)))
      zip.on('end', () => reject(new Unusable('its archive holds no file')))
      zip.on('entry', entry => {
        if (/\/$|^__MACOSX\//.test(entry.fileName)) return zip.readEntry()
        if (entry.isEncrypted()) return reject(new Unusable('its archive is encrypted'))
        zip.openReadStream(entry, (unreadable, stream) =>
          unreadable ? reject(new Unusable(`its archive is broken: ${unreadable.message}`)) : resolve(stream),
        )
      })
      zip.readEntry()
    })
  })
}
