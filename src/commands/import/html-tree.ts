// HTML → a tree of nodes, at most so deep; what a reader sees of such a tree; and a tree → HTML that Markdown may contain.

import { fromParse5 } from 'hast-util-from-parse5'
import { type DefaultTreeAdapterMap, parse, parseFragment } from 'parse5'
import { lookUpTable } from '../../base/index.ts'

export type Root = Extract<ReturnType<typeof fromParse5>, { type: 'root' }>
export type RootContent = Root['children'][number]
export type Element = Extract<RootContent, { type: 'element' }>
export type ElementContent = Element['children'][number]
export type Parents = Root | Element
export type Node = Root | RootContent

/** Deeper than any text goes; every walk over a tree may call itself. */
const MAX_DEPTH = 120

type Parsed = DefaultTreeAdapterMap['childNode']

/** @param isPage a whole document rather than a part of one */
export function parseHtml(html: string, { isPage = false, positions = false } = {}): Root {
  const options = { scriptingEnabled: false, sourceCodeLocationInfo: positions }
  const bounded = withoutUnclosed(isPage ? withoutAmp(html) : html)
  const tree = isPage ? parse(bounded, options) : parseFragment(bounded, options)
  limitDepth(tree)
  return fromParse5(tree, positions ? { file: { value: bounded } as never } : undefined) as Root
}

/** Elements of AMP as those of HTML that they stand for. https://amp.dev/documentation/components */
function withoutAmp(html: string): string {
  if (!/<amp-/i.test(html)) return html
  return (
    html
      // Its sides are a ratio.
      .replace(/<amp-(?:img|anim)\s[^<>]*>/gi, tag =>
        tag.replace(/\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, ''),
      )
      .replace(
        /<(\/?)amp-(img|anim|video|audio|iframe)(?=[\s>])/gi,
        (_, slash: string, name: string) => `<${slash}${name.toLowerCase() === 'anim' ? 'img' : name}`,
      )
      .replace(/<amp-([a-z0-9-]+)(?=[\s>])[^<>]*>/gi, (tag, written: string) => {
        const name = written.toLowerCase()
        const address = AMP_PLAYERS[name]
        const value =
          /\sdata-(?:videoid|tweetid|shortcode|href|trackid|url|src|gistid|imgur-id|media-hashed-id)\s*=\s*["']?([^"'\s>]+)/i.exec(
            tag,
          )?.[1]
        if (address === undefined || value === undefined)
          return AMP_SILENT.test(name) ? tag : `<iframe title="amp-${name}"></iframe>${tag}`
        const start = name === 'youtube' ? /\sdata-param-start\s*=\s*["']?(\d+)/i.exec(tag)?.[1] : undefined
        const page = /^https?:/i.test(value) ? value : address + value
        return `<iframe src="${page}${start ? `?start=${start}` : ''}"></iframe>${tag}`
      })
  )
}

/** What is shown by a player of its own → the beginning of its address. */
const AMP_PLAYERS = lookUpTable({
  youtube: 'https://www.youtube.com/embed/',
  vimeo: 'https://vimeo.com/',
  twitter: 'https://twitter.com/i/status/',
  instagram: 'https://www.instagram.com/p/',
  soundcloud: 'https://api.soundcloud.com/tracks/',
  dailymotion: 'https://www.dailymotion.com/video/',
  tiktok: 'https://www.tiktok.com/player/v1/',
  gist: 'https://gist.github.com/',
  imgur: 'https://imgur.com/',
  'wistia-player': 'https://fast.wistia.net/embed/iframe/',
  facebook: '',
  pinterest: '',
  reddit: '',
})

/** What is around an article, counts its readers or only says how it moves; and what has its texts and pictures inside. */
const AMP_SILENT =
  /^(?:(?:auto-|sticky-)?ads?|analytics|pixel|consent|geo|sidebar|mega-menu|nested-menu|user-notification|install-serviceworker|web-push.*|access.*|subscriptions.*|social-share|embed|bind-macro|state|script|animation|position-observer|fx-.*|orientation-observer|call-tracking|link-rewriter|skimlinks|smartlinks|font|action-macro|next-page|recaptcha-input|form|list-load-more|addthis|lightbox-gallery|.*carousel|.*gallery|accordion|selector|fit-text|lightbox|image-lightbox|image-slider|live-list|expandable|truncate-text|timeago|date-countdown|date-display|layout|pan-zoom|video-docking|mustache|experiment|dynamic-css-classes|viewer-.*|story.*|inputmask|autocomplete|date-picker|story-.*|minute-.*|o2-player-ads)$/

/** As many elements that format text are open at once, at most. */
const MAX_FORMATTING = 30
const FORMATTING = /<(\/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^<>]*>/gi

/**
 * Without the tags of such elements beyond that number: what is never closed is opened again in each paragraph that follows
 * (HTML §13.2.4.3), which takes the parser minutes for some thousands of them. Lines stay where they are.
 */
function withoutUnclosed(html: string): string {
  const open = new Map<string, number>()
  const dropped = new Map<string, number>()
  let count = 0
  return html.replace(FORMATTING, (tag, slash: string, written: string) => {
    const name = written.toLowerCase()
    const isOpen = open.get(name) ?? 0
    const lines = () => '\n'.repeat(tag.split('\n').length - 1)
    if (slash === '') {
      if (count >= MAX_FORMATTING) {
        dropped.set(name, (dropped.get(name) ?? 0) + 1)
        return lines()
      }
      open.set(name, isOpen + 1)
      count++
      return tag
    }
    const isDropped = (dropped.get(name) ?? 0) > 0
    if (isDropped) dropped.set(name, dropped.get(name)! - 1)
    else if (isOpen > 0) {
      open.set(name, isOpen - 1)
      count--
    }
    return isDropped ? lines() : tag
  })
}

/** What is deeper moves up, in its order. */
function limitDepth(tree: { childNodes: Parsed[] }): void {
  const open: { children: Parsed[]; depth: number }[] = [{ children: tree.childNodes, depth: 1 }]
  for (let level = open.pop(); level; level = open.pop()) {
    if (level.depth === MAX_DEPTH) {
      const flattened = flat(level.children)
      level.children.length = 0
      for (const child of flattened) level.children.push(child)
    }
    for (const child of level.children) {
      if ('content' in child) open.push({ children: child.content.childNodes, depth: level.depth + 1 })
      if ('childNodes' in child) open.push({ children: child.childNodes, depth: level.depth + 1 })
    }
  }
}

function flat(children: readonly Parsed[]): Parsed[] {
  const out: Parsed[] = []
  const waiting = [...children].reverse()
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('childNodes' in node && node.childNodes.some(child => 'childNodes' in child))
      for (let at = node.childNodes.length - 1; at >= 0; at--) waiting.push(node.childNodes[at]!)
    else out.push(node)
  }
  return out
}

export function isElement(node: Node | undefined, ...names: string[]): node is Element {
  return node?.type === 'element' && (names.length === 0 || names.includes(node.tagName))
}

export function attribute(element: Element, name: string): string {
  const value = element.properties[name]
  return Array.isArray(value) ? value.join(' ') : value === undefined || value === null ? '' : String(value)
}

export function classesOf(element: Element): string {
  return attribute(element, 'className')
}

/** Every element below a node, in the order of the text. */
export function* elements(parent: Parents): Generator<Element> {
  for (const child of parent.children) {
    if (child.type !== 'element') continue
    yield child
    yield* elements(child)
  }
}

/** The elements among some nodes, each with every element in it. */
export function elementsAmong(nodes: readonly Node[]): Element[] {
  return nodes.flatMap(node => (node.type === 'element' ? [node, ...elements(node)] : []))
}

export function findElement(parent: Parents, test: (element: Element) => boolean): Element | undefined {
  for (const element of elements(parent)) if (test(element)) return element
  return undefined
}

export function hasBlock(node: Element): boolean {
  return findElement(node, ({ tagName }) => BLOCKS.has(tagName)) !== undefined
}

export function element(
  tagName: string,
  properties: Element['properties'],
  children: ElementContent[],
): Element {
  return { type: 'element', tagName, properties, children }
}

export const BLOCKS = new Set(
  (
    'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 ' +
    'h5 h6 head header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul ' +
    'footnote-text'
  ).split(' '),
)

const UNSEEN = new Set('script style template title noframes textarea select svg head'.split(' '))

/** The words that a reader sees, white space folded. */
export function visibleText(node: Node): string {
  const parts: string[] = []
  collect(node, parts)
  return parts
    .join('')
    .replace(/[\s\u00a0\u2028\u2029]+/g, ' ')
    .replace(/[\u200b\ufeff\u00ad]/g, '')
    .trim()
}

/** HTML with entities → words. */
export function plain(html: string): string {
  return /[<&]/.test(html) ? visibleText(parseHtml(html)) : html.replace(/\s+/g, ' ').trim()
}

function collect(node: Node, parts: string[]): void {
  if (node.type === 'text') parts.push(node.value)
  if (node.type === 'element') {
    if (UNSEEN.has(node.tagName)) return
    if (node.tagName === 'br') parts.push(' ')
  }
  if (!('children' in node)) return
  const isBlock = node.type === 'element' && BLOCKS.has(node.tagName)
  if (isBlock) parts.push(' ')
  for (const child of node.children) collect(child, parts)
  if (isBlock) parts.push(' ')
}

const VOID = new Set('br hr img source track wbr col'.split(' '))
const KEPT_ATTRIBUTES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'href src srcset alt title width height cite open dir lang id start reversed value type scope poster controls align kind label'
      .split(' ')
      .map(name => [name, name]),
  ),
  colSpan: 'colspan',
  rowSpan: 'rowspan',
  dateTime: 'datetime',
  hrefLang: 'hreflang',
  srcLang: 'srclang',
}

/** Behind these a line may end without a space appearing. */
const LINE_ENDS = new Set(
  'tr thead tbody tfoot li dt dd p caption summary figcaption blockquote ul ol dl'.split(' '),
)

/**
 * HTML in which nothing means anything to Markdown or to a dialect of it: signs of theirs are character references, and no
 * line is blank.
 */
export function plainHtml(node: Node, isPreformatted = false): string {
  if (node.type === 'text') return escapeText(isPreformatted ? node.value : node.value.replace(/\s+/g, ' '))
  if (!('children' in node)) return ''
  const isPre = isPreformatted || isElement(node, 'pre')
  const inside = node.children.map(child => plainHtml(child, isPre)).join('')
  if (node.type !== 'element') return inside
  const attributes = Object.entries(KEPT_ATTRIBUTES)
    .filter(([name]) => node.properties[name] !== undefined && node.properties[name] !== false)
    .map(([name, written]) => {
      const value = attribute(node, name)
      return node.properties[name] === true ? ` ${written}` : ` ${written}="${escapeText(value)}"`
    })
  const open = `<${node.tagName}${attributes.join('')}>`
  if (VOID.has(node.tagName)) return open
  const end = !isPreformatted && LINE_ENDS.has(node.tagName) ? '\n' : ''
  return `${open}${isPre && !isPreformatted ? inside.replace(/^(?=&#10;)/, '&#10;') : inside}</${node.tagName}>${end}`
}

function escapeText(text: string): string {
  return text.replace(/[&<>"`{}[\]$\\\n\r\ufdd0-\ufdef]|%(?=%)|=(?==)|:(?=:)|~(?=~)|\+(?=\+)/g, sign => {
    return NAMED[sign] ?? `&#${sign.charCodeAt(0)};`
  })
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** The largest picture that an `<img>` names, also one that a script would load. */
export function pictureSourceOf(img: Element): string | undefined {
  const named = ['dataSrc', 'dataLazySrc', 'dataOriginal', 'dataLargeFile', 'dataLazy', 'src']
    .map(key => attribute(img, key).trim())
    .filter(src => src !== '' && !/^data:/i.test(src))
  const sets = ['dataSrcset', 'dataSrcSet', 'dataLazySrcset', 'srcSet']
    .map(key => attribute(img, key))
    .filter(Boolean)
  const found = largestOf(sets[0] ?? '') ?? named[0]
  return found === undefined ? undefined : withoutService(found)
}

function largestOf(set: string): string | undefined {
  const candidates = [...set.matchAll(/([^\s,]\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)/g)]
    .map(([, url, size]) => ({ url: url!, size: Number(size ?? 1) }))
    .filter(({ url }) => !/^data:/i.test(url))
  return candidates.sort((a, b) => b.size - a.size)[0]?.url
}

/** Addresses of a service that makes pictures smaller → the picture's own. */
function withoutService(url: string): string {
  const own =
    /^https?:\/\/(?:substackcdn\.com|cdn\.substack\.com)\/image\/fetch\/.*?(https?%3A%2F%2F[^?#]+)/i.exec(
      url,
    )?.[1]
  if (own === undefined) return url
  try {
    return decodeURIComponent(own)
  } catch {
    return url
  }
}

/** Where a player is embedded from → the page that it is the player of, at the time at which it would begin. */
export function playerPage(url: string): string {
  const youtube = /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]{6,})/.exec(url)
  if (youtube && youtube[1] !== 'videoseries') {
    const start = timeOf(url, /[?&#](?:start|t|time_continue)=([\dhms]+)/)
    return `https://www.youtube.com/watch?v=${youtube[1]}${start && `&t=${start}`}`
  }
  const embedded = /^https?:\/\/cdn\.embedly\.com\/[^?]*\?(.*)$/.exec(url)?.[1]
  const query = new URLSearchParams(embedded)
  const [page, player] = [query.get('url') ?? '', query.get('src') ?? '']
  // The page may lack the time that the player says.
  const chosen = /^https?:/.test(page) && !/[?&#](?:start|t)=/.test(player) ? page : player || page
  if (embedded !== undefined && /^https?:/.test(chosen)) return playerPage(chosen)
  const vimeo = /^https?:\/\/player\.vimeo\.com\/video\/(\d+)(?:\?(?:[^#]*&)?h=([\da-f]+))?/.exec(url)
  if (!vimeo) return url
  const start = timeOf(url, /#t=([\dhms]+)/)
  return `https://vimeo.com/${vimeo[1]}${vimeo[2] ? `/${vimeo[2]}` : ''}${start && `#t=${start}`}`
}

/** '83s', '1m23s'; '' for none. */
function timeOf(url: string, pattern: RegExp): string {
  const time = pattern.exec(url)?.[1] ?? ''
  return /^0*s?$/.test(time) ? '' : /\d$/.test(time) ? `${time}s` : time
}

/** What is inside an element, as it was written, and the line on which it begins. @param html that the tree was made of, with positions */
export function innerHtml(html: string, node: Element): { text: string; line: number } {
  const [first, last] = [node.children[0]?.position, node.children.at(-1)?.position]
  if (!first || !last) return { text: '', line: node.position?.start.line ?? 1 }
  return { text: html.slice(first.start.offset, last.end.offset), line: first.start.line }
}
