// The schema of what publication.yaml says of feeds and of the podcast.

import { z } from 'zod'
import { address, flag, home, mailbox, picture, text, whole } from './setting-kinds.ts'

export const feeds = z
  .strictObject({
    items: whole('How many of the newest articles a feed carries.', 30, 100_000).default(30),
    content: z
      .enum(['full', 'summary'])
      .default('full')
      .meta({ description: 'Whole articles or summaries.', examples: ['full'] }),
    per: z
      .array(z.enum(['section', 'tag', 'author']))
      .default(['section', 'tag', 'author'])
      .meta({
        description: 'Of what there are feeds besides the main one.',
        examples: [['section', 'tag']],
      }),
    archive: flag('Whether all older articles are kept in archive feeds (RFC 5005).').default(false),
    complete: flag(
      'Whether each feed carries every article there is and says so (RFC 5005, section 2): what is no longer in it is gone for its readers. `items` and `archive` mean nothing then.',
    ).default(false),
    tombstones: flag(
      'Whether the main Atom feed says which articles were withdrawn (RFC 6721). The W3C validator warns of them.',
    ).default(false),
    hubs: z
      .array(address('A WebSub hub.', 'https://hub.example/'))
      .default([])
      .meta({ description: 'WebSub hubs.', examples: [['https://hub.example/']] }),
    editor: mailbox(
      'Who answers for what is written: a name and an address, which everybody sees.',
      'Meridian Desk <desk@meridian.example>',
    ).optional(),
    webmaster: mailbox(
      'Who answers for the feeds as files: a name and an address, which everybody sees.',
      'Meridian Web <web@meridian.example>',
    ).optional(),
    moved: home(
      'The home page of the site that has these feeds now: they are redirected there (301).',
      'https://new.example/',
    ).optional(),
    ended: flag('Whether nothing will ever be published again.').default(false),
  })
  .prefault({})

export const podcast = z
  .strictObject({
    image: picture('The cover, square, 1400 to 3000 px.', 'images/show.jpg').optional(),
    category: text(
      'One of Apple’s categories, or of its subcategories: `News > Daily News`.',
      'News',
    ).optional(),
    explicit: flag('Whether it holds explicit language.').default(false),
    type: z
      .enum(['episodic', 'serial'])
      .default('episodic')
      .meta({
        description: 'Whether episodes stand alone, or are heard in their order.',
        examples: ['serial'],
      }),
    funding: z
      .array(
        z.strictObject({
          url: address('Where listeners can support it.', 'https://meridian.example/support/'),
          text: text('What the link says.', 'Support the show'),
        }),
      )
      .default([])
      .meta({
        description: 'How listeners can support it.',
        examples: [[{ url: 'https://meridian.example/support/', text: 'Support the show' }]],
      }),
    owner: z
      .strictObject({
        name: text('Who answers for it.', 'Meridian'),
        email: mailbox('Address.', 'audio@meridian.example'),
      })
      .optional(),
  })
  .optional()
