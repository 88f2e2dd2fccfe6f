// The kinds of values that settings hold, as schemas with a description and an example of a right one.

import { z } from 'zod'
import { parseAddress } from '../../base/index.ts'
import type { Mailbox } from '../../model.ts'
import { isLanguage } from '../articles/language.ts'
import { webAddress } from '../articles/web-address.ts'

export const text = (description: string, ...examples: string[]) =>
  z.string().trim().min(1, 'must not be empty').meta({ description, examples })

const webText = () =>
  z
    .string()
    .refine(value => webAddress(value) !== undefined, 'is not an http:// or https:// address')
    // It goes into pages, feeds and letters.
    .refine(
      value => !webAddress(value)?.username && !webAddress(value)?.password,
      'must hold no user name and no password: everybody would read them',
    )

export const address = (description: string, example: string) =>
  webText().meta({ description, examples: [example], format: 'uri' })

/** Where something begins: paths are put behind it. */
export const home = (description: string, example: string) =>
  webText()
    .refine(value => !/[?#]/.test(value), 'must end before ? and #: paths are put behind it')
    .meta({ description, examples: [example], format: 'uri' })

export const mailbox = (description: string, example: string) =>
  z
    .string()
    .refine(value => readMailbox(value) !== undefined, 'is not a mail address on one line')
    .meta({ description, examples: [example] })

export const picture = (description: string, example: string) =>
  z
    .union([z.string().min(1), z.strictObject({ src: z.string().min(1), alt: z.string().optional() })])
    .meta({ description, examples: [example] })

export const slug = (description: string, example: string) =>
  z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'may hold letters, digits, - and _ only')
    .meta({ description, examples: [example] })

export const whole = (description: string, example: number, most: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(most)
    .meta({ description, examples: [example] })

export const flag = (description: string) => z.boolean().meta({ description, examples: [true] })

export function language(description: string) {
  return z
    .string()
    .refine(isLanguage, 'is not a BCP 47 language')
    .meta({ description, examples: ['en-IN'] })
}

// MERGED src/content/settings/read-mailbox.ts
// 'The Meridian <news@meridian.example>' → name and address, or undefined. RFC 5322 §3.4, the part of it that people write.

/** Neither part may hold CR, LF, NUL or another control character: they would change the headers of a letter. */
export function readMailbox(text: string): Mailbox | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return undefined
  const match = /^(?:(.*?)\s*<([^<>]*)>|([^<>]*))$/.exec(text.trim())
  const parsed = match && parseAddress(match[2] ?? match[3]!)
  if (!parsed) return undefined
  const quoted = /^"(.*)"$/.exec(match[1]?.trim() ?? '')?.[1]
  return { name: quoted?.replace(/\\(.)/g, '$1') ?? match[1]?.trim() ?? '', address: parsed.address }
}

// MERGED src/content/settings/weekday.ts
// Name of a day of the week → its number, as ISO 8601 counts.

/** 'friday', 'Fri', '5' → 5; Monday is 1. */
export function weekday(name: string): number | undefined {
  const at = weekdays.findIndex(day => name.length >= 3 && day.startsWith(name.trim().toLowerCase()))
  return at === -1 ? undefined : at + 1
}
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
