// The part of the schema of publication.yaml that is about articles and their licence; and the kinds of values that all
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
          'must begin with /, hold {slug}, {path}, {hugo_path}, {zola_path}, {docusaurus_path} or {pelican_slug}, and know no other placeholder than {section} {category} {categories} {year} {month} {day} {i_month} {i_day} {author}',
        )
        .default('/{section}/{year}/{slug}/')
        .meta({
          description:
            'Where articles are. `{path}` is the path of the file below articles/, `{hugo_path}` the same in Hugo’s spelling, `{zola_path}` in Zola’s, `{docusaurus_path}` the slug, else date and name as Docusaurus has them, `{pelican_slug}` the slug, else the title as Pelican has it, `{category}` the first category, `{categories}` all of them as folders, `{i_month}` and `{i_day}` have no zero before them.',
          examples: ['/{section}/{year}/{slug}/'],
        }),
      id: z
        .union([
          z.enum(['tag', 'url', 'guid']),
          z
            .string()
            .refine(
              value => isPattern(value.replace(/^(?:https?:\/\/[^/{}\s]+|tag:[^/\s]+:(?=\/))/, '')),
              'is not tag, url or guid, and not a pattern of an address with {slug}, {path}, {hugo_path}, {zola_path}, {docusaurus_path} or {pelican_slug}',
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
      markdown: flag(
        'Whether each page has a twin in Markdown beside it (index.md), for programs: the text as readers see it, and nothing that is kept from them. `serve` answers with it where text/markdown is asked for.',
      ).optional(),
      highlight: flag(
        'Whether code of a known language has colours on pages and in letters. Feeds have its language and no colours.',
      ).default(true),
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
    places.some(place => /^\{(slug|path|hugo_path|zola_path|docusaurus_path|pelican_slug)\}$/.test(place)) &&
    places.every(place =>
      /^\{(section|category|categories|year|month|day|i_month|i_day|slug|path|hugo_path|zola_path|docusaurus_path|pelican_slug|author)\}$/.test(
        place,
      ),
    ) &&
    !/\.\.|[?#\\\s]/.test(pattern)
  )
}

// RSL 1.0 §3.4 and §3.6: what machines use content for, and what it costs them.
const USAGES = ['all', 'ai-all', 'ai-train', 'ai-input', 'ai-index', 'search'] as const
const PAYMENTS = [
  'free',
  'attribution',
  'purchase',
  'subscription',
  'training',
  'crawl',
  'use',
  'contribution',
] as const

export function licenceSchema() {
  const usages = (description: string, example: (typeof USAGES)[number]) =>
    z
      .array(z.enum(USAGES))
      .default([])
      .meta({ description, examples: [[example]] })
  return z
    .union([
      z.string().trim().min(1),
      z.strictObject({
        name: text('An identifier of SPDX, or words of your own.', 'CC-BY-4.0').optional(),
        url: address('Where its text is.', 'https://creativecommons.org/licenses/by/4.0/').optional(),
        permits: usages(`What machines may do: ${USAGES.join(', ')}.`, 'search'),
        prohibits: usages('What they may not.', 'ai-train'),
        payment: z
          .enum(PAYMENTS)
          .optional()
          .meta({ description: 'What it costs them.', examples: ['attribution'] }),
      }),
    ])
    .optional()
    .meta({
      description:
        'What others, and machines, may do with the articles: an identifier of SPDX, an address, or terms. It goes into feeds (RSL 1.0), license.rsl, robots.txt and pages; an article may have a `licence:` of its own.',
      examples: ['CC-BY-4.0', { name: 'All rights reserved', permits: ['search'], prohibits: ['ai-train'] }],
    })
}

export function recommendationsSchema() {
  return z
    .array(
      z.strictObject({
        title: text('What it is called.', 'The Other Paper'),
        feed: address('Address of its feed.', 'https://other.example/rss.xml'),
        site: address('Its home page.', 'https://other.example/').optional(),
      }),
    )
    .default([])
    .meta({
      description: 'Publications elsewhere that you recommend: .well-known/recommendations.opml.',
      examples: [[{ title: 'The Other Paper', feed: 'https://other.example/rss.xml' }]],
    })
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
      'must not contain a user name or a password: everybody could read them',
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
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'may contain letters, digits, - and _ only')
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
