// The tree of a page → what its parts are, by the names that their elements have (templates/clutter/classes.yaml), and which of them
// holds the text of the article.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { once } from '../../../../base/index.ts'
import {
  attribute,
  type Element,
  findElement,
  hasBlock,
  isElement,
  type Parents,
  type RootContent,
  visibleText,
} from '../../html-tree.ts'
import { hostOf } from '../../imported.ts'
import { clutterFolder } from './words.ts'

type Part =
  | 'around'
  | 'share'
  | 'place'
  | 'kicker'
  | 'author_box'
  | 'author'
  | 'standfirst'
  | 'caption'
  | 'credit'
  | 'tags'

const partNames = once((): Readonly<Record<Part, RegExp>> => {
  const lists = parse(readFileSync(join(clutterFolder, 'classes.yaml'), 'utf8')) as Record<Part, string[]>
  const entries = Object.entries(lists).map(([part, names]) => {
    const any = names.map(name => name.replace(/\*/g, '[a-z0-9]*')).join('|')
    return [part, new RegExp(`(?<![a-z0-9])(?:${any})(?![a-z0-9])`)]
  })
  return Object.fromEntries(entries)
})

const NAMED_BY = [
  'className',
  'id',
  'role',
  'dataComponent',
  'dataTestid',
  'dataTestId',
  'dataGuName',
  'dataArea',
  'dataType',
  'itemProp',
] as const

/** 'c-newsletter_signup_box', 'AuthorBio-name' → 'c-newsletter-signup-box author-bio-name' */
export function namesOf(element: Element): string {
  const written = NAMED_BY.map(name => attribute(element, name)).join(' ')
  // As most have none.
  if (written.length < NAMED_BY.length) return ''
  return written
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9\s]+/g, '-')
    .trim()
}

/** @param names as `namesOf` writes them */
export function isNamed(names: string, part: Part): boolean {
  return names !== '' && partNames()[part].test(names)
}

/** Never an article's. */
const ELSEWHERE = new Set(
  'script style noscript template nav form button select textarea svg footer dialog menu input amp-ad amp-analytics amp-sidebar amp-social-share amp-list amp-sticky-ad amp-consent'.split(
    ' ',
  ),
)
/** Share of the text of a page: what has more of it is no furniture, whatever it is called. */
const MAX_SHARE_OF_TEXT = 0.4
/** Characters that a paragraph has at least, to count as one. */
const MIN_PARAGRAPH_CHARACTERS = 60

/** What a page shows, and how much of its text is where. */
export class PageTree {
  readonly #prose = new Map<Element, number>()
  readonly #byName = new Map<string, number>()
  readonly #total: number
  /** Where most of the text is; undefined where no one element has it. */
  readonly body: Element | undefined

  readonly #host: string | undefined

  /** @param host of the site */
  constructor(root: Parents, host: string | undefined) {
    this.#host = host
    this.#total = this.#measure(root)
    const marked = findElement(root, each => /\barticleBody\b/.test(attribute(each, 'itemProp')))
    this.body = marked && this.proseOf(marked) > this.#total / 2 ? marked : this.#bodyOf(root)
  }

  /** Neither text nor a thing to show. */
  isElsewhere(element: Element): boolean {
    if (ELSEWHERE.has(element.tagName)) return true
    if (element.properties.hidden !== undefined || attribute(element, 'ariaHidden') === 'true') return true
    return /display:\s*none/i.test(attribute(element, 'style'))
  }

  /** Furniture by its name, unless much of the text is in it, or in all of its name together. */
  isAround(element: Element): boolean {
    if (/^(?:body|main|article|h1)$/.test(element.tagName)) return false
    const names = namesOf(element)
    const isAside = element.tagName === 'aside' && !findElement(element, tellsWho)
    if (!isAside && !isNamed(names, 'around') && !isNamed(names, 'share')) return false
    // Buttons beside the byline and the time share its element.
    if (!isAside && !isNamed(names, 'around') && findElement(element, tellsWho)) return false
    if (findElement(element, ({ tagName }) => tagName === 'h1')) return false
    const own = this.#prose.get(element) ?? 0
    const max = this.#total * MAX_SHARE_OF_TEXT
    return own < max && (this.#byName.get(signature(element)) ?? 0) < max
  }

  /** Whether an address is one of the site's own. */
  isOwn(url: string): boolean {
    return [undefined, this.#host].includes(hostOf(url)) && !/^(?:#|$|mailto:)/.test(url)
  }

  /** Characters of its paragraphs. */
  proseOf(element: Element): number {
    return this.#prose.get(element) ?? 0
  }

  #measure(parent: Parents): number {
    let length = 0
    for (const child of parent.children) {
      if (!isElement(child) || ELSEWHERE.has(child.tagName)) continue
      length += this.#measure(child)
    }
    if (parent.type === 'root') return length
    if (length === 0 && isParagraph(parent)) length = visibleText(parent).length
    this.#prose.set(parent, length)
    const name = signature(parent)
    this.#byName.set(name, (this.#byName.get(name) ?? 0) + length)
    return length
  }

  /** The deepest element that holds most of the text outside of furniture. */
  #bodyOf(root: Parents): Element | undefined {
    let best: Element | undefined
    let parent: Parents = root
    const enough = (each: Element) => !this.isElsewhere(each) && this.proseOf(each) >= this.#total * 0.6
    for (;;) {
      const children = (parent.children as RootContent[]).filter(each => isElement(each))
      const inner: Element | undefined = children.find(each => enough(each) && !isParagraph(each))
      if (!inner) return best
      best = inner
      parent = inner
    }
  }
}

function signature(element: Element): string {
  return `${element.tagName} ${attribute(element, 'className')}`
}

/** A paragraph, or a part of a page that is one without saying so. */
function isParagraph(element: Element): boolean {
  if (!/^(?:p|div|td|section|span|font|center)$/.test(element.tagName)) return false
  if (hasBlock(element)) return false
  return visibleText(element).length >= MIN_PARAGRAPH_CHARACTERS
}

/** Who wrote it, and when, may be beside the text. */
function tellsWho(element: Element): boolean {
  return (
    element.tagName === 'time' ||
    /\bauthor\b/.test(`${attribute(element, 'rel')} ${attribute(element, 'itemProp')}`)
  )
}

/** The text of elements that are named so, outside of furniture. */
export function* named(root: Parents, part: Part, tree: PageTree): Generator<Element> {
  for (const child of root.children) {
    if (!isElement(child) || tree.isElsewhere(child)) continue
    if (isNamed(namesOf(child), part)) yield child
    else if (!tree.isAround(child) || part === 'tags') yield* named(child, part, tree)
  }
}

/** Elements that a page shows, furniture left out. */
export function* shown(root: Parents, tree: PageTree): Generator<Element> {
  for (const child of root.children) {
    if (!isElement(child) || tree.isElsewhere(child) || tree.isAround(child)) continue
    yield child
    yield* shown(child, tree)
  }
}
