// Names and values ⇄ one piece of bytes, of which a single value is read without the others: ten thousand objects take
// longer to bring back than all else that the change of one article asks for.

/** More questions than these, and a list of all places is made first. */
const FEW = 100

const NEXT = 0x0a
const BETWEEN = 0x09

export interface Packed<Value> {
  get(name: string): Value | undefined
}

/** @param entries whose values JSON can write; of those with the same name the first is found */
export function packMap(entries: Iterable<readonly [string, unknown]>): Uint8Array {
  let lines = '\n'
  for (const [name, value] of entries) lines += `${JSON.stringify(name)}\t${JSON.stringify(value)}\n`
  return Buffer.from(lines)
}

export function openPacked<Value>(packed: Uint8Array): Packed<Value> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length)
  let places: Map<string, number> | undefined
  let asked = 0

  /** @returns where the value begins; -1 for none */
  function find(name: string): number {
    const written = JSON.stringify(name)
    if (places || ++asked > FEW) {
      places ??= listPlaces(bytes)
      return places.get(written) ?? -1
    }
    // Neither sign is in JSON that stands on one line.
    const line = Buffer.from(`\n${written}\t`)
    const at = bytes.indexOf(line)
    return at === -1 ? -1 : at + line.length
  }

  return {
    get(name) {
      const start = find(name)
      if (start === -1) return undefined
      return JSON.parse(bytes.toString('utf8', start, bytes.indexOf(NEXT, start))) as Value
    },
  }
}

function listPlaces(bytes: Buffer): Map<string, number> {
  const places = new Map<string, number>()
  for (let at = 1; at < bytes.length; ) {
    const between = bytes.indexOf(BETWEEN, at)
    const name = bytes.toString('utf8', at, between)
    if (!places.has(name)) places.set(name, between + 1)
    at = bytes.indexOf(NEXT, between) + 1
  }
  return places
}
