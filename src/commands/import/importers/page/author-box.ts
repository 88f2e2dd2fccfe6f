// What a page tells of its authors: names beside the headline, and boxes with a biography, a role, a photo and profiles.

import {
  attribute,
  type Element,
  elements,
  findElement,
  pictureSourceOf,
  type Root,
  visibleText,
} from '../../html-tree.ts'
import type { ImportedAuthor } from '../../imported.ts'
import { type Block, pageBlocks } from './blocks.ts'
import { isNamed, named, namesOf, type PageTree, shown } from './furniture.ts'
import { type Clutter, COPYRIGHT, openClutter, sameWords, wordCount } from './words.ts'

const NETWORKS: Readonly<Record<string, string>> = {
  twitter: 'Twitter',
  x: 'X',
  linkedin: 'LinkedIn',
  facebook: 'Facebook',
  instagram: 'Instagram',
  threads: 'Threads',
  youtube: 'YouTube',
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
}

/** 'https://x.com/jo' → 'X'; undefined for what is no profile. */
export function networkOf(url: string): string | undefined {
  const [, host = '', path = ''] = /^https?:\/\/(?:www\.|m\.)?([^/]+)\/(.*)$/.exec(url) ?? []
  if (path === '' || /^(?:share|sharer|intent|home\?status)/.test(path)) return undefined
  const name =
    /^(?:(twitter|x|linkedin|facebook|instagram|youtube)\.com|[a-z]+\.(linkedin)\.com|(threads)\.(?:net|com)|(bsky)\.app)$/.exec(
      host,
    )
  const key = name?.slice(1).find(Boolean)
  if (key) return key === 'bsky' ? 'Bluesky' : NETWORKS[key]
  return /^@[\w.]+$/.test(path) && /mastodon|social/.test(host) ? 'Mastodon' : undefined
}

/** Names of people in elements that are named after authors, above the text. */
export function namedAuthors(root: Root, tree: PageTree, house: string | undefined): ImportedAuthor[] {
  const clutter = openClutter()
  const found: string[] = []
  for (const element of shown(root, tree)) {
    if (found.length > 0) break
    const isMarked = /\bauthor\b/.test(`${attribute(element, 'rel')} ${attribute(element, 'itemProp')}`)
    if (!isMarked && !isNamed(namesOf(element), 'author')) continue
    const text = visibleText(element)
    const links = [...elements(element)].filter(({ tagName }) => tagName === 'a').map(visibleText)
    const words =
      links.filter(isPersonLike).length > 0
        ? links.filter(isPersonLike)
        : [clutter.byline.exec(text)?.[1] ?? text]
    found.push(...words.flatMap(each => namesOfPeople(each, house)))
  }
  return [...new Set(found)].map(name => ({ name }))
}

function namesOfPeople(text: string, house: string | undefined): string[] {
  return text
    .replace(/\s*[|•·,].*$/u, '')
    .split(/\s+(?:and|und|et|y|e|और|و|и)\s+|\s*[&、，]\s*/u)
    .map(name => name.trim())
    .filter(name => isPersonLike(name) && !sameWords(name, house ?? ''))
}

/** Two to five words with capitals, or a short one in a script without them. */
export function isPersonLike(text: string): boolean {
  if (text.length > 60 || !/^[\p{L}\p{M}.'’\- ]+$/u.test(text)) return false
  const words = text.split(/\s+/)
  if (/^\p{Script=Han}|^\p{Script=Hiragana}|^\p{Script=Katakana}/u.test(text)) return text.length <= 12
  return (
    words.length >= 2 &&
    words.length <= 5 &&
    words.every(
      word =>
        !/^\p{Ll}/u.test(word) ||
        /^(?:de|van|von|der|den|da|di|del|la|le|bin|al|el|y|e|dos|ten|ter)$/.test(word),
    )
  )
}

export interface AuthorBox {
  readonly name: string | undefined
  readonly role: string | undefined
  readonly biography: string | undefined
  readonly photo: string | undefined
  readonly social: readonly { readonly name: string; readonly url: string }[]
}

/** Parts of the page that are about authors, each once. */
export function authorBoxes(
  root: Root,
  tree: PageTree,
  names: readonly string[],
  house: string | undefined,
): AuthorBox[] {
  const clutter = openClutter()
  const boxes: AuthorBox[] = []
  for (const element of named(root, 'author_box', tree)) {
    if (tree.proseOf(element) > 3000 || findElement(element, ({ tagName }) => tagName === 'h1')) continue
    const texts = textsOf(element, tree)
    const name = names.find(each => texts.some(text => sameWords(text, each) || text.startsWith(each)))
    const { biography, role } = readBox(
      texts.filter(text => !sameWords(text, house ?? '')),
      names,
      clutter,
    )
    const links = [...elements(element)]
      .filter(({ tagName }) => tagName === 'a')
      .map(link => attribute(link, 'href'))
    const social = [...new Set(links)].flatMap(url => {
      const network = networkOf(url)
      return network ? [{ name: network, url }] : []
    })
    if (biography === undefined && role === undefined && social.length === 0) continue
    const picture = findElement(element, ({ tagName }) => tagName === 'img')
    boxes.push({ name, role, biography, photo: picture && webPicture(picture), social })
  }
  return boxes
}

function textsOf(element: Element, tree: PageTree): string[] {
  return pageBlocks(element, tree)
    .filter(({ tag }) => tag !== 'around')
    .map(({ text }) => text)
    .filter(text => text !== '')
}

function webPicture(picture: Element): string | undefined {
  const src = pictureSourceOf(picture)
  return src !== undefined && /^https?:/.test(src) ? src : undefined
}

/** @param texts of the box, in their order */
export function readBox(
  texts: readonly string[],
  names: readonly string[],
  clutter: Clutter,
): { biography: string | undefined; role: string | undefined; networks: string[] } {
  const networks: string[] = []
  let biography: string | undefined
  let role: string | undefined
  let isNamedHere = false
  for (const text of texts) {
    const network = NETWORKS[text.toLowerCase().replace(/[^a-z]/g, '')]
    const isName = names.some(name => sameWords(text.replace(/^written by\s+/i, ''), name))
    const isSentence =
      wordCount(text) >= 8 ||
      (wordCount(text) >= 3 && /[.!?।]$/u.test(text)) ||
      (wordCount(text) < 3 && text.length > 24)
    if (network) networks.push(network)
    else if (isName) isNamedHere = true
    else if (COPYRIGHT.test(text) || (clutter.end.test(text) && (isNamedHere || networks.length > 0))) break
    else if (clutter.drop.test(text) || clutter.end.test(text)) continue
    else if (isSentence) {
      biography = text.replace(clutter.more, '').trim()
      if (/[\p{L}\p{N}]$/u.test(biography) && biography.length < text.length) biography += ' …'
      break
    } else if (
      isNamedHere &&
      role === undefined &&
      networks.length === 0 &&
      /^\p{L}[\p{L}\p{M} ,&/.’'-]{3,60}$/u.test(text)
    )
      role = text.replace(/,\s.*$/, '')
    else if (!isNamedHere && networks.length > 0) break
  }
  return { biography, role: (biography === undefined ? undefined : roleOf(biography)) ?? role, networks }
}

/** 'NAME, ROLE at PAPER, has been …'; 'NAME is a ROLE with PAPER.' */
export function roleOf(biography: string): string | undefined {
  const behind =
    /^[\p{Lu}][^,.]{2,60},\s+(?:(?:an?|the)\s+)?([^,.]{3,80}?)\s+(?:at|with|for|of)\s+(?:the\s+)?\p{Lu}[^,]*,\s/u.exec(
      biography,
    )?.[1]
  const is =
    /^[\p{Lu}][^,.]{2,60}\s(?:is|was)\s+(?:(?:an?|the)\s+)?([^,.]{3,80}?)\s+(?:at|with|for|of|based|who|covering|reporting|writing)\b/u.exec(
      biography,
    )?.[1]
  const role = behind ?? is
  return role && wordCount(role) <= 8 ? role : undefined
}

/** A block of the page that is a picture of an author, or in a box about one. */
export function isOfAuthor(block: Block, names: readonly string[]): boolean {
  if (isNamed(block.names, 'author_box')) return true
  const [own = '', around = ''] = block.names.split(' / ')
  if (
    /^(?:img|picture|figure)$/.test(block.tag) &&
    /(?<![a-z])(?:avatar|author|byline|headshot|gravatar)/.test(`${own} ${around}`)
  )
    return true
  const alt = block.nodes
    .flatMap(node => (node.type === 'element' ? [node, ...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'img')
    .map(img => attribute(img, 'alt'))
  return block.text === '' && alt.some(text => names.some(name => sameWords(text, name)))
}
