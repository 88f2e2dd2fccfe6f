// The schema of publication.yaml: what each key may hold, what it is for, and an example of a right one. Editors get it
// as publication.schema.json; an error message takes its example from here.

import { z } from 'zod'
import { once, oneLine } from '../../base/index.ts'
import type { Typeface } from '../../model.ts'
import { readCalendarDay, readWeekday } from '../text-values.ts'
import {
  address,
  articlesSchema,
  flag,
  home,
  language,
  licenceSchema,
  mailbox,
  picture,
  pictureForDark,
  recommendationsSchema,
  slug,
  text,
  whole,
} from './content-schema.ts'
import { feedsSchema, podcastSchema } from './feeds-schema.ts'

/** Made when it is first asked for: most builds find settings that were checked before. */
export const settingsSchema = once(() =>
  z
    .strictObject({
      title: text('The name of the publication.', 'The Meridian'),
      tagline: z
        .string()
        .default('')
        .meta({ description: 'One line about it.', examples: ['World news'] }),
      url: home('The address of its home page.', 'https://meridian.example/'),
      language: language('BCP 47.').default('en'),
      languages: z
        .array(language('BCP 47.'))
        .default([])
        .meta({
          description:
            'Languages of articles, where folders or names of files say which: `fr/harbour.md`, `harbour.fr.md`.',
          examples: [['en', 'fr']],
        }),
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
      logo: pictureForDark(
        'A path below articles/, or an address; or `{ src, alt, dark }`, with another file for dark backgrounds.',
        'images/logo.png',
      ).optional(),
      icon: picture('A square picture: a path below articles/, or an address.', 'images/icon.png').optional(),
      accent: z
        .string()
        .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'is not a colour in hexadecimal')
        .default('#1f4e79')
        .meta({
          description: 'The colour of links and rules; quote it, # begins a comment.',
          examples: ['#9a1b2f'],
        }),
      theme: themeSchema(),
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
      variables: z
        .record(
          z.string().regex(/^[\w.-]+$/, 'may contain letters, digits, . - and _ only'),
          z.union([z.string(), z.number()]),
        )
        .optional()
        .meta({
          description: 'What `{{ site.name }}` and the like of another tool mean in texts.',
          examples: [{ name: 'The Meridian', year: 2026 }],
        }),
      content_policy: z
        .string()
        .regex(/^[\x20-\x7e]+$/, 'must be one line of plain letters')
        .optional()
        .meta({
          description:
            'Directives of a Content-Security-Policy in place of those that pages are served with, for own templates: in `out/_headers`, and where `broadsheet serve` answers.',
          examples: ['script-src https://stats.example; connect-src https://stats.example'],
        }),
      articles: articlesSchema(),
      feeds: feedsSchema(),
      podcast: podcastSchema(),
      licence: licenceSchema(),
      recommendations: recommendationsSchema(),
      newsletters: z.array(newsletterSchema()).default([]),
      blocks: z
        .array(blockSchema())
        .default([])
        .meta({ description: 'In the letters of every newsletter, before its own.' }),
      service: home('Where `broadsheet serve` answers.', 'https://letters.meridian.example/').optional(),
      mail: mailSchema(),
    })
    .meta({ title: 'publication.yaml of Broadsheet' }),
)

export type Settings = z.output<ReturnType<typeof settingsSchema>>

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function themeSchema() {
  return z
    .strictObject({
      headings: typeface('Typeface of headlines and of the name', 'serif', 'slab'),
      text: typeface('Typeface of what is read', 'serif', 'old-style'),
      labels: typeface('Typeface of bylines, captions, section names and buttons', 'sans', 'humanist'),
      masthead: z
        .enum(['center', 'start'])
        .default('center')
        .meta({
          description: 'Where the name is placed: center, or start, where lines begin.',
          examples: ['start'],
        }),
      ground: z
        .enum(['warm', 'cool', 'plain'])
        .default('warm')
        .meta({
          description: 'Greys behind and between: warm, cool, or plain for none.',
          examples: ['cool'],
        }),
      corners: z
        .enum(['square', 'round'])
        .default('square')
        .meta({ description: 'Corners of pictures, boxes and buttons: square, round.', examples: ['round'] }),
      fonts: z
        .strictObject({
          headings: ownFaces('Of headlines and of the name.'),
          text: ownFaces('Of what is read.'),
          labels: ownFaces('Of bylines, captions, section names and buttons.'),
        })
        .partial()
        .optional()
        .meta({
          description:
            'Typefaces of your own, for readers who have them; those named above follow, and Outlook for Windows has only those.',
          examples: [{ headings: ['Tiempos Headline'], labels: ['National 2', 'Inter'] }],
        }),
    })
    .prefault({})
}

function ownFaces(description: string) {
  const face = z
    .string()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u,
      'is not the name of a typeface; write it without quotes and commas',
    )
  return z
    .union([face.transform(name => [name]), z.array(face).min(1)])
    .meta({ description, examples: [['Tiempos Headline']] })
}

function typeface(description: string, usual: Typeface, example: Typeface) {
  const faces = ['serif', 'old-style', 'slab', 'sans', 'humanist'] as const satisfies readonly Typeface[]
  return z
    .enum(faces)
    .default(usual)
    .meta({ description: `${description}: ${faces.join(', ')}.`, examples: [example] })
}

function newsletterSchema() {
  return z
    .strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]*$/i, 'may contain letters a to z, digits, - and _ only')
        .meta({
          description: 'Its name in commands, files and the ledger; never change it.',
          examples: ['weekly'],
        }),
      title: text('What readers see.', 'The Meridian Weekly').optional(),
      every: z
        .enum(['article', 'day', 'week', 'month'])
        .default('week')
        .meta({ description: 'How often an edition is due.', examples: ['week'] }),
      on: z
        .union([z.string(), z.number().int().min(1).max(31)])
        .refine(value => typeof value === 'number' || readWeekday(value) !== undefined, 'is not a day')
        .optional()
        .meta({
          description: 'The weekday, or the day of the month (the last day where a month is shorter).',
          examples: ['friday', 1],
        }),
      at: z
        .string()
        .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'is not a time of the day')
        .default('07:00')
        .meta({ description: "Local time in the publication's zone.", examples: ['07:00'] }),
      since: z
        .string()
        .refine(value => readCalendarDay(value) !== undefined, 'is not a day of the calendar')
        .optional()
        .meta({
          description:
            'The day of its first edition: there is none before. Without it, every window since the first article counts as an edition.',
          examples: ['2026-01-30'],
        }),
      from: mailbox('The sender: a name and an address.', 'The Meridian <news@meridian.example>'),
      reply_to: mailbox('Where answers go.', 'desk@meridian.example').optional(),
      sections: z
        .array(z.union([z.string(), sectionLayoutSchema()]))
        .min(1)
        .optional()
        .meta({
          description:
            'Only these sections; all when left out. Each by its slug, or with a layout and a limit of its own.',
          examples: [['world', { section: 'business', layout: 'headlines', limit: 5 }]],
        }),
      tags: z
        .array(z.string())
        .min(1)
        .optional()
        .meta({ description: 'Only articles with one of these tags.', examples: [['india']] }),
      subject: z
        .string()
        .min(1)
        .refine(value => !/[\r\n\0]/.test(value), 'must be on one line')
        .default('{{edition.lead.title}}')
        .meta({
          description:
            'Handlebars over `edition` (`id`, `lead`, `articles`, `parts`, `newsletter`, `sendAt`) and `publication` (`title`, `tagline`, `url` and what else is set), in quotes; `{{reader "name" "there"}}` too. Where it comes to nothing: the newsletter’s title and the date.',
          examples: ['{{edition.lead.title}}'],
        }),
      rate: z
        .number()
        .positive()
        .optional()
        .meta({
          description: 'Its messages a second, over all senders; within `mail.rate`. No limit when left out.',
          examples: [5],
        }),
      language: language('When it differs from the publication’s.').optional(),
      layout: z
        .enum(['auto', 'cards', 'compact'])
        .default('auto')
        .meta({ description: 'How the letter shows articles.', examples: ['auto'] }),
      blocks: z.array(blockSchema()).optional(),
    })
    .meta({ description: 'A standing offer that people subscribe to.' })
}

function sectionLayoutSchema() {
  return z.strictObject({
    section: z.string().meta({ description: 'The slug of the section.', examples: ['business'] }),
    layout: z
      .enum(['hero', 'cards', 'list', 'columns', 'headlines'])
      .optional()
      .meta({
        description:
          'How the letter shows it: the first story large, text beside pictures, small square pictures, two columns, or headlines alone.',
        examples: ['headlines'],
      }),
    limit: z
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many articles at most; the others are counted and linked.', examples: [5] }),
  })
}

function blockSchema() {
  return z
    .strictObject({
      text: text('Markdown.', '**Tea House** – open until nine. [Reserve a table](https://tea.example/)'),
      title: text('The line above it.', 'Our sponsor').default('').transform(oneLine),
      place: z
        .enum(['top', 'after-lead', 'between', 'bottom'])
        .default('bottom')
        .meta({
          description: 'Where in the letter; `between` is after the first section.',
          examples: ['after-lead'],
        }),
      advertisement: flag('Labelled as an advertisement, in the language of the letter.').default(false),
      kind: z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/, 'may contain small letters, digits and - only')
        .optional()
        .meta({
          description: 'Shown by your own `templates/partials/block-<kind>.mjml.hbs`, where there is one.',
          examples: ['event'],
        }),
    })
    .meta({ description: 'Something of your own in every letter: a sponsor, an event, a quotation.' })
}

function mailSchema() {
  return z
    .strictObject({
      bounces: mailbox('The address that takes bounces.', 'bounces@meridian.example').optional(),
      rate: z
        .number()
        .positive()
        .optional()
        .meta({
          description: 'Messages a second, of all newsletters and senders together; no limit when left out.',
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
      warm_up: z
        .strictObject({
          start: whole('Readers on the first day.', 200, 1_000_000).default(50),
          growth: z
            .number()
            .min(1.1)
            .max(4)
            .default(1.5)
            .meta({ description: 'Each day’s limit is the last one’s times this.', examples: [2] }),
          end: whole('From this limit on there is none.', 50_000, 10_000_000).default(100_000),
        })
        .refine(({ start, end }) => end > start, 'must have an `end` above its `start`')
        .optional()
        .meta({
          description:
            'For a domain or an address that has not sent before: so many readers on the first day, and more each day; the rest of an edition waits for the next day.',
          examples: [{ start: 200, growth: 2, end: 50_000 }],
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
    .prefault({})
}
