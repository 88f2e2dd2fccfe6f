// 'The Meridian <news@meridian.example>' → name and address, or undefined. RFC 5322 §3.4, the part of it that people write.

import { parseAddress } from '../../base/index.ts'
import type { Mailbox } from '../../model.ts'

/** Neither part may hold CR, LF, NUL or another control character: they would change the headers of a letter. */
export function readMailbox(text: string): Mailbox | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return undefined
  const match = /^(?:(.*?)\s*<([^<>]*)>|([^<>]*))$/.exec(text.trim())
  const parsed = match && parseAddress(match[2] ?? match[3]!)
  if (!parsed) return undefined
  const quoted = /^"(.*)"$/.exec(match[1]?.trim() ?? '')?.[1]
  return { name: quoted?.replace(/\\(.)/g, '$1') ?? match[1]?.trim() ?? '', address: parsed.address }
}
