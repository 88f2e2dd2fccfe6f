// A letter's slots, `⟦<marker>:name⟧` or `⟦<marker>:name|fallback⟧`, and a reader → what they say to her: her name, her
// address, any column of her row, and the links that are hers alone.

import { signTokens } from '../base/index.ts'
import type { Publication } from '../model.ts'
import { sendableLine } from './mail-text.ts'

export interface LetterSlot {
  readonly name: string
  /** What a reader without a value sees, written for the part (HTML or text) that it stands in. */
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

/** @param value what a slot shows, written for that part; undefined or '' for its fallback */
export function fillSlots(text: string, marker: string, value: (name: string) => string | undefined): string {
  const { texts, slots } = splitAtSlots(text, marker)
  return texts.reduce((filled, next, at) => {
    const { name, fallback } = slots[at - 1]!
    return filled + (value(name) || fallback) + next
  })
}

/** A reader's value in an HTML text or attribute. */
export function escapeHtml(value: string): string {
  return /[&<>"']/.test(value)
    ? value.replace(
        /[&<>"']/g,
        sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!,
      )
    : value
}

/** One subscriber as a letter is made out to her: a row of the ledger, or somebody who gets a test. */
export interface Reader {
  readonly subscriber: number
  /** Valid, as `parseAddress` takes it. */
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** Name of a slot → value, on one line; undefined when the reader has none. Links are computed when they are asked for. */
export type Values = (name: string) => string | undefined

/** The addresses at which one reader leaves. */
export interface ReaderLinks {
  /** RFC 8058: where a POST unsubscribes; undefined without `service`. */
  readonly unsubscribe: string | undefined
  readonly mailto: string
  /** Computed when asked for: most letters have none. */
  preferences(): string | undefined
}

/**
 * @param edition '<newsletter>/<id>'
 * @param mailbox the address that takes unsubscribe mails
 */
export function readerLinks(
  { service }: Pick<Publication, 'service'>,
  edition: string,
  secret: string,
  mailbox: string,
): (reader: Pick<Reader, 'subscriber'>) => ReaderLinks {
  const base = service === undefined ? undefined : new URL(service).href
  const at = mailbox.lastIndexOf('@')
  // RFC 6068.
  const leave = `mailto:${encodeURIComponent(mailbox.slice(0, at))}@${mailbox.slice(at + 1)}?subject=unsubscribe%20`
  const tokensOf = signTokens(secret, edition)
  return ({ subscriber }) => {
    const token = tokensOf(subscriber)
    const unsubscribe = token('unsubscribe')
    return {
      unsubscribe: base && `${base}u/${unsubscribe}`,
      mailto: `${leave}${unsubscribe}`,
      preferences: () => base && `${base}p/${token('preferences')}`,
    }
  }
}

/** Columns are the reader's own words: they are cleaned, but the caller still encodes them for where they stand. */
export function readerValues(reader: Reader, { unsubscribe, mailto, preferences }: ReaderLinks): Values {
  return name => {
    switch (name) {
      case 'unsubscribe_url':
        return unsubscribe ?? mailto
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

/** One line, without control characters and without the direction marks that could turn around what follows. */
export function cleanValue(value: string): string {
  if (/^[!-~]*(?: [!-~]+)*$/.test(value)) return value
  return sendableLine(value.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
}
