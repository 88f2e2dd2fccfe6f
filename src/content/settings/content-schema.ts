// The part of the schema of publication.yaml that is about articles, feeds and a podcast; and the kinds of values that all
// settings have, each with a description and an example.

import { z } from 'zod'
import { canonicalLanguage, readMailbox, webAddress } from '../text-values.ts'

export function articlesSchema() {
  return z
    .strictObject({
      url: z
        .string()
        .refine(
          isPattern,
          'must begin with /, hold {slug} or {path}, and know no other place than {section} {category} {year} {month} {day} {i_month} {i_day} {author}',
        )
        .default('/{section}/{year}/{slug}/')
        .meta({
          description:
            'Where articles are. `{path}` is the path of the file below articles/, `{category}` the first category, `{i_month}` and `{i_day}` have no zero before them.',
          examples: ['/{section}/{year}/{slug}/'],
        }),
      id: z
        .union([
          z.enum(['tag', 'url', 'guid']),
          z
            .string()
            .refine(
              value => isPattern(value.replace(/^(?:https?:\/\/[^/{}\s]+|tag:[^/\s]+:(?=\/))/, '')),
              'is not tag, url or guid, and not a pattern of an address with {slug} or {path}',
            ),
        ])
        .default('tag')
        .meta({
          description:
            'What the id of an article without `id:` is: `tag` (of host, year and name), `url` (its address, as most tools have it), `guid` (its `guid:`, else its address; RSS then has a `guid:` as it is written), or a pattern: `/{year}/{month}/{day}/{slug}` as Jekyll has it, `https://old.example/{slug}/` of the host that the feeds were on. Choose it before the first build: readers show what has another id once more.',
          examples: ['url', '/{year}/{month}/{day}/{slug}'],
        }),
      dates_from: z
        .enum(['git'])
        .optional()
        .meta({
          description: 'Where the date of an article comes from that has none: the first commit of its file.',
          examples: ['git'],
        }),
      pages: flag('Whether the build makes a page for each article.').default(true),
      math: flag('Whether `$…$` and `$$…$$` are formulas.').default(true),
      attachments: z
        .array(z.string().regex(/^\.?[a-z0-9_-]+$/i, 'is not the extension of a file'))
        .default([])
        .meta({
          description:
            'Extensions of files that articles may link to or show although they run in browsers or on servers: HTML, scripts, SVG with a script in it. All others of that kind are not published.',
          examples: [['html', 'svg']],
        }),
      typography: flag("Whether straight quotes become those of the article's language.").default(false),
      id_host: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'is not the name of a host')
        .optional()
        .meta({
          description: 'The host to use in ids once the domain has changed.',
          examples: ['meridian.example'],
        }),
    })
    .prefault({})
}

function isPattern(pattern: string): boolean {
  const places: string[] = pattern.match(/\{[^}]*\}/g) ?? []
  return (
    pattern.startsWith('/') &&
    (places.includes('{slug}') || places.includes('{path}')) &&
    places.every(place =>
      /^\{(section|category|year|month|day|i_month|i_day|slug|path|author)\}$/.test(place),
    ) &&
    !/\.\.|[?#\\\s]/.test(pattern)
  )
}

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
              'knows no other place than one of {section} {tag} {author}',
            ),
        )
        .default([])
        .meta({
          description:
            'Addresses that the feeds had before; `{section}`, `{tag}` and `{author}` stand for each of them. The bytes are there, too (JSON for .json, RSS where the name says rss, feed/ or index.xml, else Atom), and `serve` and hosts that read `_redirects` lead to the new one.',
          examples: [['/feed.xml', '/tags/{tag}/index.xml']],
        }),
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
}

export function podcastSchema() {
  return z
    .strictObject({
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
}

// ─── Kinds of values ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// The kinds of values that settings have, as schemas with a description and an example of a right one.

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
