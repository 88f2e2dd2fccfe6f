// All files of a build → the rules of RFC 5005 that its main feed breaks in one format, walked as a reader walks: 73 to 79.

import { childrenOf, type Node, readXml, textOf } from './read-xml.ts'

type Files = Readonly<Record<string, string>>
type Name = 'rss.xml' | 'atom.xml' | 'feed.json'

/** One document as a reader sees it. */
interface Page {
  readonly isArchive: boolean
  readonly self: string
  readonly current?: string | undefined
  readonly previous?: string | undefined
  readonly next?: string | undefined
  readonly ids: readonly string[]
}

/** @param home address that the files are published at, ending in a slash */
export function checkArchive(files: Files, name: Name, home: string): { faults: string[]; ids: string[] } {
  const faults: string[] = []
  const fault = (rule: string) => void faults.push(`${rule} (${name})`)
  const open = (url: string) => {
    const text = files[decodeURIComponent(url.slice(home.length))]
    return text === undefined || !url.startsWith(home) ? undefined : readPage(text, name)
  }
  const walked: string[] = []
  const ids: string[] = []
  for (let url: string | undefined = home + name; url !== undefined; ) {
    if (walked.includes(url)) {
      fault('69 archive: a loop')
      break
    }
    walked.push(url)
    const page: Page | undefined = open(url)
    if (!page) {
      fault(`73 archive: nothing at ${url}`)
      break
    }
    if (page.self !== url) fault('80 archive: self')
    if (name !== 'feed.json') checkLinks(page, walked.length === 1, home + name, fault)
    if (page.isArchive && page.ids.length === 0) fault('75 archive: an empty page')
    ids.push(...page.ids)
    url = page.previous
  }
  if (new Set(ids).size < ids.length) fault('75 archive: an entry twice')
  const pages = Object.keys(files).filter(path => path.startsWith('archive/') && path.endsWith(name))
  if (walked.length !== pages.length + 1) fault('73 archive: a page that no link leads to')
  return { faults, ids }
}

function checkLinks(page: Page, subscribed: boolean, current: string, fault: (rule: string) => void): void {
  if (page.isArchive === subscribed) fault('73 archive: fh:archive')
  if (page.current !== (subscribed ? undefined : current)) fault('73 archive: current')
  // A page has no successor when it becomes full, and must not change later to name one. The oldest names what readers
  // subscribe to: validators want one of the two.
  const isOldest = page.isArchive && page.previous === undefined
  if (page.next !== (isOldest ? current : undefined)) fault('74 archive: next-archive')
}

function readPage(text: string, name: Name): Page {
  if (name === 'feed.json') {
    const { feed_url: self, next_url: previous, items } = JSON.parse(text)
    return { isArchive: false, self, previous, ids: items.map((item: { id: string }) => item.id) }
  }
  const { root } = readXml(text)
  const isAtom = name === 'atom.xml'
  const feed = isAtom ? root : root.children[0]!
  const link = (rel: string) =>
    childrenOf(feed, isAtom ? 'link' : 'atom:link').find(({ attributes }) => attributes.rel === rel)
      ?.attributes.href
  const id = (entry: Node) => textOf(entry, isAtom ? 'id' : 'guid')
  return {
    isArchive: childrenOf(feed, 'fh:archive').length === 1,
    self: link('self') ?? '',
    current: link('current'),
    previous: link('prev-archive'),
    next: link('next-archive'),
    ids: childrenOf(feed, isAtom ? 'entry' : 'item').map(id),
  }
}
