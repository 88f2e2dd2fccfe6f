// A name for a file or a folder → the same, save where it is one of the devices that Windows knows by their names: neither
// can be made there, nor a git checkout that holds it.

import { createHash } from 'node:crypto'

/** Whatever follows behind a dot. Of the digits those that stand raised as well. */
const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\.|$)/i

/** 'con' → 'con-1143da', 'con.txt' → 'con-d3bde2.txt'. */
export function portableName(name: string): string {
  return RESERVED.test(name) ? name.replace(RESERVED, device => `${device}-${mark(name)}`) : name
}

/** What tells one name from all others, where the rest of it is not its own: six letters and digits. */
export function mark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6)
}
