// Atom text → the rules of RFC 4287 that it breaks: 38 to 56, 102.

import {
  htmlFaults,
  isId,
  isLanguage,
  isMediaType,
  isPlain,
  isRfc3339,
  isUri,
  isWebUrl,
} from './check-text.ts'
import { checkHistory, checkMedia, openXml } from './check-xml.ts'
import { childrenOf, type Node, textOf } from './read-xml.ts'

type Fault = (rule: string) => void

export function checkAtom(xml: string): string[] {
  const faults: string[] = []
  const fault: Fault = rule => void faults.push(rule)
  const parsed = openXml(xml, fault)
  if (!parsed) return faults
  const { root } = parsed
  if (root.name !== 'feed' || root.namespace !== 'http://www.w3.org/2005/Atom')
    return [...faults, '38 atom: no feed']
  const plain = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '')
  if (/&(amp|lt);/.test(plain.replace(/<[^>]*>/g, '')))
    fault('51 atom: text escaped otherwise than the profile asks')
  checkFeed(root, fault)
  const entries = childrenOf(root, 'entry')
  for (const entry of entries) checkEntry(entry, fault)
  const ids = entries.map(entry => textOf(entry, 'id'))
  if (new Set(ids).size < ids.length) fault('43 atom: id twice')
  for (const { attributes } of childrenOf(root, 'at:deleted-entry')) {
    if (!isId(attributes.ref ?? '') || !isRfc3339(attributes.when ?? '')) fault('94 atom: deleted-entry')
    if (ids.includes(attributes.ref ?? '')) fault('95 atom: deleted and there')
  }
  const updated = entries.map(entry => Date.parse(textOf(entry, 'updated')))
  if (new Set(updated).size < updated.length) fault('45 atom: updated twice')
  if (updated.some(time => time > Date.parse(textOf(root, 'updated')))) fault('44 atom: updated of feed')
  const published = entries.map(entry => Date.parse(textOf(entry, 'published')))
  if (published.some((time, index) => time > published[index - 1]!)) fault('102 atom: order')
  return faults
}

function exactlyOne(node: Node, names: readonly string[], fault: Fault, rule: string): void {
  for (const name of names)
    if (childrenOf(node, name).length !== 1) fault(`${rule} atom: ${name} of ${node.name}`)
}

function checkFeed(feed: Node, fault: Fault): void {
  exactlyOne(feed, ['id', 'title', 'updated', 'author', 'generator'], fault, '38')
  if (!isId(textOf(feed, 'id'))) fault('42 atom: id of feed')
  if (!isPlain(textOf(feed, 'title'))) fault('38 atom: title of feed')
  if (!isRfc3339(textOf(feed, 'updated'))) fault('46 atom: updated of feed')
  if (!isLanguage(feed.attributes['xml:lang'] ?? '')) fault('49 atom: xml:lang of feed')
  const rels = childrenOf(feed, 'link').map(link => link.attributes.rel)
  for (const rel of ['self', 'alternate'])
    if (rels.filter(other => other === rel).length !== 1) fault(`40 atom: ${rel} of feed`)
  const { uri = '', version = '' } = childrenOf(feed, 'generator')[0]?.attributes ?? {}
  if (!isWebUrl(uri) || version === '') fault('53 atom: generator')
  for (const name of ['icon', 'logo'])
    if (childrenOf(feed, name).some(({ text }) => !isWebUrl(text))) fault(`53 atom: ${name}`)
  for (const name of ['rights', 'subtitle'])
    if (childrenOf(feed, name).some(({ text }) => !isPlain(text))) fault(`54 atom: ${name}`)
  checkHistory(feed, fault, 'link')
  checkShared(feed, fault)
}

function checkEntry(entry: Node, fault: Fault): void {
  exactlyOne(entry, ['id', 'title', 'updated', 'published', 'summary'], fault, '41')
  if (!isId(textOf(entry, 'id'))) fault('42 atom: id')
  for (const name of ['updated', 'published']) if (!isRfc3339(textOf(entry, name))) fault(`46 atom: ${name}`)
  if (Date.parse(textOf(entry, 'updated')) < Date.parse(textOf(entry, 'published'))) fault('44 atom: updated')
  const alternates = childrenOf(entry, 'link').filter(
    ({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate',
  )
  if (alternates.length !== 1) fault('41 atom: alternate')
  for (const name of ['title', 'summary', 'content']) {
    for (const text of childrenOf(entry, name)) {
      if (text.attributes.type !== (name === 'title' ? undefined : 'html')) fault(`47 atom: type of ${name}`)
      if (name === 'title') continue
      for (const problem of htmlFaults(text.text)) fault(`48 atom: ${name}: ${problem}`)
      if (text.text.trim() === '') fault(`48 atom: ${name} is empty`)
    }
  }
  if (!isPlain(textOf(entry, 'title'))) fault('47 atom: title is not plain text')
  for (const source of childrenOf(entry, 'source')) checkSource(source, fault)
  for (const content of childrenOf(entry, 'content')) {
    if (content.attributes['xml:base'] !== alternates[0]?.attributes.href) fault('50 atom: xml:base')
  }
  if ('xml:lang' in entry.attributes && !isLanguage(entry.attributes['xml:lang']!)) fault('49 atom: xml:lang')
  checkShared(entry, fault)
  checkMedia(entry, fault)
}

/** RFC 4287 §4.2.11: enough to know the feed by. */
function checkSource(source: Node, fault: Fault): void {
  exactlyOne(source, ['id', 'title', 'updated'], fault, '55')
  if (!isId(textOf(source, 'id')) && !isWebUrl(textOf(source, 'id'))) fault('55 atom: id of source')
  if (!isPlain(textOf(source, 'title'))) fault('55 atom: title of source')
  if (!isRfc3339(textOf(source, 'updated'))) fault('55 atom: updated of source')
  const self = childrenOf(source, 'link').filter(({ attributes }) => attributes.rel === 'self')
  if (self.length !== 1 || !isWebUrl(self[0]!.attributes.href ?? '')) fault('55 atom: self of source')
}

function checkShared(node: Node, fault: Fault): void {
  for (const { attributes } of childrenOf(node, 'link')) {
    if (!isUri(attributes.href ?? '')) fault('40 atom: href')
    if (attributes.type !== undefined && !isMediaType(attributes.type)) fault('56 atom: type of link')
    if (attributes.length !== undefined && !/^\d+$/.test(attributes.length)) fault('56 atom: length of link')
    if (attributes.rel === 'enclosure' && !attributes.type) fault('56 atom: enclosure without type')
  }
  if (childrenOf(node, 'category').some(({ attributes }) => !isPlain(attributes.term ?? '')))
    fault('51 atom: category')
  for (const author of childrenOf(node, 'author')) {
    if (childrenOf(author, 'name').length !== 1 || !isPlain(textOf(author, 'name')))
      fault('52 atom: name of author')
    if (childrenOf(author, 'email').some(({ text }) => !/^\S+@\S+$/.test(text)))
      fault('52 atom: email of author')
    if (childrenOf(author, 'uri').some(({ text }) => !isUri(text))) fault('52 atom: uri of author')
  }
}
