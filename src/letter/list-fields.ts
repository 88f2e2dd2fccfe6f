// Newsletter and letter → the header fields by which mail programs know a list: the same for all its readers.

import { domainToASCII } from 'node:url'
import type { Letter, Newsletter, Publication } from '../model.ts'
import { phraseOf } from './header-field.ts'

/**
 * List-Unsubscribe, which is each reader's own, is not among them.
 *
 * @param mailbox of a person who answers for the list, as `parseAddress` gives it
 */
export function listFields(
  letter: Letter,
  publication: Publication,
  newsletter: Newsletter,
  mailbox: string,
): string {
  const domain = domainToASCII(publication.articles.idHost) || 'localhost'
  const list = token(newsletter.id)
  const [, edition = ''] = letter.edition.split('/')
  const name = phraseOf(newsletter.title, 60)
  return [
    // RFC 2919 §3: stable for ever, hence under the host that ids are under and not the one that the site is on today.
    `List-Id: ${name ? `${quote(name)}\r\n ` : ''}<${list}.${domain}>`,
    // RFC 2369 §3.4: nobody but the publication posts.
    'List-Post: NO',
    `List-Owner: <mailto:${encodeURIComponent(mailbox).replace('%40', '@')}>`,
    `List-Help: <${new URL(publication.service ?? publication.url).href}>`,
    // Gmail's feedback loop: at most four parts, the last one always the same for one sender.
    `Feedback-ID: ${token(edition)}:${list}:newsletter:${domain}`,
    'Precedence: bulk',
    '',
  ].join('\r\n')
}

/** Some receivers take only a quoted-string or an encoded-word before the list's identifier. */
function quote(phrase: string): string {
  return /^["=]/.test(phrase) ? phrase : `"${phrase}"`
}

/** Letters, digits and hyphens: a label of a domain, a part of Feedback-ID. RFC 1035 §2.3.1. */
function token(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '')
  return plain.slice(0, 63) || 'list'
}
