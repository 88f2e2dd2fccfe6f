// A tag of another tool's that shows pictures → Markdown: one with its caption and its link, or those that the front matter lists.

import { closeMark, openMark } from './scan.ts'
import type { TagCall, Values } from './tag-values.ts'

export const PICTURE_FILE = /\.(?:png|jpe?g|gif|webp|avif|svg|bmp)(?:[?#]|$)/i

/** Whether a tag of any name shows one. */
export function isPicture({ args, named }: TagCall): boolean {
  const source =
    named.src ??
    named.path ??
    named.image ??
    named.url ??
    named.file ??
    named['image-path'] ??
    named.image_path
  return source !== undefined ? PICTURE_FILE.test(source) : args.some(each => PICTURE_FILE.test(each))
}

/** Undefined where nothing says which picture it is. */
export function captionedPicture({ args, named }: TagCall): string | undefined {
  const byEnding = args.findIndex(each => PICTURE_FILE.test(each))
  const at = byEnding === -1 ? args.findIndex(each => /^(?:https?:\/\/|\.{0,2}\/)/.test(each)) : byEnding
  const given = SOURCES.map(key => named[key]).filter(each => each !== undefined && each !== '')
  // `{% include image.html file="a.png" url="/x" %}`: where one of them is a picture, the other is what it links to.
  const source = given.find(each => PICTURE_FILE.test(each!)) ?? given[0] ?? args[at]
  if (!source) return undefined
  const words = args.slice(at + 1).filter(each => !SIZE.test(each))
  const alt = named.alt ?? words.join(' ').replace(/^\[([^[\]]*)\]$/, '$1')
  const link =
    named.link ?? named.href ?? (named.url !== undefined && named.url !== source ? named.url : undefined)
  const caption = captionOf(named)
  const plainCaption = (named.caption ?? caption)
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[*_`]+/g, '')
  const shown = `![${label(alt || plainCaption)}](<${source.replace(/[<>\n]/g, '')}>)`
  const linked = link ? `[${shown}](<${link.replace(/[<>\n]/g, '')}>)` : shown
  return caption === '' ? linked : figureOf(linked, caption)
}

/** Under which names a picture is given. */
const SOURCES = ['src', 'path', 'image_path', 'image-path', 'image', 'file', 'url', 'id', 'slug', 'name']
/** Pixels, and what a browser is told to choose by. */
const SIZE = /^\d+(?:px|%|x\d+)?$|\d(?:vw|rem)\b|\(m(?:in|ax)-width/

/** Hugo's figure has a title, a caption, and whose it is with a link. */
function captionOf({ title, caption, attr, attrlink }: TagCall['named']): string {
  const whose = attr && attrlink ? linkTo(attrlink, attr) : attr
  return [title && caption ? `**${title}**` : title, caption, whose].filter(Boolean).join(' ')
}

function figureOf(markdown: string, caption: string): string {
  return `${openMark('figure')}\n${markdown}\n\n${openMark('caption')}\n${caption}\n\n${closeMark()}\n${closeMark()}`
}

/** Minimal Mistakes': pictures, and what is said of each, stand in the front matter under the name that the tag has. */
export function listedPictures({ name, named }: TagCall, fact: Values['fact']): string | undefined {
  const inBraces = /^\{(.*)\}$/s.exec(named.images ?? '')?.[1]?.split(/\s*,\s*/)
  const items = inBraces ?? fact(`page.${named.id ?? name.replaceAll('-', '_')}`)?.value
  const shown = Array.isArray(items)
    ? items.slice(0, MAX_LISTED).flatMap((item: unknown) => listedItem(item))
    : []
  if (shown.length === 0) return undefined
  return named.caption ? figureOf(shown.join('\n'), named.caption) : shown.join('\n\n')
}

const MAX_LISTED = 100

function listedItem(item: unknown): string[] {
  if (typeof item === 'string')
    return PICTURE_FILE.test(item) ? [`![](<${item.replace(/[<>\n]/g, '')}>)`] : []
  if (typeof item !== 'object' || item === null) return []
  const fields = item as Record<string, unknown>
  const said = (key: string) => (typeof fields[key] === 'string' ? (fields[key] as string) : '')
  const source = said('image_path') || said('src') || said('url')
  const picture = PICTURE_FILE.test(source)
    ? `![${label(said('alt') || said('title'))}](<${source.replace(/[<>\n]/g, '')}>)`
    : ''
  const button = said('url') && said('btn_label') ? linkTo(said('url'), said('btn_label')) : ''
  const isCard = said('excerpt') !== '' || button !== ''
  const words = isCard ? [said('title') && `**${said('title')}**`, said('excerpt'), button] : []
  return [picture, ...words].filter(Boolean)
}

export function linkTo(address: string, words: string): string {
  return `[${label(words)}](<${address.replace(/[<>\n]/g, '')}>)`
}

export function label(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[[\]\\]/g, sign => `\\${sign}`)
    .trim()
}
