// Channels → OPML 2.0: every feed in one file, which any feed reader imports.

import { type Channel, FEED_FORMATS, feedFormatNames, ownFileUrl } from '../content/index.ts'
import type { Publication } from '../model.ts'
import { channelHome } from './channel-home.ts'
import { plainText } from './feed-text.ts'
import { FORMATS } from './formats.ts'
import { headTitle } from './make-head.ts'
import { rfc5322 } from './offset-date.ts'
import { escapeXml, type XmlElement, xmlText } from './xml-element.ts'

/** One format of each feed, the first that lists can name: whoever imports the list wants every article once. */
export function opml(channels: readonly Channel[], publication: Publication): string {
  const title = plainText(publication.title) || publication.url
  const format = feedFormatNames().find(name => FORMATS[name].opml)!
  const newest = channels[0]?.articles[0]?.date
  const head: XmlElement[] = [
    { name: 'title', text: title },
    ...(newest ? [{ name: 'dateModified', text: rfc5322(newest) }] : []),
    { name: 'docs', text: 'https://opml.org/spec2.opml' },
  ]
  const outlines = channels.map((channel): XmlElement => {
    const text = headTitle(channel, publication.title) || publication.url
    const folder = ownFileUrl(publication.url, channel.path)
    const letters = channel.scope === 'newsletter' ? publication.newsletters : []
    const { language } = letters.find(({ id }) => id === channel.slug) ?? publication
    const addresses = {
      xmlUrl: folder + FEED_FORMATS[format].file,
      htmlUrl: channelHome(channel, publication),
    }
    return {
      name: 'outline',
      attributes: { ...FORMATS[format].opml, text, title: text, language, ...addresses },
    }
  })
  const lines = (elements: readonly XmlElement[]) =>
    elements.map(element => `        ${xmlText(element)}\n`).join('')
  return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0" xml:lang="${escapeXml(publication.language)}">
    <head>
${lines(head)}    </head>
    <body>
${lines(outlines)}    </body>
</opml>
`
}
