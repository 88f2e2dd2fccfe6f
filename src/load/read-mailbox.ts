// 'The Meridian <news@meridian.example>' → name and address, or undefined. RFC 5322 §3.4, the part of it that people write.

import type { Mailbox } from '../model.ts'

/** Neither part may hold CR, LF, NUL or another control character: they would change the headers of a letter. */
export function readMailbox(text: string): Mailbox | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses
  if (/[\0-\x1f\x7f\u2028\u2029]/.test(text)) return undefined
  const match = /^(?:(.*?)\s*<([^<>]*)>|([^<>]*))$/.exec(text.trim())
  if (!match) return undefined
  const address = (match[2] ?? match[3]!).trim()
  const at = address.lastIndexOf('@')
  if (at < 1 || !isLocalPart(address.slice(0, at)) || !isDomain(address.slice(at + 1))) return undefined
  const name = (match[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'))
  return { name, address }
}

/** RFC 5322 dot-atom, with the letters of RFC 6532. */
function isLocalPart(local: string): boolean {
  return (
    local.length <= 64 &&
    /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local)
  )
}

function isDomain(domain: string): boolean {
  return (
    domain.length <= 255 &&
    domain
      .split('.')
      .every(
        label =>
          label.length <= 63 && /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label),
      )
  )
}
