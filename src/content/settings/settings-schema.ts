// The schema of publication.yaml: what each key may hold, what it is for, and an example of a right one. Editors get it
// as publication.schema.json; an error message takes its example from here.

import { z } from 'zod'
import { feeds, podcast } from './feeds-schema.ts'
import { newsletter } from './newsletter-schema.ts'
import { address, flag, home, language, mailbox, picture, slug, text, whole } from './setting-kinds.ts'
import { theme } from './theme-schema.ts'

export const settingsSchema = z
  .strictObject({
    title: text('The name of the publication.', 'The Meridian'),
    tagline: z
      .string()
      .default('')
      .meta({ description: 'One line about it.', examples: ['World news'] }),
    url: home('The address of its home page.', 'https://meridian.example/'),
    language: language('BCP 47.').default('en'),
    timezone: z
      .string()
      .refine(isTimezone, 'is not an IANA time zone')
      .default('UTC')
      .meta({
        description: 'IANA name; a date without an offset is in this zone.',
        examples: ['Asia/Kolkata'],
      }),
    rights: z
      .string()
      .default('')
      .meta({ description: 'Copyright line.', examples: ['© 2026 The Meridian'] }),
    address: z
      .string()
      .default('')
      .meta({
        description: 'Postal address, printed in every letter.',
        examples: ['12 Observatory Road, New Delhi'],
      }),
    logo: picture('A path below articles/, or an address.', 'images/logo.png').optional(),
    icon: picture('A square picture: a path below articles/, or an address.', 'images/icon.png').optional(),
    accent: z
      .string()
      .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'is not a colour in hexadecimal')
      .default('#1f4e79')
      .meta({
        description: 'The colour of links and rules; quote it, # begins a comment.',
        examples: ['#9a1b2f'],
      }),
    theme,
    social: z
      .array(
        z.strictObject({
          name: text('What the link says.', 'Instagram'),
          url: address('Where it leads.', 'https://instagram.example/meridian'),
        }),
      )
      .default([])
      .meta({
        description: 'Profiles elsewhere.',
        examples: [[{ name: 'Instagram', url: 'https://instagram.example/meridian' }]],
      }),
    sections: z
      .record(slug('Its name in front matter and addresses.', 'world'), text('What readers see.', 'World'))
      .default({})
      .meta({
        description: 'Slug: title, in the order of a letter.',
        examples: [{ world: 'World', business: 'Business' }],
      }),
    articles: z
      .strictObject({
        url: z
          .string()
          .refine(
            isPattern,
            'must begin with /, hold {slug}, and know no other place than {section} {year} {month} {day} {author}',
          )
          .default('/{section}/{year}/{slug}/')
          .meta({ description: 'Where articles stand.', examples: ['/{section}/{year}/{slug}/'] }),
        pages: flag('Whether the build makes a page for each article.').default(true),
        typography: flag("Whether straight quotes become those of the article's language.").default(false),
        id_host: z
          .string()
          .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'is not the name of a host')
          .optional()
          .meta({
            description: 'Host that stands in the ids, once the domain has changed.',
            examples: ['meridian.example'],
          }),
      })
      .prefault({}),
    feeds,
    podcast,
    newsletters: z.array(newsletter).default([]),
    service: home('Where `broadsheet serve` answers.', 'https://letters.meridian.example/').optional(),
    mail: z
      .strictObject({
        bounces: mailbox('The address that takes bounces.', 'bounces@meridian.example').optional(),
        rate: z
          .number()
          .positive()
          .optional()
          .meta({
            description:
              'Messages a second, of all newsletters and senders together; no limit when left out.',
            examples: [20],
          }),
        connections: whole('Connections to the mail server at once.', 10, 1000).default(5),
        domains: z
          .record(
            text('The domain of readers’ addresses.', 'gmail.com'),
            z
              .number()
              .positive()
              .meta({ description: 'Messages a second.', examples: [5] }),
          )
          .optional()
          .meta({
            description: 'Domains that get fewer messages a second than the others.',
            examples: [{ 'gmail.com': 5 }],
          }),
        dkim: z
          .strictObject({
            domain: text('The signing domain.', 'meridian.example'),
            selector: text('The name of its key in DNS.', 's1'),
            ed25519: z
              .strictObject({ selector: text('The name of that key in DNS.', 'e1') })
              .optional()
              .meta({
                description: 'A second signature, by an Ed25519 key (RFC 8463).',
                examples: [{ selector: 'e1' }],
              }),
          })
          .optional(),
      })
      .prefault({}),
  })
  .meta({ title: 'publication.yaml of Broadsheet' })

export type Settings = z.output<typeof settingsSchema>

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function isPattern(pattern: string): boolean {
  const places: string[] = pattern.match(/\{[^}]*\}/g) ?? []
  return (
    pattern.startsWith('/') &&
    places.includes('{slug}') &&
    places.every(place => /^\{(section|year|month|day|slug|author)\}$/.test(place)) &&
    !/\.\.|[?#\\\s]/.test(pattern)
  )
}
