// The slots of a letter, `⟦<marker>:name⟧` or `⟦<marker>:name|fallback⟧`, and a reader → their values: her name, her
// address, any column of her row, and her own links.

import { escapeHtml, signTokens } from '../base/index.ts'
import type { Publication } from '../model.ts'
import { sendableLine } from './mail-text.ts'

export interface LetterSlot {
  readonly name: string
  /** For a reader without a value; escaped for its part of the mail (HTML or text). */
  readonly fallback: string
}

/** Text and slots in turn: always one text more than slots. A slot of another marker is text. */
export function splitAtSlots(text: string, marker: string): { texts: string[]; slots: LetterSlot[] } {
  const [first = '', ...rest] = text.split(new RegExp(`⟦${marker}:([^|⟧]*)(?:\\|([^⟧]*))?⟧`, 'u'))
  const texts = [first]
  const slots: LetterSlot[] = []
  for (let at = 0; at < rest.length; at += 3) {
    slots.push({ name: rest[at]!, fallback: rest[at + 1] ?? '' })
    texts.push(rest[at + 2]!)
  }
  return { texts, slots }
}

/** @param value of a slot, escaped for that part of the mail; undefined or '' for its fallback */
export function fillSlots(text: string, marker: string, value: (name: string) => string | undefined): string {
  const { texts, slots } = splitAtSlots(text, marker)
  return texts.reduce((filled, next, at) => {
    const { name, fallback } = slots[at - 1]!
    return filled + (value(name) || fallback) + next
  })
}

/** A reader's value for HTML text or an attribute of a publication's own template, whichever quotation marks it uses. */
export function escapeValue(value: string): string {
  return escapeHtml(value).replaceAll("'", '&#39;')
}

/** The subscriber who gets a message: a row of the ledger, or somebody who gets a test. */
export interface Reader {
  readonly subscriber: number
  /** Valid for `parseAddress`. */
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** Name of a slot → value, on one line; undefined when the reader has none. Links are computed on demand. */
export type Values = (name: string) => string | undefined

/** The addresses at which one reader unsubscribes or changes what she gets. */
export interface ReaderLinks {
  /** RFC 8058: where a POST unsubscribes; undefined without `service`. */
  readonly unsubscribe: string | undefined
  readonly mailto: string
  /** The same for a person: with a text that is ready to be sent. */
  readonly byHand: string
  /** Computed on demand: most letters have no such link. */
  preferences(): string | undefined
}

/**
 * @param edition '<newsletter>/<id>'
 * @param mailbox the address that takes unsubscribe mails
 * @param text in such a mail
 */
export function readerLinks(
  { service }: Pick<Publication, 'service'>,
  edition: string,
  secret: string,
  mailbox: string,
  text?: string,
): (reader: Pick<Reader, 'subscriber'>) => ReaderLinks {
  const base = service === undefined ? undefined : new URL(service).href
  const at = mailbox.lastIndexOf('@')
  // RFC 6068.
  const leave = `mailto:${encodeURIComponent(mailbox.slice(0, at))}@${mailbox.slice(at + 1)}?subject=unsubscribe%20`
  const body = text ? `&body=${encodeURIComponent(text)}` : ''
  const tokensOf = signTokens(secret, edition)
  return ({ subscriber }) => {
    const token = tokensOf(subscriber)
    const unsubscribe = token('unsubscribe')
    return {
      unsubscribe: base && `${base}u/${unsubscribe}`,
      mailto: `${leave}${unsubscribe}`,
      byHand: `${leave}${unsubscribe}${body}`,
      preferences: () => base && `${base}p/${token('preferences')}`,
    }
  }
}

/** Columns are the reader's own words: they are cleaned here, and the caller has to escape them. */
export function readerValues(
  reader: Reader,
  { unsubscribe, mailto, byHand, preferences }: ReaderLinks,
): Values {
  return name => {
    switch (name) {
      case 'unsubscribe_url':
        return unsubscribe ?? mailto
      case 'unsubscribe_by_hand':
        return unsubscribe ?? byHand
      case 'preferences_url':
        return preferences() ?? mailto
      case 'name':
        return cleanValue(reader.name)
      case 'email':
        return cleanValue(reader.email)
      default:
        return Object.hasOwn(reader.fields, name) ? cleanValue(reader.fields[name]!) : undefined
    }
  }
}

/** The name of a slot's value in HTML: a link can have a text for the mail in it, an address to be read cannot. */
export function nameInHtml(slot: string, leaveText: string | undefined): string {
  return slot === 'unsubscribe_url' && leaveText !== undefined ? 'unsubscribe_by_hand' : slot
}

/** One line, without control characters, and without direction marks, which could reverse what follows. */
export function cleanValue(value: string): string {
  if (/^[!-~]*(?: [!-~]+)*$/.test(value)) return value
  return sendableLine(value.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
}
