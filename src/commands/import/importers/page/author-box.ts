// A saved page → what it says of its authors: names beside the headline, and boxes with a biography, a role, a photo and
// profiles.

import { lookUpTable } from '../../../../base/index.ts'
import {
  attribute,
  type Element,
  elements,
  elementsAmong,
  findElement,
  pictureSourceOf,
  type Root,
  visibleText,
} from '../../html-tree.ts'
import type { ImportedAuthor } from '../../imported.ts'
import { type Block, pageBlocks } from './blocks.ts'
import { isNamed, named, namesOf, type PageTree, shown } from './furniture.ts'
import { type Clutter, COPYRIGHT, openClutter, sameWords, wordCount } from './words.ts'

const NETWORKS = lookUpTable({
  twitter: 'Twitter',
  x: 'X',
  linkedin: 'LinkedIn',
  facebook: 'Facebook',
  instagram: 'Instagram',
  threads: 'Threads',
  youtube: 'YouTube',
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
})

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
    const links = [...elements(element)]
      .filter(({ tagName }) => tagName === 'a')
      .map(visibleText)
      .filter(each => !clutter.drop.test(each))
    const words =
      links.filter(isPersonLike).length > 0
        ? links.filter(isPersonLike)
        : [clutter.byline.exec(text)?.[1] ?? text]
    found.push(...words.flatMap(each => namesOfPeople(each, house, clutter)))
  }
  return [...new Set(found)].map(name => ({ name }))
}

function namesOfPeople(text: string, house: string | undefined, clutter: Clutter): string[] {
  return text
    .replace(/\s*[|•·,].*$/u, '')
    .split(clutter.and)
    .map(name => splitRole(clutter.nameSuffix.exec(name.trim())?.[1] ?? name.trim(), clutter).name)
    .filter(name => isPersonLike(name) && !sameWords(name, house ?? ''))
}

/** Of a byline: 'Jane Roe, Political Editor'. */
export interface Person {
  readonly name: string
  readonly role?: string | undefined
}

/** Two to five words with capitals, or a short one in a script without them. */
export function isPersonLike(text: string): boolean {
  if (text.length > 60 || !/^[\p{L}\p{M}.'’\- ]+$/u.test(text)) return false
  const words = text.split(/\s+/)
  if (/^\p{Script=Han}|^\p{Script=Hiragana}|^\p{Script=Katakana}/u.test(text)) return text.length <= 12
  if (/^\p{Script=Hangul}+$/u.test(text)) return text.length <= 5
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

/** 'Jane Roe Staff Writer' → the name and what she does */
function splitRole(text: string, { role }: Clutter): Person {
  const words = text.split(/\s+/)
  for (const length of [2, 3]) {
    const rest = words.slice(length).join(' ')
    if (role.exec(rest)?.[0] === rest && rest !== '')
      return { name: words.slice(0, length).join(' '), role: rest }
  }
  return { name: text }
}

/** 'By Jane Roe, Political Editor, and Sam Ortiz' → two people, one with a role. */
export function bylinePeople(text: string, clutter: Clutter): Person[] {
  if (text.length > 160) return []
  const titled = clutter.nameSuffix.exec(text)?.[1]
  const named = clutter.byline.exec(text)?.[1] ?? (titled && text)
  if (!named) return []
  const people: { name: string; role?: string }[] = []
  for (const part of named.replace(/\s*[|•·].*$/u, '').split(clutter.and)) {
    const words = part.trim().replace(/^(.{2,30}?)\s*[(（][^()（）]*[)）]$/u, '$1')
    if (words === '') continue
    const last = people.at(-1)
    if (last && clutter.role.test(words) && !clutter.nameSuffix.test(words)) {
      last.role ??= words
      continue
    }
    const { name, role } = splitRole(clutter.nameSuffix.exec(words)?.[1] ?? words, clutter)
    const isName =
      wordCount(name) <= 5 &&
      /^[\p{L}\p{M}.'’\- ]+$/u.test(name) &&
      !/\.$/.test(name.replace(/\b[A-Z]\.$/, '')) &&
      !/^\p{Ll}/u.test(name)
    if (!isName) return []
    people.push({ name, ...(role && { role }) })
  }
  return people
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
    const texts = textsOf(element, tree).filter(text => !sameWords(text, house ?? ''))
    const inside = names.filter(each => texts.some(text => isNameOf(text, each, clutter)))
    // One box of several people.
    if (inside.length > 1) {
      for (const each of inside) {
        const own = readBox(partOf(texts, each, inside), [each], clutter)
        if (own.biography ?? own.role) boxes.push({ ...own, name: each, photo: undefined, social: [] })
      }
      continue
    }
    const name = names.find(each => texts.some(text => sameWords(text, each) || text.startsWith(each)))
    const { biography, role } = readBox(texts, names, clutter)
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

/** From an author's name to the next one's. */
export function partOf(texts: readonly string[], name: string, names: readonly string[]): string[] {
  const start = texts.findIndex(text => sameWords(text, name))
  if (start === -1) return []
  const isOther = (text: string) => names.some(other => !sameWords(other, name) && sameWords(text, other))
  const length = texts.slice(start).findIndex(isOther)
  return texts.slice(start, length === -1 ? undefined : start + length)
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
    const isName = names.some(name => isNameOf(text.replace(/^written by\s+/i, ''), name, clutter))
    const isSentence =
      wordCount(text) >= 8 ||
      ((wordCount(text) >= 3 || text.length >= 10) && /[.!?।。！]$/u.test(text)) ||
      (wordCount(text) < 3 && text.length > 24)
    if (network) networks.push(network)
    else if (isName) isNamedHere = true
    else if (COPYRIGHT.test(text) || (clutter.end.test(text) && (isNamedHere || networks.length > 0))) break
    else if (clutter.drop.test(text) || clutter.end.test(text)) continue
    else if (isSentence) {
      biography = text.replace(clutter.more, '').trim()
      if (/[\p{L}\p{N}]$/u.test(biography) && biography.length < text.length) biography += ' …'
      else biography = withoutLastLink(biography, clutter)
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

/** A name by itself, or with what shows that it is one. */
export function isNameOf(text: string, name: string, clutter: Clutter): boolean {
  return sameWords(text, name) || sameWords(clutter.nameSuffix.exec(text)?.[1] ?? '', name)
}

/** 'She has covered rivers since 2010. More by Jo Lund' */
function withoutLastLink(text: string, clutter: Clutter): string {
  const [, sentences, last] = /^(.*[.!?।。])\s+([^.!?]{3,60})$/su.exec(text) ?? []
  const isLink =
    last !== undefined && [clutter.drop, clutter.dropWithLinks, clutter.end].some(list => list.test(last))
  return isLink ? sentences! : text
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
  const alt = elementsAmong(block.nodes)
    .filter(({ tagName }) => tagName === 'img')
    .map(img => attribute(img, 'alt'))
  return block.text === '' && alt.some(text => names.some(name => sameWords(text, name)))
}
