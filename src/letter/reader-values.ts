// Reader and edition → what her slots say: her name, her address, any column of her row, and the links that are hers alone.

import { signTokens } from '../base/index.ts'
import type { Publication } from '../model.ts'
import { sendableLine } from './sendable.ts'

/** One subscriber as a letter is made out to her: a row of the ledger, or somebody who gets a test. */
export interface Reader {
  readonly subscriber: number
  /** Valid, as `parseAddress` takes it. */
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/** Slot name → value, on one line; undefined when the reader has none. Links are computed when they are asked for. */
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
