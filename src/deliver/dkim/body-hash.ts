// The body of a mail → its `bh=`: SHA-256 of the body in relaxed form, base64. RFC 6376 §3.4.4.

import { createHash } from 'node:crypto'

const CRLF = Buffer.from('\r\n')

/** @param body CRLF line ends */
export function bodyHash(body: Buffer): string {
  const hash = createHash('sha256')
  const relaxed = isRelaxed(body) ? body : relax(body)
  const end = endOfText(relaxed)
  // An empty body stays empty, every other ends with one line end.
  if (end > 0) hash.update(relaxed.subarray(0, end)).update(CRLF)
  return hash.digest('base64')
}

/** Nothing to change but the end: what we compose is mostly so, and looking is cheaper than writing anew. */
function isRelaxed(body: Buffer): boolean {
  return !body.includes('  ') && !body.includes('\t') && !body.includes(' \r\n') && body.at(-1) !== 0x20
}

function relax(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    .replace(/[ \t]{2,}|\t/g, ' ')
    .replace(/ (?=\r\n|$)/g, '')
  return Buffer.from(text, 'latin1')
}

/** Without the empty lines at the end. */
function endOfText(body: Buffer): number {
  let end = body.length
  while (end >= 2 && body[end - 1] === 0x0a && body[end - 2] === 0x0d) end -= 2
  return end
}
