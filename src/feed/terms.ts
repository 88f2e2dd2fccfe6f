// A licence → its terms as elements of RSL 1.0 (https://rslstandard.org/rsl): in RSS, and in a file of their own.

import type { Licence, Publication } from '../model.ts'
import { plainText, strictUrl, type XmlElement } from './feed-xml.ts'

/** Undefined where the licence says nothing that the vocabulary has words for. @param url a page, or a pattern of RFC 9309 */
export function rslContent(url: string, licence: Licence, publication: Publication): XmlElement | undefined {
  const { permits, prohibits, payment } = licence
  const text = strictUrl(licence.url)
  if (permits.length + prohibits.length === 0 && !payment && !text) return undefined
  const owner = plainText(publication.title)
  const usage = (name: string, words: readonly string[]): XmlElement[] =>
    words.length === 0 ? [] : [{ name, attributes: { type: 'usage' }, text: words.join(' ') }]
  const children: XmlElement[] = [
    ...usage('rsl:permits', permits),
    ...usage('rsl:prohibits', prohibits),
    ...(payment
      ? [
          {
            name: 'rsl:payment',
            attributes: { type: payment },
            children: text ? [{ name: 'rsl:standard', text }] : [],
          },
        ]
      : []),
  ]
  return {
    name: 'rsl:content',
    attributes: { url },
    children: [
      { name: 'rsl:license', children },
      ...(owner ? [{ name: 'rsl:copyright', attributes: { type: 'organization' }, text: owner }] : []),
      ...(text && !payment ? [{ name: 'rsl:terms', text }] : []),
    ],
  }
}

/** The same with another prefix, or none. */
export function rslNames({ name, children = [], ...element }: XmlElement, prefix: string): XmlElement {
  return {
    ...element,
    name: name.replace('rsl:', prefix),
    children: children.map(child => rslNames(child, prefix)),
  }
}
