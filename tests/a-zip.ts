// Files → a zip archive of them, as it is made to try those who read archives.

import { crc32, deflateRawSync } from 'node:zlib'

export interface Packed {
  readonly name: string
  readonly data: Uint8Array
  readonly isDeflated?: boolean
  /** Unix mode in the upper half. */
  readonly attributes?: number
  readonly flags?: number
  /** Said to be its size unpacked. */
  readonly size?: number
  /** Said to be its CRC-32. */
  readonly sum?: number
  /** Said to be where it begins. */
  readonly place?: number
}

/** PKWARE's APPNOTE, 4.3. @param count said to be that of the entries */
export function aZip(entries: readonly Packed[], count = entries.length): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const {
    name,
    data,
    isDeflated = false,
    attributes = 0,
    flags = 0,
    size = data.length,
    sum = crc32(data),
    place = offset,
  } of entries) {
    const packed = isDeflated ? deflateRawSync(data) : Buffer.from(data)
    const path = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(isDeflated ? 8 : 0, 4)
    fields.writeUInt32LE(sum, 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(size, 18)
    fields.writeUInt16LE(path.length, 22)
    local.push(Buffer.from('PK\u0003\u0004'), fields, path, packed)
    const more = Buffer.alloc(14)
    more.writeUInt32LE(attributes >>> 0, 6)
    more.writeUInt32LE(place, 10)
    central.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), fields, more, path)
    offset += 4 + fields.length + path.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(count, 4)
  end.writeUInt16LE(count, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end])
}
