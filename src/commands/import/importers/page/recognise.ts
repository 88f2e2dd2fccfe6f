// The blocks of a page, and what machines are told of it → headline, standfirst, byline, place, times, keywords, caption, body and
// biography, without what stands around them.

import { elements, isElement, visibleText } from '../../html-tree.ts'
import type { ImportedAuthor } from '../../imported.ts'
import { type AuthorBox, readBox } from './author-box.ts'
import { type Block, withHeadLines } from './blocks.ts'
import { cutBody } from './body.ts'
import { isNamed } from './furniture.ts'
import { type Head, type HeadHints, ownNames, readHead } from './head.ts'
import type { PageMetadata } from './metadata.ts'
import { type Clutter, COPYRIGHT, openClutter, sameWords, wordCount } from './words.ts'

export interface PageParts extends Omit<Head, 'end'> {
  readonly body: readonly Block[]
  /** What stood in the middle of the text and is no part of it. */
  readonly dropped: readonly Block[]
  /** The rest is for those who pay. */
  readonly isCut: boolean
  /** Networks in the author's box, whose addresses a text does not have. */
  readonly networks: readonly string[]
  /** '© The Post' */
  readonly copyright: string | undefined
}

export interface PageHints extends HeadHints {
  readonly boxes: readonly AuthorBox[]
}

/** @param metadata undefined for a text */
export function recognise(
  blocks: readonly Block[],
  metadata: PageMetadata | undefined,
  hints: PageHints,
): PageParts {
  const clutter = openClutter()
  // That of a picture is its photographer's.
  const copyright = blocks.find(
    ({ text, tag, names }) =>
      COPYRIGHT.test(text) && tag !== 'figure' && !isNamed(ownNames({ names }), 'credit'),
  )?.text
  const kept = withoutClutter(withHeadLines(blocks), clutter)
  const head = readHead(kept, metadata, hints, clutter)
  const names = [...new Set([...hints.authors, ...head.authors].map(({ name }) => name))]
  const { body, box, isCut } = cutBody(kept.slice(head.end), { names, clutter, lead: head.lead })
  const [first, last] = [body[0], body.at(-1)].map(block => (block ? blocks.indexOf(block) : -1)) as [
    number,
    number,
  ]
  const inText = new Set(body)
  const dropped = blocks
    .slice(first, last + 1)
    .filter(block => !inText.has(block) && block.text !== '' && block !== head.lead)
  // Names of networks in the box are facts; elsewhere they are buttons.
  const wholeBox = box[0] ? blocks.slice(blocks.indexOf(box[0])) : []
  const read = readBox(
    wholeBox.map(({ text }) => text),
    names,
    clutter,
  )
  const all = hints.authors.length > 0 ? hints.authors : head.authors
  const authors = all.map((author, at) => {
    const own =
      hints.boxes.find(({ name }) => name !== undefined && sameWords(name, author.name)) ??
      (at === 0 ? hints.boxes.find(({ name }) => name === undefined) : undefined)
    if (own) return withBox(author, own)
    const found = at === 0 ? read : readBox(partOf(wholeBox, author.name, names), [author.name], clutter)
    return withBox(author, { ...found, photo: undefined, social: [] })
  })
  const { networks } = hints.boxes.length > 0 ? { networks: [] } : read
  return { ...head, authors, body, dropped, isCut, networks, copyright }
}

/** From an author's name to the next one's. */
function partOf(box: readonly Block[], name: string, names: readonly string[]): string[] {
  const texts = box.map(({ text }) => text)
  const start = texts.findIndex(text => sameWords(text, name))
  if (start === -1) return []
  const isOther = (text: string) => names.some(other => !sameWords(other, name) && sameWords(text, other))
  const length = texts.slice(start).findIndex(isOther)
  return texts.slice(start, length === -1 ? undefined : start + length)
}

function withBox(
  author: ImportedAuthor,
  { role, biography, photo, social }: Omit<AuthorBox, 'name'>,
): ImportedAuthor {
  return {
    ...author,
    role: author.role ?? role,
    biography: author.biography ?? biography,
    photo: author.photo ?? photo,
    social: author.social && author.social.length > 0 ? author.social : social,
  }
}

/** What stands in a quotation was said by somebody. */
function withoutClutter(blocks: readonly Block[], clutter: Clutter): Block[] {
  const kept: Block[] = []
  let isAfterTeaser = false
  for (const block of blocks) {
    const { text, tag, isLinks } = block
    if (tag === 'around') continue
    if (/^(?:blockquote|figure|img|picture|pre|iframe|video|audio|embed|object)$/.test(tag)) {
      kept.push(block)
      isAfterTeaser = false
      continue
    }
    // A headline of another article: no sentence, or nothing but a link.
    const isHeadline = isLinks || (text.length < 140 && !/[.!?…।۔"”’]$/u.test(text) && !/^h[1-6]$/.test(tag))
    if (isAfterTeaser && isHeadline) {
      isAfterTeaser = isLinks && tag !== 'ul'
      continue
    }
    isAfterTeaser = clutter.dropWithLinks.test(text)
    if (isAfterTeaser) continue
    if (clutter.drop.test(text) && !clutter.end.test(text)) continue
    if (clutter.dropBeginning.test(text) && (isLinks || text.length < 160)) continue
    if (clutter.dropWithLinks.test(text.replace(/\s*[|:–—-].*$/u, '')) && isHeadline) continue
    if (/^[_\s]+$/.test(text) || isRowOfButtons(block, clutter)) continue
    // 'Investigation | How the jetty was lost'
    if (/^\p{Lu}[\p{L} ]{2,25} \| \S/u.test(text) && isHeadline && wordCount(text) > 4) continue
    kept.push(block)
  }
  return kept
}

/** A list of which each item is furniture. */
function isRowOfButtons({ tag, nodes }: Block, clutter: Clutter): boolean {
  if (tag !== 'ul' && tag !== 'ol') return false
  const items = nodes
    .flatMap(node => (isElement(node) ? [...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'li')
  return (
    items.length > 0 && items.every(item => clutter.drop.test(visibleText(item)) || visibleText(item) === '')
  )
}
