// The lists of what stands around articles, a file a language (templates/clutter/) → what a line of a page is.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { once } from '../../../../base/index.ts'
import { builtinTemplates } from '../../../../templates/index.ts'

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
}

/** Whether a whole line is one of a list. */
export interface LineTest {
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
    label: new RegExp(`^(?:${any('label')})(?![\\p{L}/])[\\s.,:：…]*`, 'iu'),
    inPlace: new RegExp(`\\s+(?:${any('in_place')})\\s+(\\p{Lu}[\\p{L}\\p{M} .'’-]{1,40})$`, 'iu'),
    byline: new RegExp(`^(?:${any('byline')})(?:\\s*[:：]\\s*|\\s+)(\\S.*)$`, 'iu'),
    reading: new RegExp(`^(?:${any('reading')})\\s*`, 'iu'),
    published: new RegExp(`(?:${any('published')})\\s*[:：-]?\\s*`, 'iu'),
    updated: new RegExp(`(?:${any('updated')})\\s*[:：-]?\\s*`, 'iu'),
    credit: new RegExp(
      `(?<![\\p{L}])(?:${any('credit')}|AFP|AP|PTI|ANI|UNI|IANS|EPA|DPA|Reuters|Getty|Bloomberg|Xinhua|Shutterstock|Unsplash)(?![\\p{Ll}])`,
      'iu',
    ),
    more: new RegExp(`\\s*(?:\\.{2,}|…)?\\s*(?:${any('more')})\\s*$`, 'iu'),
  }
})

/** Words that a pattern must have to count for a line that is as long as a sentence of an article. */
const TELLING_WORDS = 4
const SENTENCE_WORDS = 12

function lineTest(patterns: readonly string[]): LineTest {
  const anyOf = (some: readonly string[]) =>
    new RegExp(`^(?:${some.map(pattern).join('|') || '(?!)'})[\\s.:…›»>]*$`, 'iu')
  const tells = (text: string) => text.split(/\s+/).filter(word => word !== '*').length >= TELLING_WORDS
  const [short, long] = [anyOf(patterns), anyOf(patterns.filter(tells))]
  return {
    test: text => (text.split(/\s+/, SENTENCE_WORDS).length < SENTENCE_WORDS ? short : long).test(text),
  }
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
