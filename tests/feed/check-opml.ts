// OPML text → the rules of OPML 2.0 that it breaks: 105.

import { isPlain, isRfc5322, isWebUrl } from './check-text.ts'
import { childrenOf, readXml, textOf } from './read-xml.ts'

export function checkOpml(xml: string): string[] {
  const { root } = readXml(xml)
  const [head, body] = ['head', 'body'].map(name => childrenOf(root, name)[0])
  if (root.name !== 'opml' || root.attributes.version !== '2.0' || !head || !body)
    return ['105 opml: no list']
  const faults: string[] = []
  if (!isPlain(textOf(head, 'title'))) faults.push('105 opml: title')
  if (childrenOf(head, 'dateModified').some(({ text }) => !isRfc5322(text))) faults.push('105 opml: date')
  const outlines = childrenOf(body, 'outline').map(({ attributes }) => attributes)
  for (const { type, text = '', xmlUrl = '', htmlUrl = '' } of outlines) {
    if (type !== 'rss') faults.push('105 opml: type')
    if (!isPlain(text)) faults.push('105 opml: text')
    if (!isWebUrl(xmlUrl) || !isWebUrl(htmlUrl)) faults.push('105 opml: address')
  }
  if (new Set(outlines.map(({ xmlUrl }) => xmlUrl)).size < outlines.length)
    faults.push('105 opml: xmlUrl twice')
  return faults
}
