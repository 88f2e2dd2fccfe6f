// The part of the schema of publication.yaml that is about feeds and a podcast.

import { z } from 'zod'
import { address, flag, home, language, mailbox, picture, text, whole } from './content-schema.ts'

export function feedsSchema() {
  return z
    .strictObject({
      items: whole('How many of the newest articles a feed carries.', 30, 100_000).default(30),
      content: z
        .enum(['full', 'summary'])
        .default('full')
        .meta({ description: 'Whole articles or summaries.', examples: ['full'] }),
      furniture: z
        .enum(['after', 'none'])
        .default('after')
        .meta({
          description:
            'Byline, dates, minutes, authors and links to other stories: after the text of an item, or not in it at all. A content always begins with the article.',
          examples: ['none'],
        }),
      per: z
        .array(z.enum(['section', 'tag', 'author']))
        .default(['section', 'tag', 'author'])
        .meta({
          description: 'Of what there are feeds besides the main one.',
          examples: [['section', 'tag']],
        }),
      main: z
        .enum(['all', 'language'])
        .default('all')
        .meta({
          description:
            'Which articles the main feed has, where there are several languages: all, or those in the language of the publication. Each of `languages` has a feed of its own.',
          examples: ['language'],
        }),
      own: z
        .array(ownFeedSchema())
        .default([])
        .meta({
          description: 'Feeds of your own, at feeds/<name>/.',
          examples: [[{ name: 'rail', tags: ['trains', 'metro'], without: { sections: ['culture'] } }]],
        }),
      archive: flag('Whether all older articles are kept in archive feeds (RFC 5005).').default(false),
      complete: flag(
        'Whether each feed carries every article there is and says so (RFC 5005, section 2): what is no longer in it is gone for its readers. `items` and `archive` mean nothing then.',
      ).default(false),
      tombstones: flag(
        'Whether the main Atom feed says which articles were withdrawn (RFC 6721). The W3C validator warns of them.',
      ).default(false),
      paths: z
        .array(
          z
            .string()
            .refine(
              value => /^\/(?!\/)[^?#\\\s]*$/.test(value) && !value.includes('..'),
              'must be a path on this site that begins with /',
            )
            .refine(
              value => /^[^{}]*(?:\{(?:section|tag|author)\}[^{}]*)?$/.test(value),
              'knows no other placeholder than one of {section} {tag} {author}',
            ),
        )
        .default([])
        .meta({
          description:
            'Addresses that the feeds had before; `{section}`, `{tag}` and `{author}` are replaced by each of them. The bytes are there, too (JSON for .json, RSS where the name says rss, feed/ or index.xml, else Atom), and `serve` and hosts that read `_redirects` lead to the new one.',
          examples: [['/feed.xml', '/tags/{tag}/index.xml']],
        }),
      hubs: z
        .array(address('A WebSub hub.', 'https://hub.example/'))
        .default([])
        .meta({ description: 'WebSub hubs.', examples: [['https://hub.example/']] }),
      markdown: flag(
        'Whether items of RSS carry their text as Markdown, too (source:markdown). The W3C validator does not know the namespace and warns of it.',
      ).optional(),
      private: flag(
        'Whether each reader of the list can have the feeds at an address of her own, from `serve`: signed, unknown to search engines, gone when she leaves.',
      ).optional(),
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
}

const names = (description: string, example: string) =>
  z
    .array(text(description, example))
    .min(1)
    .optional()
    .meta({ description, examples: [[example]] })

function feedFilter() {
  return {
    sections: names('Articles of one of these sections.', 'world'),
    tags: names('Articles that have one of these tags.', 'trains'),
    authors: names('Articles by one of these authors: ids or names.', 'city-desk'),
    languages: z
      .array(language('Articles in one of these languages.'))
      .min(1)
      .optional()
      .meta({ description: 'Articles in one of these languages.', examples: [['hi']] }),
  }
}

function ownFeedSchema() {
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]*$/, 'may contain letters a to z, digits and - only')
        .meta({ description: 'Its folder, feeds/<name>/: never change it.', examples: ['rail'] }),
      title: text('What readers call it.', 'The Meridian on rails').optional(),
      ...feedFilter(),
      without: z
        .strictObject(feedFilter())
        .optional()
        .meta({
          description: 'Articles that have any of these are left out.',
          examples: [{ sections: ['culture'] }],
        }),
      content: z
        .enum(['full', 'summary'])
        .optional()
        .meta({ description: 'Whole articles or summaries, in this feed.', examples: ['summary'] }),
      items: whole('How many of the newest articles this feed carries.', 10, 100_000).optional(),
    })
    .meta({ description: 'An article is in it that has one of the names of each kind that is given.' })
}

export function podcastSchema() {
  return z
    .strictObject({
      title: text(
        'What it is called; the title of the publication and “Podcast” when left out.',
        'The Meridian Line',
      ).optional(),
      image: picture('The cover, square, 1400 to 3000 px.', 'images/show.jpg').optional(),
      category: text(
        'One of Apple’s categories, or of its subcategories: `News > Daily News`.',
        'News',
      ).optional(),
      explicit: flag('Whether it contains explicit language.').default(false),
      type: z
        .enum(['episodic', 'serial'])
        .default('episodic')
        .meta({
          description:
            'Whether each episode can be heard by itself (episodic), or all in their order (serial).',
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
      guid: z
        .string()
        .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'is not a UUID')
        .optional()
        .meta({
          description:
            'The `podcast:guid` that the show had elsewhere. Otherwise one is made of `articles.id_host` and the path of `url`: write it here before that path changes.',
          examples: ['917393e3-1b1e-5cef-ace4-edaa54e1f810'],
        }),
      location: text('Where it is about.', 'New Delhi').optional(),
      every: z
        .enum(['day', 'week', 'month'])
        .optional()
        .meta({ description: 'How often an episode is to be expected.', examples: ['week'] }),
      podroll: z
        .array(
          z.strictObject({
            guid: text('Its podcast:guid.', '917393e3-1b1e-5cef-ace4-edaa54e1f810'),
            url: address('Address of its feed.', 'https://other.example/podcast.xml').optional(),
          }),
        )
        .default([])
        .meta({
          description: 'Other shows that this one recommends.',
          examples: [[{ guid: '917393e3-1b1e-5cef-ace4-edaa54e1f810' }]],
        }),
      txt: z
        .array(
          z.strictObject({
            purpose: text('What it is for.', 'verify').optional(),
            text: text('What a directory wants to read.', 'S6lpp-7ZCn8-dZfGc-OoyaG'),
          }),
        )
        .default([])
        .meta({
          description: 'Texts by which directories verify who owns it.',
          examples: [[{ purpose: 'verify', text: 'S6lpp-7ZCn8-dZfGc-OoyaG' }]],
        }),
      owner: z
        .strictObject({
          name: text('Who answers for it.', 'Meridian'),
          email: mailbox('Address.', 'audio@meridian.example'),
        })
        .optional(),
    })
    .optional()
}
