// Rules of XML that RSS and Atom share: 1 to 7, 110, Media RSS 85 to 88.

import { isCleanText, isMediaType, isPlain, isWebUrl } from './check-text.ts'
import { childrenOf, type Node, readXml, type Xml } from './read-xml.ts'

export const NAMESPACES: Readonly<Record<string, string>> = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  media: 'http://search.yahoo.com/mrss/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  podcast: 'https://podcastindex.org/namespace/1.0',
  fh: 'http://purl.org/syndication/history/1.0',
  at: 'http://purl.org/atompub/tombstones/1.0',
  rsl: 'https://rslstandard.org/rsl',
}

/** Well-formed XML, or only why it is not. */
export function openXml(xml: string, fault: (rule: string) => void): Xml | undefined {
  if (!xml.startsWith('<?xml version="1.0" encoding="utf-8"?>')) fault('1 xml: declaration first')
  if (xml.includes('\r')) fault('1 xml: carriage return')
  try {
    const parsed = readXml(xml)
    checkNames(parsed, fault)
    walk(parsed.root, node => {
      for (const value of [node.text, ...Object.values(node.attributes)])
        if (!isCleanText(value)) fault(`2 xml: illegal character in ${node.name}`)
    })
    return parsed
  } catch (error) {
    fault(`1 xml: ${(error as Error).message}`)
    return undefined
  }
}

function checkNames({ root, prefixes, instructions }: Xml, fault: (rule: string) => void): void {
  const declared = Object.keys(root.attributes).filter(name => name.startsWith('xmlns:'))
  for (const name of declared) {
    const prefix = name.slice('xmlns:'.length)
    if (!prefixes.has(prefix)) fault(`5 xml: xmlns:${prefix} is not used`)
    if (NAMESPACES[prefix] !== root.attributes[name]) fault(`37 xml: unknown namespace ${prefix}`)
  }
  if (!instructions.some(text => /^xml-stylesheet .*type="text\/css"/.test(text)))
    fault('110 xml: no style sheet')
  if (instructions.some(text => text.includes('xsl'))) fault('110 xml: XSLT')
}

export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const child of node.children) walk(child, visit)
}

/** RFC 5005: which document of a feed it is, and that it has the links of no other kind. */
export function checkHistory(feed: Node, fault: (rule: string) => void, link: string): void {
  const marks = ['fh:archive', 'fh:complete'].map(name => childrenOf(feed, name))
  const rels = childrenOf(feed, link).map(({ attributes }) => attributes.rel ?? '')
  if (
    marks.flat().length > 1 ||
    marks.flat().some(({ text, children }) => text.trim() || children.length > 0)
  )
    fault('76 history: marks')
  if (marks[1]!.length > 0 && rels.some(rel => /-archive$|^current$/.test(rel))) fault('76 history: complete')
  if (rels.some(rel => /^(first|last|next|previous)$/.test(rel))) fault('77 history: paged')
}

const ROLES = ['photographer', 'illustrator', 'artist', 'graphic designer', 'camera operator', 'author']

/** Media RSS 1.5.1. */
export function checkMedia(item: Node, fault: (rule: string) => void): void {
  // 89: a group is of renditions of one object, and there is one file of each.
  if (childrenOf(item, 'media:group').length > 0) fault('89 media: group')
  for (const media of childrenOf(item, 'media:content')) {
    const { url = '', medium, type, ...size } = media.attributes
    if (!isWebUrl(url)) fault('86 media: url')
    if (medium !== 'image') fault('86 media: medium')
    if (type !== undefined && !isMediaType(type)) fault('86 media: type')
    for (const key of ['fileSize', 'width', 'height'])
      if (size[key] !== undefined && !/^[1-9]\d*$/.test(size[key])) fault(`86 media: ${key}`)
    for (const name of ['media:title', 'media:description']) {
      const texts = childrenOf(media, name)
      if (texts.length > 1 || texts.some(text => text.attributes.type !== 'plain' || !isPlain(text.text)))
        fault(`87 media: ${name}`)
    }
    const rights = childrenOf(media, 'media:copyright')
    if (rights.length > 1 || rights.some(({ text }) => !isPlain(text))) fault('87 media: copyright')
    for (const credit of childrenOf(media, 'media:credit')) {
      const { role = '', scheme } = credit.attributes
      if (!isPlain(credit.text) || role !== role.toLowerCase()) fault('87 media: credit')
      if (scheme === undefined ? !ROLES.includes(role) : !isWebUrl(scheme)) fault('87 media: role of credit')
    }
  }
  for (const { attributes } of childrenOf(item, 'media:thumbnail')) {
    if (!isWebUrl(attributes.url ?? '')) fault('88 media: url of thumbnail')
    for (const key of ['width', 'height'])
      if (attributes[key] !== undefined && !/^[1-9]\d*$/.test(attributes[key])) fault(`88 media: ${key}`)
  }
}
