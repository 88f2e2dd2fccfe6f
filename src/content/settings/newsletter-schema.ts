// The schema of one newsletter in publication.yaml.

import { z } from 'zod'
import { language, mailbox, text } from './setting-kinds.ts'
import { weekday } from './weekday.ts'

export const newsletter = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]*$/i, 'may hold letters a to z, digits, - and _ only')
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
      .refine(value => typeof value === 'number' || weekday(value) !== undefined, 'is not a day')
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
    from: mailbox('The sender: a name and an address.', 'The Meridian <news@meridian.example>'),
    reply_to: mailbox('Where answers go.', 'desk@meridian.example').optional(),
    sections: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ description: 'Only these sections; all when left out.', examples: [['world', 'business']] }),
    tags: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ description: 'Only articles with one of these tags.', examples: [['india']] }),
    subject: z
      .string()
      .min(1)
      .refine(value => !/[\r\n\0]/.test(value), 'must stand on one line')
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
  })
  .meta({ description: 'A standing offer that people subscribe to.' })
