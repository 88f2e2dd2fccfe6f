// A line of a page → the facts in its words (keywords, caption and credit, and whose it is) and what kind of line it is,
// by the lists of what surrounds articles (templates/clutter/, a file a language); and the text of metadata as plain
// words.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { once } from '../../../../base/index.ts'
import { builtinTemplates } from '../../../../templates/index.ts'
import {
  type Element,
  elements,
  elementsAmong,
  isElement,
  parseHtml,
  type Root,
  visibleText,
} from '../../html-tree.ts'

export const COPYRIGHT = /^(?:©|ⓒ|\(c\)|copyright\b|कॉपीराइट)/iu

/** 'budget, city news, current affairsThe minister said …' */
export function gluedKeywords(text: string): { tags: string[]; caption: string } | undefined {
  let found: { tags: string[]; caption: string } | undefined
  for (const { index } of text.matchAll(/(?<=[\p{L}\p{N}][\p{Ll}\p{N}])(?=\p{Lu})/gu)) {
    const tags = text.slice(0, index).split(/\s*,\s*/)
    if (tags.length < 3) continue
    if (tags.some(tag => tag === '' || wordCount(tag) > 6)) break
    const caption = text.slice(index).trim()
    if (wordCount(caption) >= 3) found = { tags, caption }
  }
  return found
}

/** 'The quay. (PTI Photo/Jo Lund)' → the sentence, and who took the picture. */
export function splitCredit(
  words: string,
  clutter = openClutter(),
): { caption: string; credit: string | undefined } {
  // '[1/2] ', '1 of 3 | '
  const text = words.trim().replace(/^(?:\[\d+\/\d+\]|\d+ of \d+ ?\|)\s*/, '')
  const inside = /^(.*?)\s*[([（]([^()[\]（）]{2,120})[)\]）][.。]?$/su.exec(text)
  if (inside && clutter.credit.test(inside[2]!))
    return { caption: inside[1]!.trim(), credit: creditOf(inside[2]!, clutter) }
  // A label, or an agency in capitals, behind the last sentence: '… Photo: Jo Lund', '… Photo by Jo Lund', '… REUTERS/Jo Lund'.
  for (const pattern of [
    clutter.labelBehind,
    /^(.*?[.!?…।”"]|.*?\s[|–—-])\s*((?:photos?|photograph|foto|fotos|image|picture|bild|credit|crédits?|फोटो|صورة|фото)[\p{L} ]{0,20}[:：©].{2,100})$/isu,
    /^(.*?[.!?…।”"])\s+((?:photo|photograph|image|foto|bild)s?\s+(?:by|von|par|por|de|di)\s.{2,100})$/isu,
    /^(.*?[.!?…”"])\s+(\p{Lu}{3,}[\p{L} ]{0,20}\/[\p{L}\p{M} .'’-]{3,60})$/su,
    /^(.*?)\s*(?<!photo |image |picture )credits?\s*(?:\.{3}|…|:)\s*(\S.{1,100})$/isu,
    /^(.*?)[＝=](.{1,30}(?:撮影|提供))$/su,
  ]) {
    const behind = pattern.exec(text)
    if (behind)
      return { caption: behind[1]!.replace(/\s*[|–—-]$/u, '').trim(), credit: creditOf(behind[2]!, clutter) }
  }
  const sign = /^(.*\S)\s*(?:[|–—-]\s+|[©]\s*)([^|–—©]{3,80})$/su.exec(text)
  if (sign && wordCount(sign[2]!) <= 8 && (clutter.credit.test(sign[2]!) || text.includes('©')))
    return { caption: sign[1]!.replace(/\s*[|–—-]$/u, '').trim(), credit: creditOf(sign[2]!, clutter) }
  const whole =
    clutter.label.test(text) ||
    /^(?:photo|foto|image|picture|credit|©)[\p{L} ]{0,20}[:：©]?\s*\S.{1,100}$/iu.test(text)
  if (whole && wordCount(text) <= 8 && /[:：©]/u.test(text))
    return { caption: '', credit: creditOf(text, clutter) }
  return { caption: text, credit: undefined }
}

/** Without what only says that it is one: 'Photo: Jo Lund', '(© Jo Lund)'. */
export function creditOf(text: string, clutter: Clutter): string {
  let credit = text.trim()
  for (let before = ''; before !== credit; ) {
    before = credit
    credit = credit
      .replace(/^[\s|•·–—:：-]+|^©\s*|[\s|]+$/gu, '')
      .replace(/^\(([^()]*)\)$|^\(([^()]*)$|^([^()]*)\)$/u, '$1$2$3')
      .trim()
    const bare = credit.replace(clutter.label, '').trim()
    if (bare !== '' && (bare !== credit || !/^[\s.,:：…]/u.test(bare))) credit = bare
  }
  return credit
}

export function wordCount(text: string): number {
  return text.trim() === '' ? 0 : text.trim().split(/\s+/).length
}

export function sameWords(left: string, right: string): boolean {
  return right.trim() !== '' && wordsKey(left) === wordsKey(right)
}

/** Equal for texts that differ in quotation marks, letter case and what ends them. */
export function wordsKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s'"‘’“”]+/g, ' ')
    .replace(/[.:|–—-]+\s*$/u, '')
    .trim()
}

/** Entities that were written into a text, too. */
export function wordsOf(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value
  if (typeof first !== 'string') return ''
  const text = first
    .replace(/&(?:amp|#38);/g, '&')
    .replace(/&(?:#0?39|#x27|apos|rsquo);/g, '’')
    .replace(/&quot;/g, '"')
  return text
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Text, or HTML, → plain words, each paragraph on a line. */
export function plainLines(value: unknown): string {
  if (typeof value !== 'string') return ''
  if (!/<[a-z/]|&#?\w+;/i.test(value)) return value.trim()
  const root = parseHtml(value.replace(/<br\s*\/?>|<\/(?:p|div|li|h[1-6])>/gi, '\n$&'))
  const read = (node: Root | Root['children'][number]): string =>
    node.type === 'text' ? node.value : 'children' in node ? node.children.map(read).join('') : ''
  return read(root)
    .replace(/[ \t]*\n\s*/g, '\n')
    .trim()
}

/** At the foot of a page, which is no part of any article. */
export function copyrightOf(root: Root): string | undefined {
  const hasPicture = (each: Element) =>
    /^fig/.test(each.tagName) || each.children.some(child => isElement(child, 'img'))
  const inPictures = new Set(elementsAmong([...elements(root)].filter(hasPicture)))
  for (const each of elements(root)) {
    if (
      each.children.length > 8 ||
      inPictures.has(each) ||
      /^(?:script|style|head|title)$/.test(each.tagName)
    )
      continue
    const text = visibleText(each)
    if (text.length < 200 && COPYRIGHT.test(text)) return text
  }
  return undefined
}

/** '© 2026 The Post Ltd. All rights reserved.' → 'The Post Ltd' */
export function copyrightHolder(line: string): string {
  const words = line
    .replace(/^(?:(?:©|ⓒ|\(c\)|copyright|कॉपीराइट)[\s:,]*)+/iu, '')
    .replace(/[\s,]*\d{4}$|\s+\|.*$/, '')
    .replace(/^(?:\d{4}(?:\s*[-–]\s*\d{4})?[\s,.]*)/, '')
  return (words.replace(openClutter().rights, '') || words).trim().slice(0, 80)
}

/** 'The Post' is 'Post Media', too; 'T' is not. */
export function isSameHouse(house: string, title: string): boolean {
  const bare = (text: string) =>
    ` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .replace(/^the /, '')
      .trim()} `
  return bare(house).includes(bare(title))
}

// ─── What surrounds articles ─────────────────────────────────────────────────────────────────────────────────────

/** One file of them. */
interface ClutterList {
  readonly drop?: readonly string[]
  readonly drop_with_links?: readonly string[]
  readonly drop_beginning?: readonly string[]
  readonly end?: readonly string[]
  readonly cut?: readonly string[]
  readonly label?: readonly string[]
  readonly in_place?: readonly string[]
  readonly byline?: readonly string[]
  readonly published?: readonly string[]
  readonly updated?: readonly string[]
  readonly reading?: readonly string[]
  readonly credit?: readonly string[]
  readonly more?: readonly string[]
  readonly tags?: readonly string[]
  readonly role?: readonly string[]
  readonly name_suffix?: readonly string[]
  readonly place_suffix?: readonly string[]
  readonly and?: readonly string[]
  readonly rights?: readonly string[]
}

export interface Clutter {
  readonly drop: LineTest
  readonly dropWithLinks: LineTest
  readonly dropBeginning: RegExp
  readonly end: LineTest
  /** The rest of the article is for those who pay. */
  readonly cut: LineTest
  /** What only names what follows: 'Image source,', 'Credit'. */
  readonly label: RegExp
  /** The last sentence, and behind it a label and who made it. */
  readonly labelBehind: RegExp
  /** Between a name and a place, which is group 1. */
  readonly inPlace: RegExp
  /** Names behind it are group 1. */
  readonly byline: RegExp
  /** Reading time at the beginning of a line. */
  readonly reading: RegExp
  /** Which time it is, at the beginning of what follows a place. */
  readonly published: RegExp
  readonly updated: RegExp
  readonly credit: RegExp
  readonly more: RegExp
  /** Before keywords, which are group 1. */
  readonly tags: RegExp
  /** Behind the name of a house in its copyright line. */
  readonly rights: RegExp
  /** Between names. */
  readonly and: RegExp
  /** What somebody does at a paper. */
  readonly role: RegExp
  /** A name, which is group 1, and behind it what shows that it is one: '김민수 기자'. */
  readonly nameSuffix: RegExp
  /** A place, which is group 1: '高雄報導'. */
  readonly placeSuffix: RegExp
}

/** Whether a whole line is one of a list. */
interface LineTest {
  test(text: string): boolean
}

export const clutterFolder = join(builtinTemplates, 'clutter')

/** Of all languages together: pages quote each other's. */
export const openClutter = once((): Clutter => {
  const lists = readdirSync(clutterFolder)
    .filter(name => /^[a-z]{2,3}(?:-\w+)?\.yaml$/.test(name))
    .sort()
    .map(name => parse(readFileSync(join(clutterFolder, name), 'utf8')) as ClutterList)
  const all = (key: keyof ClutterList) => lists.flatMap(list => list[key] ?? [])
  const any = (key: keyof ClutterList) =>
    all(key)
      .map(pattern)
      .sort((a, b) => b.length - a.length)
      .join('|')
  return {
    drop: lineTest(all('drop')),
    dropWithLinks: lineTest(all('drop_with_links')),
    dropBeginning: new RegExp(`^(?:${any('drop_beginning')})`, 'iu'),
    end: lineTest(all('end')),
    cut: lineTest(all('cut')),
    label: new RegExp(`^(?:${any('label')})(?![\\p{L}/])[\\s.,:：…=＝／∕]*`, 'iu'),
    labelBehind: new RegExp(
      `^(.*?[.!?…।。”"»)]|.*?\\s[|–—-])\\s*((?:${any('label')})[\\p{L} ]{0,20}\\s*[:：=＝©／∕].{2,100})$`,
      'isu',
    ),
    inPlace: new RegExp(`\\s+(?:${any('in_place')})\\s+(\\p{Lu}[\\p{L}\\p{M} .'’-]{1,40})$`, 'iu'),
    byline: new RegExp(
      `^(?:${any('byline')})(?:\\s*[:：]\\s*|\\s+|(?<=\\p{Script=Han}{2})(?=\\p{Script=Han}{2,4}$))(\\S.*)$`,
      'iu',
    ),
    reading: new RegExp(`^(?:${any('reading')})\\s*`, 'iu'),
    published: new RegExp(`(?:${any('published')})\\s*[:：-]?\\s*`, 'iu'),
    updated: new RegExp(`(?:${any('updated')})\\s*[:：-]?\\s*`, 'iu'),
    credit: new RegExp(
      `(?<![\\p{L}])(?:${any('credit')}|AFP|AP|PTI|ANI|UNI|IANS|EPA|DPA|Reuters|Getty|Bloomberg|Xinhua|Shutterstock|Unsplash)(?![\\p{Ll}])`,
      'iu',
    ),
    more: new RegExp(`\\s*(?:\\.{2,}|…)?\\s*(?:${any('more')})\\s*$`, 'iu'),
    tags: new RegExp(`^(?:${any('tags')})\\s*[:：]\\s*(.*)$`, 'iu'),
    rights: new RegExp(`[\\s.,|–-]*(?:${any('rights')}).*$`, 'iu'),
    and: new RegExp(`\\s*[,&、，]\\s*(?:(?:${any('and')})\\s+)?|\\s+(?:${any('and')})\\s+`, 'iu'),
    role: new RegExp(`(?<!\\p{L})(?:${any('role')})(?!\\p{L})`, 'iu'),
    nameSuffix: new RegExp(`^(\\p{L}[\\p{L} ]{1,30}?)\\s*(?:${any('name_suffix')})$`, 'u'),
    placeSuffix: new RegExp(`^(\\p{L}{2,12}?)\\s*(?:${any('place_suffix')})$`, 'u'),
  }
})

/** Words that a pattern must have to count for a line that is as long as a sentence of an article. */
const TELLING_WORDS = 4
const SENTENCE_WORDS = 12

function lineTest(patterns: readonly string[]): LineTest {
  const anyOf = (some: readonly string[]) =>
    new RegExp(`^(?:${folded(some.map(pattern).join('|')) || '(?!)'})[\\s.:…›»>]*$`, 'iu')
  const tells = (text: string) => text.split(/\s+/).filter(word => word !== '*').length >= TELLING_WORDS
  const [short, long] = [anyOf(patterns), anyOf(patterns.filter(tells))]
  return {
    test: text =>
      (text.split(/\s+/, SENTENCE_WORDS).length < SENTENCE_WORDS ? short : long).test(folded(text)),
  }
}

/** Capitals of Turkish and Greek as their small letters: İ is i, I is ı, and Ά may have lost its accent. */
function folded(text: string): string {
  const bare = text.replaceAll('İ', 'i').replaceAll('ı', 'i')
  return /[\u0370-\u03ff]/.test(bare)
    ? bare
        .normalize('NFD')
        .replace(/(?<=[\u0370-\u03ff])\u0301/g, '')
        .normalize()
    : bare
}

/** `*` is anything; at the beginning up to five words, for what follows is what tells. */
function pattern(text: string): string {
  const isOpen = text.startsWith('*')
  const rest = text
    .slice(isOpen ? 1 : 0)
    .trim()
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\{n\\}', '[\\p{N}]+')
    .replace(/\*/g, '.*')
    .replace(/['’]/g, "['’]")
    .replace(/\s+/g, '\\s+')
  return (isOpen ? '(?:\\S+\\s*){0,5}?' : '') + rest
}
