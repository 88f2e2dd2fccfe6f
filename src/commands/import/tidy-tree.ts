// The tree of another system's HTML → the tree of an article: scripts, forms and furniture are gone and counted, pictures and
// links lead where they should, marks begin and end at words, footnotes are footnotes.

import { lookUpTable } from '../../base/index.ts'
import {
  attribute,
  BLOCKS,
  classesOf,
  type Element,
  type ElementContent,
  element,
  elements,
  findElement,
  hasBlock,
  isElement,
  type Parents,
  pictureSourceOf,
  playerPage,
  type Root,
  type RootContent,
  visibleText,
} from './html-tree.ts'
import {
  heading,
  isFreestanding,
  isLayout,
  joined,
  outside,
  readFootnotes,
  readLayouts,
  TAGS,
  unwrapOnly,
  unwrapTable,
} from './tidy-words.ts'

export interface TidyOptions {
  /** Address of the article, which relative references start from. */
  readonly base: string | undefined
  /** A reference in its text, absolute where that is possible → what is written. */
  link(url: string): string
  /** The address of a picture → what is written. */
  picture(url: string): string
  /** What goes, by kind in the plural, and the line of the HTML. */
  lost(kind: string, message: string, line: number): void
}

/** What never is part of an article's text. Their kind is counted. */
const GONE: Readonly<Record<string, string>> = {
  script: 'scripts',
  style: 'styles',
  form: 'forms',
  button: 'buttons',
  input: 'forms',
  select: 'forms',
  textarea: 'forms',
  canvas: 'drawings',
  svg: 'drawings',
  template: 'scripts',
  applet: 'embeds without an address',
  dialog: 'dialogs',
  track: 'subtitles',
  link: '',
  meta: '',
  base: '',
  title: '',
  head: '',
}

/** Furniture of known systems, by class. */
const FURNITURE: readonly [pattern: RegExp, kind: string][] = [
  [
    /\b(?:sharedaddy|addtoany\S*|share-(?:buttons?|links|bar|row)|social-share\S*|ssba\S*|heateor\S*|shareaholic\S*)\b/,
    'share rows',
  ],
  [/\b(?:jp-relatedposts|yarpp\S*|related-posts)\b/, 'lists of related posts'],
  [
    /\b(?:subscription-widget\S*|subscribe-widget|button-wrapper|kg-signup-card|wp-block-jetpack-subscriptions\S*|subscribe-form)\b/,
    'subscribe buttons',
  ],
  [/\b(?:image-link-expand|pencraft|paywall-jump|visibility-check|gh-post-upgrade-cta\S*)\b/, 'controls'],
  [
    /\b(?:install-substack-app-embed|tweet-user-avatar|tweet-footer|kg-audio-player|kg-audio-thumbnail|kg-video-overlay|kg-video-player-container|kg-bookmark-icon|wp-block-file__(?:embed|button)|embedded-post-(?:publication-logo|cta-wrapper|meta)|file-embed-thumbnail\S*|file-embed-button narrow)(?=\s|$)/,
    'controls',
  ],
  [/\bhide-text\b/, 'hidden parts'],
  [/\b(?:wpcnt|adsbygoogle|ad-container)\b/, 'advertisements'],
]

const PIXEL =
  /(?:pixel\.wp\.com|stats\.wordpress\.com|feeds\.feedburner\.com\/~|\/open\?token=|medium\.com\/_\/stat|\/b\.gif\?|doubleclick\.net)/i

export function tidyTree(root: Root, options: TidyOptions): void {
  readLayouts(root)
  readFootnotes(root)
  new Tidy(options).children(root, new Set())
}

class Tidy {
  readonly #options: TidyOptions
  /** Names of pictures that a script would have shown, for their twins in noscript. */
  readonly #shown = new Set<string>()

  /** Names of pictures in a noscript that is before what a script would have shown. */
  readonly #twins = new Map<string, Element | undefined>()

  constructor(options: TidyOptions) {
    this.#options = options
  }

  /** @param marks that are open around it */
  children(parent: Parents, marks: ReadonlySet<string>): void {
    const out = (parent.children as RootContent[]).flatMap(child => this.#node(child, marks))
    parent.children = joined(out) as ElementContent[]
    for (const [at, child] of parent.children.entries())
      if (
        isElement(child, 'em', 'strong', 'del') &&
        !isFreestanding(child, parent.children[at - 1], parent.children[at + 1])
      )
        child.tagName = TAGS[child.tagName]!
  }

  #node(node: RootContent, marks: ReadonlySet<string>): RootContent[] {
    if (node.type === 'text') return node.value === '' ? [] : [node]
    if (node.type === 'comment') return /^\s*more\b/.test(node.value) ? [node] : []
    if (node.type !== 'element') return []
    const gone = this.#gone(node)
    if (gone !== undefined) {
      if (gone !== '') this.#lost(gone, `<${node.tagName}> is left out (${gone})`, node)
      return []
    }
    const { tagName } = node
    if (tagName === 'table' && isLayout(node)) unwrapTable(node)
    if (tagName === 'img') return this.#picture(node)
    if (tagName === 'iframe' || tagName === 'embed' || tagName === 'object') return this.#embed(node)
    const name = MARKS[tagName] ?? (tagName === 'span' ? markOfStyle(attribute(node, 'style')) : undefined)
    const open = name ? new Set([...marks, name]) : marks
    if (tagName === 'noscript') this.#noteTwins(node)
    this.children(node, open)
    if (tagName === 'a') return this.#link(node, marks)
    if (tagName === 'noscript') return node.children
    if (name) return this.#mark(node, name, marks)
    if (/^h[1-6]$/.test(tagName)) return heading(node)
    if (tagName === 'audio' || tagName === 'video') return this.#player(node)
    if (tagName === 'blockquote') addShown(node)
    if (tagName === 'picture') return node.children.filter(child => isElement(child, 'img'))
    if (tagName === 'script') return [bareLink(attribute(node, 'src').replace(/\.js(?:\?.*)?$/, ''))]
    if (UNWRAPPED.has(tagName)) return node.children
    if (node.tagName === 'div')
      return hasBlock(node) ? paragraphs(node.children) : [element('p', {}, node.children)]
    if (tagName === 'td' || tagName === 'th') unwrapOnly(node)
    const isEmpty = !VOID_BLOCKS.has(tagName) && node.children.length === 0 && !/^t[dh]$/.test(tagName)
    return isEmpty ? [] : [node]
  }

  /** @returns the kind, '' for what is not worth a word; undefined for what stays */
  #gone(node: Element): string | undefined {
    // Ghost's stars are drawings.
    if (/\bkg-product-card-rating\b/.test(classesOf(node))) {
      const count = [...elements(node)].filter(each =>
        /\bkg-product-card-rating-active\b/.test(classesOf(each)),
      ).length
      if (count > 0 && count <= 5)
        Object.assign(node, element('p', {}, [{ type: 'text', value: '★'.repeat(count).padEnd(5, '☆') }]))
      return undefined
    }
    if (isElement(node, 'input') && attribute(node, 'type') === 'checkbox') {
      // The box of a task.
      Object.assign(
        node,
        element('span', {}, [{ type: 'text', value: node.properties.checked === undefined ? '☐ ' : '☑ ' }]),
      )
      return undefined
    }
    // A program that somebody shows.
    if (/^https:\/\/gist\.github\.com\/\S+$/.test(attribute(node, 'src')) && node.tagName === 'script')
      return undefined
    if (Object.hasOwn(GONE, node.tagName)) return GONE[node.tagName]
    const classes = classesOf(node)
    if (classes !== '') for (const [pattern, kind] of FURNITURE) if (pattern.test(classes)) return kind
    if (node.properties.hidden !== undefined && node.properties.hidden !== false) return 'hidden parts'
    if (/display:\s*none/i.test(attribute(node, 'style'))) return 'hidden parts'
    return undefined
  }

  #picture(node: Element): RootContent[] {
    const src = pictureSourceOf(node)
    if (src === undefined) {
      this.#lost('pictures without an address', 'a picture has no address', node)
      return []
    }
    const size = [attribute(node, 'width'), attribute(node, 'height')]
    if (PIXEL.test(src) || size.every(side => side === '1' || side === '0')) {
      this.#lost('tracking pixels', `the pixel ${src.slice(0, 80)} is left out`, node)
      return []
    }
    const name = pictureFile(src)
    const isLazy = ['dataSrc', 'dataLazySrc', 'dataOriginal'].some(key => node.properties[key] !== undefined)
    if (!isLazy && this.#shown.delete(name)) return []
    const alt = attribute(node, 'alt').replace(/\s+/g, ' ').trim()
    const twin = isLazy ? this.#twins.get(name) : undefined
    if (twin) {
      twin.properties.alt ||= alt
      return []
    }
    if (isLazy) this.#shown.add(name)
    const title = attribute(node, 'title').trim()
    const shown = this.#options.picture(this.#absolute(src))
    const picture = element('img', { src: shown, alt, ...(title && title !== alt ? { title } : {}) }, [])
    if (this.#twins.has(name)) this.#twins.set(name, picture)
    return [picture]
  }

  #noteTwins(noscript: Element): void {
    for (const each of elements(noscript)) {
      const name = each.tagName === 'img' ? pictureFile(pictureSourceOf(each) ?? '') : ''
      if (name !== '' && !this.#shown.has(name)) this.#twins.set(name, undefined)
    }
  }

  #embed(node: Element): RootContent[] {
    const source = attribute(node, 'src') || attribute(node, 'dataSrc') || attribute(node, 'data')
    const url = source.trim() === '' ? '' : this.#absolute(source)
    if (!/^https?:/i.test(url)) {
      const name = /^amp-[a-z0-9-]+$/.exec(attribute(node, 'title'))?.[0] ?? node.tagName
      this.#lost('embeds without an address', `<${name}> has no address of its own`, node)
      return []
    }
    this.#lost('embeds that became links', `an embed became a link to ${url.slice(0, 120)}`, node)
    return [bareLink(playerPage(url))]
  }

  #link(node: Element, marks: ReadonlySet<string>): RootContent[] {
    const href = attribute(node, 'href').trim()
    if (href === '' || marks.has('a')) return node.children
    if (/^(?:javascript|data|vbscript|blob|file):/i.test(href.replace(/[\s\p{Cc}]/gu, ''))) {
      this.#lost('links that ran a script', 'a link ran a script: only its words stay', node)
      return node.children
    }
    if (node.children.length === 0) return []
    const to = href.startsWith('#') ? href : this.#options.link(this.#absolute(href))
    // In Markdown a link around blocks is none: it goes around their pictures and words.
    if (hasBlock(node)) {
      const pictures = [...elements(node)].filter(({ tagName }) => tagName === 'img')
      const words = visibleText(node)
      const inside = [...pictures, ...(words === '' ? [] : [{ type: 'text', value: words } as const])]
      return inside.map(child => element('p', {}, [element('a', { href: to }, [child])]))
    }
    const title = attribute(node, 'title')
    const link = element('a', { href: to, ...(title ? { title } : {}) }, node.children)
    return outside(link)
  }

  #mark(node: Element, name: string, marks: ReadonlySet<string>): RootContent[] {
    const isUndone = /font-weight:\s*(?:normal|400)/i.test(attribute(node, 'style'))
    if (marks.has(name) || isUndone || hasBlock(node)) return node.children
    const own = element(
      name,
      name === 'code' ? { className: node.properties.className } : { title: node.properties.title },
      node.children,
    )
    if (name === 'code') return visibleText(node) === '' ? node.children : [own]
    return outside(own)
  }

  #player(node: Element): RootContent[] {
    const inside = findElement(node, ({ tagName }) => tagName === 'source')
    const source = attribute(node, 'src') || (inside ? attribute(inside, 'src') : '')
    const url = source.trim() === '' ? '' : this.#absolute(source)
    // A path on the old site is one, too.
    if (!/^(?:https?:|\/)/i.test(url)) {
      this.#lost('embeds without an address', `<${node.tagName}> has no address of its own`, node)
      return []
    }
    return [
      element('p', {}, [element(node.tagName, { src: this.#options.picture(url), controls: true }, [])]),
    ]
  }

  #absolute(reference: string): string {
    const text = reference.trim()
    if (/^[a-z][a-z0-9+.-]*:/i.test(text) || this.#options.base === undefined) return text
    try {
      return new URL(text, this.#options.base).href
    } catch {
      return text
    }
  }

  #lost(kind: string, message: string, { position }: Element): void {
    this.#options.lost(kind, message, position?.start.line ?? 1)
  }
}

/** TikTok's and others' words for what a script would have shown: the page of it, where no link leads there. */
function addShown(quote: Element): void {
  const permalinks = ['cite', 'dataInstgrmPermalink', 'dataTextPostPermalink']
  const page = permalinks.map(key => attribute(quote, key)).find(Boolean) ?? ''
  const isOfPlayer = /embed|media|post|tweet|status/i.test(classesOf(quote)) || SHOWN_BY_SCRIPT.test(page)
  if (!isOfPlayer || !/^https?:/i.test(page)) return
  const bare = (url: string) => url.replace(/[?#].*$/s, '').replace(/\/$/, '')
  const isThere = (each: Element) => each.tagName === 'a' && bare(attribute(each, 'href')) === bare(page)
  if (!findElement(quote, isThere)) quote.children.push(bareLink(bare(page)))
}

const SHOWN_BY_SCRIPT =
  /^https?:\/\/(?:[\w-]+\.)?(?:tiktok|instagram|threads|reddit|twitter|x|bsky|facebook)\.\w+\//

/** Without its size. */
function pictureFile(src: string): string {
  return src.replace(/[?#].*$/s, '').replace(/-\d+x\d+(?=\.\w+$)/, '')
}

const MARKS = lookUpTable({
  ...Object.fromEntries(
    'em strong del code sub sup kbd mark ins small q abbr'.split(' ').map(name => [name, name]),
  ),
  i: 'em',
  b: 'strong',
  s: 'del',
  strike: 'del',
  u: 'ins',
  tt: 'code',
  cite: 'em',
  dfn: 'em',
  var: 'em',
  samp: 'code',
})

/** Editors that write styles for marks. */
function markOfStyle(style: string): string | undefined {
  if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style)) return 'strong'
  return /font-style:\s*italic/i.test(style) ? 'em' : undefined
}

/** Their contents stand for themselves. */
const UNWRAPPED = new Set(
  'span font center big nobr time data bdi bdo label fieldset legend article section main header footer aside nav hgroup address o:p wbr body html'.split(
    ' ',
  ),
)
const VOID_BLOCKS = new Set(['br', 'hr', 'footnote-mark'])

/** What is between two blocks is a paragraph. */
function paragraphs(nodes: readonly RootContent[]): RootContent[] {
  const out: RootContent[] = []
  let open: Element | undefined
  for (const node of nodes) {
    if (isElement(node) && BLOCKS.has(node.tagName)) {
      open = undefined
      out.push(node)
    } else if (open) open.children.push(node as ElementContent)
    else if (node.type !== 'text' || node.value.trim() !== '') {
      open = element('p', {}, [node as ElementContent])
      out.push(open)
    }
  }
  return out
}

function bareLink(url: string): Element {
  return element('p', {}, [element('a', { href: url }, [{ type: 'text', value: url }])])
}
