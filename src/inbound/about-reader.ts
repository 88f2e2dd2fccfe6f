// A mail → the reader whom it is about. Anybody can write a mail, so that comes only from what we signed: the address that it
// came to, and whatever of our letter it quotes.

import { readBounceAddress, readToken } from '../base/index.ts'
import { allParts, type Fields, type MimePart } from './read-mime.ts'

/** Whose it is: by the envelope sender, or by the link in the letter. */
export interface About {
  readonly subscriber: number
  /** '<newsletter>/<id>', or `tag`, the short form of an envelope sender. */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
}

const ADDRESSED = ['x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc']

/** All that may say to which of our addresses it came. */
export function addressesOf(fields: Fields, recipient: string): string[] {
  return [recipient, ...ADDRESSED.flatMap(name => fields.get(name) ?? [])]
}

/** By the address that it came to: nobody but a server of ours or of the reader's knows it. */
export function aboutByAddress(secret: string, fields: Fields, recipient: string): About | undefined {
  for (const address of addressesOf(fields, recipient)) {
    const claim = readBounceAddress(secret, address)
    if (claim) return claim
  }
  return undefined
}

/** So many signatures are checked in one mail: it may have been made to be a burden. */
const MAX_CHECKS = 300

/** By the letter that it quotes: returned whole, as headers, or in the middle of a text. */
export function aboutByQuote(secret: string, mail: MimePart): About | undefined {
  let checks = 0
  for (const text of quotedTexts(mail)) {
    const address = readBounceAddress(secret, text)
    if (address) return address
    for (const token of tokensIn(text)) {
      if (checks++ > MAX_CHECKS) return undefined
      const claim = readToken(secret, 'unsubscribe', token) ?? readToken(secret, 'preferences', token)
      if (claim) return claim
    }
  }
  return undefined
}

/** The fields first, where a letter has its links whole; texts also without the line breaks of quoted-printable. */
function* quotedTexts(mail: MimePart): Generator<string> {
  for (const part of allParts(mail)) {
    yield [...part.fields].flatMap(([, values]) => values).join('\n')
  }
  for (const { text } of allParts(mail)) {
    if (text === '') continue
    yield text
    if (text.includes('=\n')) yield text.replaceAll('=\n', '').replaceAll('=3D', '=')
  }
}

/** All that looks like a token of ours: in base32, or in base64url as it once was. */
export function* tokensIn(text: string): Generator<string> {
  for (const [token] of text.matchAll(/(?<![\w-])[a-z2-7]{4,400}\.[a-z2-7]{32}(?![\w-])/gi)) yield token
  for (const [token] of text.matchAll(/(?<![\w-])[\w-]{4,400}\.[\w-]{43}(?![\w-])/g)) yield token
}
