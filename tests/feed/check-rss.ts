// RSS text → the rules of RSS 2.0 and its best-practices profile that it breaks: 9 to 37, 80, 102.

import { checkPodcast } from './check-podcast.ts'
import {
  htmlFaults,
  isId,
  isLanguage,
  isMediaType,
  isPlain,
  isRfc3339,
  isRfc5322,
  isWebUrl,
} from './check-text.ts'
import { checkHistory, checkMedia, openXml } from './check-xml.ts'
import { childrenOf, type Node, textOf } from './read-xml.ts'

type Fault = (rule: string) => void

export function checkRss(xml: string): string[] {
  const faults: string[] = []
  const fault: Fault = rule => void faults.push(rule)
  const parsed = openXml(xml, fault)
  if (!parsed) return faults
  const { root } = parsed
  const channel = childrenOf(root, 'channel')[0]
  if (root.name !== 'rss' || root.attributes.version !== '2.0' || !channel)
    return [...faults, '9 rss: no channel']
  if (!isLanguage(root.attributes['xml:lang'] ?? '')) fault('49 rss: xml:lang')
  // 20: the profile's hexadecimal references, by which plain text that looks like HTML is known to be plain.
  const plain = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/<[^>]*>/g, '')
  if (/&(amp|lt);/.test(plain)) fault('20 rss: text escaped otherwise than the profile asks')
  checkChannel(channel, fault)
  checkPodcast(channel, fault)
  const items = childrenOf(channel, 'item')
  for (const item of items) checkItem(item, fault)
  const ids = items.map(item => textOf(item, 'guid'))
  if (new Set(ids).size < ids.length) fault('13 rss: guid twice')
  const times = items.map(item => Date.parse(textOf(item, 'pubDate')))
  if (times.some((time, index) => time > times[index - 1]!)) fault('102 rss: order')
  return faults
}

const ONCE = [
  'title',
  'link',
  'description',
  'language',
  'copyright',
  'lastBuildDate',
  'generator',
  'docs',
  'image',
]

function checkChannel(channel: Node, fault: Fault): void {
  for (const name of ['title', 'link', 'description', 'language', 'generator', 'docs'])
    if (!isPlain(textOf(channel, name))) fault(`9 rss: ${name} of channel`)
  for (const name of ONCE) if (childrenOf(channel, name).length > 1) fault(`9 rss: ${name} of channel twice`)
  for (const name of ['link', 'docs'])
    if (!isWebUrl(textOf(channel, name))) fault(`10 rss: ${name} of channel`)
  if (!isLanguage(textOf(channel, 'language'))) fault('11 rss: language')
  const links = childrenOf(channel, 'atom:link')
  const self = links.filter(link => link.attributes.rel === 'self')
  if (self.length !== 1 || self[0]!.attributes.type !== 'application/rss+xml') fault('12 rss: self')
  if (links.some(link => !isWebUrl(link.attributes.href ?? ''))) fault('12 rss: address of a link')
  const built = childrenOf(channel, 'lastBuildDate')
  if (built.some(date => !isRfc5322(date.text))) fault('18 rss: lastBuildDate')
  if (built.length === 0 && childrenOf(channel, 'item').length > 0) fault('18 rss: no lastBuildDate')
  const names = channel.children.map(child => child.name)
  if (names.includes('item') && names.slice(names.indexOf('item')).some(name => name !== 'item'))
    fault('19 rss: element behind the items')
  if (childrenOf(channel, 'category').some(({ text }) => !isPlain(text))) fault('29 rss: category of channel')
  for (const name of ['managingEditor', 'webMaster']) {
    const people = childrenOf(channel, name)
    if (people.length > 1 || people.some(({ text }) => !/^\S+@\S+ \([^()]+\)$/.test(text)))
      fault(`32 rss: ${name}`)
  }
  checkHistory(channel, fault, 'atom:link')
  for (const image of childrenOf(channel, 'image')) {
    if (textOf(image, 'title') !== textOf(channel, 'title')) fault('30 rss: title of image')
    if (textOf(image, 'link') !== textOf(channel, 'link')) fault('30 rss: link of image')
    if (!isWebUrl(textOf(image, 'url'))) fault('30 rss: url of image')
    const [width, height] = ['width', 'height'].map(name => Number(textOf(image, name)))
    if (!(width! > 0 && width! <= 144 && height! > 0 && height! <= 400)) fault('30 rss: size of image')
  }
}

const ITEM_ONCE = [
  'title',
  'link',
  'guid',
  'pubDate',
  'description',
  'content:encoded',
  'enclosure',
  'comments',
  'source',
]

function checkItem(item: Node, fault: Fault): void {
  for (const name of ITEM_ONCE) if (childrenOf(item, name).length > 1) fault(`23 rss: ${name} twice`)
  if (!isPlain(textOf(item, 'title'))) fault('20 rss: title')
  if (!isWebUrl(textOf(item, 'link'))) fault('10 rss: link of item')
  const guid = childrenOf(item, 'guid')[0]
  if (!guid || !isId(guid.text)) fault('13 rss: guid')
  if (guid?.attributes.isPermaLink !== 'false') fault('14 rss: isPermaLink')
  if (!isRfc5322(textOf(item, 'pubDate'))) fault('16 rss: pubDate')
  const names = item.children.map(child => child.name)
  if (textOf(item, 'description') === '') fault('21 rss: no description')
  if (names.includes('content:encoded') && names.indexOf('content:encoded') < names.indexOf('description'))
    fault('21 rss: description behind content')
  for (const name of ['description', 'content:encoded'])
    for (const problem of htmlFaults(textOf(item, name))) fault(`22 rss: ${name}: ${problem}`)
  if (names.includes('author')) fault('25 rss: author without address')
  if (childrenOf(item, 'dc:creator').some(({ text }) => !isPlain(text))) fault('26 rss: dc:creator')
  for (const { attributes } of childrenOf(item, 'enclosure')) {
    if (!isWebUrl(attributes.url ?? '')) fault('28 rss: url of enclosure')
    if (!/^\d+$/.test(attributes.length ?? '')) fault('28 rss: length of enclosure')
    if (!isMediaType(attributes.type ?? '')) fault('28 rss: type of enclosure')
  }
  if (childrenOf(item, 'category').some(({ text }) => !isPlain(text))) fault('29 rss: category')
  for (const { attributes, text } of childrenOf(item, 'source'))
    if (!isWebUrl(attributes.url ?? '') || !isPlain(text)) fault('34 rss: source')
  if (childrenOf(item, 'comments').some(({ text }) => !isWebUrl(text))) fault('35 rss: comments')
  if (childrenOf(item, 'atom:updated').some(({ text }) => !isRfc3339(text))) fault('36 rss: atom:updated')
  if ('xml:lang' in item.attributes && !isLanguage(item.attributes['xml:lang']!))
    fault('49 rss: xml:lang of item')
  checkMedia(item, fault)
}
