// RSS channel → the rules of Apple's podcast tags and of Podcasting 2.0 that it breaks: 91 to 93.

import { isMediaType, isPlain, isWebUrl } from './check-text.ts'
import { childrenOf, type Node, textOf } from './read-xml.ts'

type Fault = (rule: string) => void

const ONCE = 'image explicit author owner type'.split(' ').map(name => `itunes:${name}`)
const UUID5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function checkPodcast(channel: Node, fault: Fault): void {
  const items = childrenOf(channel, 'item')
  for (const item of items) checkEpisode(item, fault)
  const named = (prefix: string, { children }: Node) => children.some(({ name }) => name.startsWith(prefix))
  const spoken = named('itunes:', channel)
  if (!spoken) {
    if (items.some(item => named('itunes:', item) || named('podcast:', item))) fault('91 podcast: no channel')
    return
  }
  for (const name of ONCE) if (childrenOf(channel, name).length > 1) fault(`91 podcast: ${name} twice`)
  for (const { attributes } of childrenOf(channel, 'itunes:image'))
    if (!isWebUrl(attributes.href ?? '')) fault('91 podcast: itunes:image')
  const categories = childrenOf(channel, 'itunes:category')
  for (const category of [...categories, ...categories.flatMap(each => childrenOf(each, 'itunes:category'))])
    if (!isPlain(category.attributes.text ?? '') || category.text.trim()) fault('91 podcast: itunes:category')
  if (!/^(true|false)$/.test(textOf(channel, 'itunes:explicit'))) fault('91 podcast: itunes:explicit')
  if (!isPlain(textOf(channel, 'itunes:author'))) fault('91 podcast: itunes:author')
  if (!/^(episodic|serial)$/.test(textOf(channel, 'itunes:type'))) fault('91 podcast: itunes:type')
  for (const owner of childrenOf(channel, 'itunes:owner'))
    if (!isPlain(textOf(owner, 'itunes:name')) || !/^\S+@\S+$/.test(textOf(owner, 'itunes:email')))
      fault('91 podcast: itunes:owner')
  for (const { text } of childrenOf(channel, 'itunes:new-feed-url'))
    if (!isWebUrl(text)) fault('104 podcast: itunes:new-feed-url')
  for (const { text } of childrenOf(channel, 'itunes:complete'))
    if (text !== 'Yes') fault('104 podcast: itunes:complete')
  for (const { text, attributes } of childrenOf(channel, 'podcast:funding'))
    if (!isWebUrl(attributes.url ?? '') || !isPlain(text) || [...text].length > 128)
      fault('93 podcast: podcast:funding')
  if (textOf(channel, 'podcast:medium') !== 'podcast') fault('93 podcast: podcast:medium')
  for (const { text } of childrenOf(channel, 'podcast:guid'))
    if (!UUID5.test(text)) fault('93 podcast: podcast:guid')
  for (const locked of childrenOf(channel, 'podcast:locked'))
    if (!/^(yes|no)$/.test(locked.text) || !locked.attributes.owner) fault('93 podcast: podcast:locked')
}

function checkEpisode(item: Node, fault: Fault): void {
  const number = (name: string) =>
    childrenOf(item, name).some(({ text }) => !/^\d+$/.test(text)) && fault(`92 podcast: ${name}`)
  for (const name of ['itunes:duration', 'itunes:episode', 'itunes:season']) number(name)
  const spoken = item.children.some(({ name }) => /^(itunes|podcast):/.test(name))
  if (spoken && childrenOf(item, 'enclosure').length !== 1) fault('92 podcast: no enclosure')
  for (const { text } of childrenOf(item, 'itunes:episodeType'))
    if (!/^(full|trailer|bonus)$/.test(text)) fault('92 podcast: itunes:episodeType')
  for (const { text } of childrenOf(item, 'itunes:explicit'))
    if (!/^(true|false)$/.test(text)) fault('92 podcast: itunes:explicit')
  for (const { attributes } of childrenOf(item, 'itunes:image'))
    if (!isWebUrl(attributes.href ?? '')) fault('92 podcast: itunes:image')
  for (const name of ['podcast:transcript', 'podcast:chapters'])
    for (const { attributes } of childrenOf(item, name))
      if (!isWebUrl(attributes.url ?? '') || !isMediaType(attributes.type ?? '')) fault(`93 podcast: ${name}`)
  for (const { text, attributes } of childrenOf(item, 'podcast:person')) {
    const { role = 'host', ...addresses } = attributes
    if (!/^[a-z -]+$/.test(role)) fault('93 podcast: podcast:person')
    if (!isPlain(text) || Object.values(addresses).some(url => !/^(https?|mailto):/.test(url)))
      fault('93 podcast: podcast:person')
  }
}
