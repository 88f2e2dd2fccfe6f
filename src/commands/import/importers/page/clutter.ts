// The lists of what stands around articles, a file a language (templates/clutter/) → what a line of a page is.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { once, openZone } from '../../../../base/index.ts'
import { readDate } from '../../../../content/index.ts'
import { builtinTemplates } from '../../../../templates/index.ts'

/** One file of them. */
interface ClutterList {
  readonly drop?: readonly string[]
  readonly drop_with_links?: readonly string[]
  readonly drop_beginning?: readonly string[]
  readonly end?: readonly string[]
  readonly byline?: readonly string[]
  readonly published?: readonly string[]
  readonly updated?: readonly string[]
  readonly reading?: readonly string[]
  readonly credit?: readonly string[]
  readonly more?: readonly string[]
}

interface ZoneNames {
  readonly offsets: Readonly<Record<string, string>>
  /** Name → zone → places in it. */
  readonly several: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

export interface Clutter {
  readonly drop: RegExp
  readonly dropWithLinks: RegExp
  readonly dropBeginning: RegExp
  readonly end: RegExp
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

const folder = join(builtinTemplates, 'clutter')

/** Of all languages together: pages quote each other's. */
export const openClutter = once((): Clutter => {
  const lists = readdirSync(folder)
    .filter(name => name.endsWith('.yaml') && name !== 'zones.yaml')
    .sort()
    .map(name => parse(readFileSync(join(folder, name), 'utf8')) as ClutterList)
  const all = (key: keyof ClutterList) => lists.flatMap(list => list[key] ?? [])
  const any = (key: keyof ClutterList) =>
    all(key)
      .map(pattern)
      .sort((a, b) => b.length - a.length)
      .join('|')
  return {
    drop: new RegExp(`^(?:${any('drop')})[\\s.:…›»>]*$`, 'iu'),
    dropWithLinks: new RegExp(`^(?:${any('drop_with_links')})[\\s.:…›»>]*$`, 'iu'),
    dropBeginning: new RegExp(`^(?:${any('drop_beginning')})`, 'iu'),
    end: new RegExp(`^(?:${any('end')})[\\s.:…›»>]*$`, 'iu'),
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

function pattern(text: string): string {
  return text
    .trim()
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace('\\{n\\}', '[\\p{N}]+')
    .replace(/\*/g, '.*')
    .replace(/['’]/g, "['’]")
    .replace(/\s+/g, '\\s+')
}

const zoneNames = once(() => parse(readFileSync(join(folder, 'zones.yaml'), 'utf8')) as ZoneNames)

export interface ReadTime {
  /** ISO 8601. */
  readonly text: string
  /** A zone's name that means several, none of which is sure: the publication's own zone is taken. */
  readonly unsure?: string
}

/**
 * 'Jan 30, 2026 05:06 AM IST' → its instant.
 *
 * @param timezone of the publication @param place in the article
 */
export function readTime(text: string, timezone: string, place: string | undefined): ReadTime | undefined {
  const tidy = text
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[०-९]/g, digit => String(digit.charCodeAt(0) - 0x966))
    .replace(/\s+(?:at|um|à|,)\s+(?=\d{1,2}[:.]\d\d)/i, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/i, '')
    .trim()
  const found =
    /^(\S.{5,40}?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?)(?:\s*(?:hrs|Uhr|h))?(?:\s*\(?([A-Z]{2,5})\)?)?(?![\p{L}\d])/iu.exec(
      tidy,
    ) ?? /^(\S.{5,30}?\d{4})(?!\S)/u.exec(tidy)
  if (!found) return undefined
  const [, time = '', name = ''] = found
  const wall = time.replace(/(\d)\.(\d\d)(?=\s*(?:[ap]\.?m|$))/i, '$1:$2').replace(/([ap])\.m\.?/i, '$1m')
  const zone = zoneOf(name.toUpperCase(), timezone, place)
  const read = readDate(wall, openZone('UTC'))
  if (!read) return undefined
  const iso = new Date(read.at).toISOString().slice(0, 19)
  if (zone === undefined) return { text: iso, ...(name && !/^[AP]M$/i.test(name) ? { unsure: name } : {}) }
  if (/^[+-]/.test(zone)) return { text: iso + zone }
  const at = openZone(zone).fromWall(read.at)
  const sign = at.offset < 0 ? '-' : '+'
  const [hours, minutes] = [Math.trunc(Math.abs(at.offset) / 60), Math.abs(at.offset) % 60]
  return { text: `${iso}${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}` }
}

/** An offset, an IANA name, or undefined where it is not sure. */
function zoneOf(name: string, timezone: string, place: string | undefined): string | undefined {
  const { offsets, several } = zoneNames()
  if (Object.hasOwn(offsets, name)) return offsets[name]
  if (!Object.hasOwn(several, name)) return undefined
  const zones = several[name]!
  if (Object.hasOwn(zones, timezone)) return timezone
  const near = place?.toLowerCase()
  return Object.keys(zones).find(zone => zones[zone]!.some(city => city.toLowerCase() === near))
}
