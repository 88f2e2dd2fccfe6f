// An edition and its letter → the files of `editions/<newsletter>/<id>/`: the page for browsers, and the letter as a sample
// reader gets it.

import { isoTime, openZone } from '../base/index.ts'
import { newsletterChannels } from '../content/index.ts'
import type { Edition, Letter, Loaded, Message, OutputFile, Publication } from '../model.ts'
import { feedLinks } from '../site/index.ts'
import { composeLetter } from './compose-message.ts'
import { escapeValue, fillSlots, nameInHtml, type Reader, readerLinks, readerValues } from './mail-text.ts'

/** The JSON document of an edition, printed by `edition --json` and written to `edition.json`: its names are stable. */
export interface EditionJson {
  readonly id: string
  readonly newsletter: string
  /** ISO 8601 in the publication's zone. */
  readonly from: string
  readonly until: string
  readonly subject: string
  /** Article ids, in the order of the letter. */
  readonly articles: readonly string[]
  readonly left_out: readonly { readonly article: string; readonly why: string }[]
}

/** The reader of sample letters. No real link is signed with this secret. */
const SAMPLE: Reader = { subscriber: 0, email: 'reader@example.com', name: 'Sample Reader', fields: {} }
const SAMPLE_SECRET = 'sample'

const NAMES = ['index.html', 'letter.html', 'letter.txt', 'message.eml', 'edition.json'] as const

/** Of its files, in their order. @param edition '<newsletter>/<id>' */
export function editionPaths(edition: string): string[] {
  return NAMES.map(name => `editions/${edition}/${name}`)
}

export function editionFiles(edition: Edition, letter: Letter, loaded: Loaded): OutputFile[] {
  const { publication } = loaded
  const leave = publication.service ?? publication.url
  const anybody = (name: string) =>
    name === 'unsubscribe_url' || name === 'preferences_url' ? escapeValue(leave) : undefined
  const { marker } = letter
  const page = fillSlots(letter.html, marker, anybody)
  // Its message is dated with the time at which the edition is due: the same bytes on every machine.
  const sample = letterForReader(letter, edition, publication)
  const subject = fillSlots(letter.subject, marker, () => undefined)
  const json = editionJson(edition, subject, publication.timezone)
  const bodies = {
    'index.html': announced(withOwnPictures(page, publication), letter, loaded),
    'letter.html': withOwnPictures(sample.html, publication),
    'letter.txt': sample.text,
    'message.eml': sample.message.bytes,
    'edition.json': `${JSON.stringify(json, null, 2)}\n`,
  } satisfies Record<(typeof NAMES)[number], string | Uint8Array>
  return editionPaths(letter.edition).map((path, at) => ({ path, body: bodies[NAMES[at]!] }))
}

/** From `editions/<newsletter>/<id>/` to `out/`. */
const TO_TOP = '../../../'

/** Own pictures by relative addresses: shown before anything is published, and from a disk. Only messages have no place. */
function withOwnPictures(html: string, { url }: Publication): string {
  const own = ` src="${escapeValue(url)}`
  return html.replaceAll(own, () => ` src="${TO_TOP}`)
}

/** Only the page for browsers announces the feed of these editions. */
function announced(html: string, { newsletter }: Letter, loaded: Loaded): string {
  const channel = newsletterChannels(loaded).find(({ slug }) => slug === newsletter)
  const links = (channel ? feedLinks(loaded.publication, channel) : []).map(
    ({ title, type, url }) =>
      `<link rel="alternate" type="${type}" title="${escapeValue(title)}" href="${escapeValue(url)}">\n`,
  )
  return html.replace('</head>', () => `\n${links.join('')}</head>`)
}

/** @param subject with the fallbacks of its slots */
export function editionJson(edition: Edition, subject: string, timezone: string): EditionJson {
  return {
    id: edition.id,
    newsletter: edition.newsletter.id,
    from: isoTime(edition.from, openZone(timezone)),
    until: isoTime(edition.until, openZone(timezone)),
    subject,
    articles: edition.articles.map(article => article.id),
    left_out: edition.leftOut.map(({ article, why }) => ({ article, why })),
  }
}

/** A letter as one reader gets it. */
export interface ReadersLetter {
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly message: Message
}

/** For looking at: links of the reader's own are there, and lead nowhere. @param who in place of the sample reader */
export function letterForReader(
  letter: Letter,
  { newsletter, sendAt }: Pick<Edition, 'newsletter' | 'sendAt'>,
  publication: Publication,
  who: Partial<Pick<Reader, 'name' | 'email' | 'fields'>> = {},
): ReadersLetter {
  const reader = { ...SAMPLE, ...who }
  const mailbox = publication.mail.bounces ?? (letter.replyTo ?? letter.from).address
  const links = readerLinks(publication, letter.edition, SAMPLE_SECRET, mailbox, letter.leaveText)
  const value = readerValues(reader, links(reader))
  const { marker } = letter
  const options = { secret: SAMPLE_SECRET, date: () => sendAt }
  return {
    subject: fillSlots(letter.subject, marker, value),
    html: fillSlots(letter.html, marker, name =>
      escapeValue(value(nameInHtml(name, letter.leaveText)) ?? ''),
    ),
    text: fillSlots(letter.text, marker, value),
    message: composeLetter(letter, publication, newsletter, options)(reader),
  }
}
