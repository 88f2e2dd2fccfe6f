// A message's bytes → the same as they stand between DATA and the final dot: dots stuffed, whole lines. RFC 5321 §4.5.2.

/**
 * A search for line ends is the machine’s own, and several times faster than a look at each byte.
 *
 * @returns undefined where a CR or LF stands alone (RFC 5321 §2.3.8) or the last line has no end: that takes more than
 * dots
 */
export function wireForm(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (!text.endsWith('\r\n')) return undefined
  let dots = text.startsWith('.')
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    if (end < 1 || text.indexOf('\r', at) !== end - 1) return undefined
    at = end + 1
    if (text.charCodeAt(at) === 0x2e) dots = true
  }
  return dots ? Buffer.from(text.replace(/^\./gm, '..'), 'latin1') : bytes
}
