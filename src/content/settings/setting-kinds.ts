// The kinds of values that settings have, as schemas with a description and an example of a right one.

import { z } from 'zod'
import { canonicalLanguage, readMailbox, webAddress } from '../text-values.ts'

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

/** A picture, and perhaps another in its place where the background is dark. */
export const pictureForDark = (description: string, example: string) =>
  z
    .union([
      z.string().min(1),
      z.strictObject({
        src: z.string().min(1),
        alt: z.string().optional(),
        dark: z
          .string()
          .min(1)
          .meta({ description: 'The same for dark backgrounds.', examples: ['images/logo-dark.png'] })
          .optional(),
      }),
    ])
    .meta({ description, examples: [example] })

export const slug = (description: string, example: string) =>
  z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'may hold letters, digits, - and _ only')
    .meta({ description, examples: [example] })

export const whole = (description: string, example: number, max: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(max)
    .meta({ description, examples: [example] })

export const flag = (description: string) => z.boolean().meta({ description, examples: [true] })

export function language(description: string) {
  return z
    .string()
    .refine(value => canonicalLanguage(value) !== undefined, 'is not a BCP 47 language')
    .meta({ description, examples: ['en-IN'] })
}
