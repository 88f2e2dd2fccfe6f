// Inline syntax of other dialects of Markdown: attributes in braces, kramdown's directives, Obsidian's links and comments,
// WordPress's brackets.

import { noteAddress } from './known-tags.ts'
import { playerLink } from './media-tags.ts'
import { closeMark, continued, idMark, openMark, type Scan } from './scan.ts'

/** Every part of it says what it is: `{a, b}` is text. kramdown begins with a colon. */
const ATTRIBUTES =
  /\{:?[ \t]*(?:(?:[#.][\w:-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"']+)|data-[\w-]+|toc\b|\.no_toc)[ \t]*)+\}|\{(?:-|\.unnumbered)\}|\{:[^\n{}]*\}/y

/** `{#id .class}`, `{width=300}`, `{: .lead}`: taken away; the id of a heading stays with it. */
export function readAttributes(scan: Scan, at: number): number | undefined {
  const found = scan.match(ATTRIBUTES, at)
  if (!found) return undefined
  const end = at + found[0].length
  const line = scan.text.slice(scan.lineStart, Math.min(at, scan.lineStart + 500))
  const isHeading = /^[ \t>]*#{1,6}[ \t]/.test(line)
  const isAtEnd = scan.isLineEnd(end)
  const before = scan.text[at - 1] ?? '\n'
  // Behind a word, braces are the author's own, but at the end of a heading or of a block, or on a line of their own.
  const isAttached = /[)\]`*_>"\n]/.test(before)
  const isAlone = line.trim().replace(/^[>\s]*/, '') === '' && isAtEnd
  const isKramdown = found[0].startsWith('{:')
  const isInCell = isKramdown && scan.match(/[ \t]*\|/y, end) !== undefined
  if (
    !(isAttached || isAlone || isInCell || (isAtEnd && (isHeading || isKramdown || /^\{[#.]/.test(found[0]))))
  )
    return undefined
  const id = isHeading && isAtEnd ? /#([^\s}.#"']+)/.exec(found[0])?.[1] : undefined
  if (/^\{:toc\}/i.test(found[0])) removeListAbove(scan, at)
  const start = isHeading || isAttached ? at : at - (/[ \t]/.test(before) ? 1 : 0)
  const span = before === ']' ? spanStart(scan, at) : undefined
  if (span !== undefined) {
    // Pandoc's `[words]{.class}`.
    scan.replace(span, span + 1, '')
    scan.replace(at - 1, end, '')
  } else scan.replace(Math.max(start, scan.lineStart), end, id ? idMark(id) : '')
  return end
}

/** The bracket that `]` closes, on the same line, where it begins neither a link nor a picture nor holds another bracket. */
function spanStart(scan: Scan, at: number): number | undefined {
  const from = Math.max(scan.lineStart, scan.copied, at - 300)
  const before = scan.text.slice(from, at - 1)
  const found = before.lastIndexOf('[')
  if (found === -1 || before.includes(']', found)) return undefined
  const open = from + found
  return open > 0 && scan.text[open - 1] === '!' ? undefined : open
}

/** `* toc` above `{:toc}`: kramdown puts a table of contents in its place. */
function removeListAbove(scan: Scan, at: number): void {
  const end = scan.text.lastIndexOf('\n', at - 1)
  if (end < 0) return
  const start = scan.text.lastIndexOf('\n', end - 1) + 1
  if (
    /^[ \t]*(?:[-*+]|\d+\.)[ \t]/.test(scan.text.slice(start, Math.min(end, start + 200))) &&
    start >= scan.copied
  )
    scan.replace(start, end, '')
}

/** kramdown: `{::comment}…{:/comment}`, `{::nomarkdown}…{:/}`, `{::options … /}`. */
export function readKramdown(scan: Scan, at: number): number | undefined {
  const found = scan.match(/\{::(\w+)([^{}\n]*)\}/y, at)
  if (!found)
    return scan.match(/\{:\/\w*\}/y, at)
      ? take(scan, at, at + scan.match(/\{:\/\w*\}/y, at)![0].length)
      : undefined
  const end = at + found[0].length
  if (/\/\s*$/.test(found[2]!)) return take(scan, at, end)
  // Tags of templates in it are still tags.
  if (found[1] === 'nomarkdown') return take(scan, at, end)
  const close = scan.findPattern(found[1] === 'comment' ? /\{:\/(?:comment)?\}/g : /\{:\/\w*\}/g, end)
  if (!close) {
    if (found[1] !== 'comment') return take(scan, at, end)
    return takeUnclosed(scan, at, '{::comment}', '{:/comment}')
  }
  const stop = close.index + close[0].length
  const isShown = found[1] !== 'comment'
  scan.replace(at, stop, isShown ? scan.text.slice(end, close.index) : '')
  return stop
}

function take(scan: Scan, start: number, end: number): number {
  scan.replace(start, end, '')
  return end
}

/** @returns the end of the text */
export function takeUnclosed(scan: Scan, at: number, open: string, close: string): number {
  scan.note(
    at,
    'unclosed-remark',
    `the remark that ${open} begins has no end: the rest of the text is left out`,
    `Close it with ${close} where the remark ends, or put the signs into \`code\`.`,
  )
  return take(scan, at, scan.text.length)
}

/** CriticMarkup: a remark and what was deleted go, what was added and marked stays. */
export function readEdit(scan: Scan, at: number): number | undefined {
  const found = scan.match(EDIT, at)
  if (!found) return undefined
  const [whole, added, marked, by] = found
  scan.replace(at, at + whole.length, added ?? by ?? (marked === undefined ? '' : `==${marked}==`))
  return at + whole.length
}

const EDIT =
  /\{(?:>>[^<>]{0,2000}<<|--(?!-)[^{}]{1,2000}?--|\+\+([^{}]{1,2000}?)\+\+|==([^{}]{1,2000}?)==|~~[^{}]{0,2000}?~>([^{}]{0,2000}?)~~)\}/y

/** Obsidian's remarks: `%%…%%` in a line, and over lines from a line that begins with it. */
export function readRemark(scan: Scan, at: number): number | undefined {
  const { text } = scan
  if (text[at + 2] === '%') return undefined
  const isFirst = scan.prefix(at) !== undefined
  const close = scan.find('%%', at + 2)
  if (isFirst) {
    if (close !== -1) return takeRemark(scan, at, close + 2)
    return takeUnclosed(scan, at, '%%', '%%')
  }
  if (/[\p{L}\p{N}%]/u.test(text[at - 1]!)) return undefined
  if (close === -1 || /\n[ \t]*\n/.test(text.slice(at, close))) return undefined
  return takeRemark(scan, at, close + 2)
}

/** With the space on one side of it. */
function takeRemark(scan: Scan, at: number, end: number): number {
  const hasSpaces = /[ \t]/.test(scan.text[at - 1] ?? '') && /[ \t]/.test(scan.text[end] ?? '')
  return take(scan, at, hasSpaces ? end + 1 : end)
}

const WIKI = /(!?)\[\[([^[\]\n|]{1,300})(?:\\?\|([^[\]\n]{0,300}))?\]\](?!\()/y
const FILE = /\.(?:png|jpe?g|gif|webp|avif|svg|bmp)$/i

/** `[[Note#Head|words]]`, `![[picture.png|300]]`; `[[toc]]` makes a table of contents elsewhere. */
export function readWikiLink(scan: Scan, at: number): number | undefined {
  const found = scan.match(WIKI, at)
  if (!found) return undefined
  const [whole, embed, target, alias] = found
  const end = at + whole.length
  if (/^_?toc_?$/i.test(target!)) return take(scan, at, end)
  // `[[ -f x ]]` of a shell, and lists of numbers.
  if (/^\s|\s$/.test(target!) || /^[\d\s,.:;'"]*$/.test(target!)) return undefined
  // In a table the sign between name and words is escaped.
  const name = target!.split('#')[0]!.trim().replace(/\\$/, '')
  const heading = target!.includes('#') ? target!.slice(target!.indexOf('#') + 1).trim() : ''
  const label = (words: string) => words.replace(/[\\*_`<]/g, sign => `\\${sign}`)
  if (embed && FILE.test(name)) {
    const size = /^\d+(?:x\d+)?$/.test(alias ?? '')
    scan.replace(
      at,
      end,
      `![${alias && !size ? label(alias.replace(/\|\d+(?:x\d+)?$/, '')) : ''}](${noteAddress(name)})`,
    )
    return end
  }
  const words =
    alias?.trim() ||
    [name.split('/').at(-1), heading.replace(/^\^.*/, '').split('#').at(-1)].filter(Boolean).join(' > ')
  const anchor = heading.startsWith('^') || heading === '' ? '' : `#${slug(heading.split('#').at(-1)!)}`
  scan.replace(at, end, `[${label(words)}](${name === '' ? anchor || '#' : noteAddress(name) + anchor})`)
  return end
}

/** As headings are named. */
function slug(heading: string): string {
  const id = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-')
  return encodeURIComponent(id)
}

const SHORTCODE =
  /\[(caption|embedyt|embed|gallery|video|audio|youtube|vimeo|playlist|contact-form|sourcecode|crayon|code)\b([^\]\n]*)\]/y

/**
 * WordPress: what its exporters leave of a post.
 *
 * @param toHtml what Markdown becomes where none is read
 */
export function readWordPress(
  scan: Scan,
  at: number,
  toHtml: ((markdown: string) => string) | undefined,
): number | undefined {
  const found = scan.match(SHORTCODE, at)
  if (!found || scan.text[at + found[0].length] === '(') return undefined
  const [whole, name, rest] = found
  const end = at + whole.length
  const close = scan.find(`[/${name}]`, end)
  const stop = close === -1 ? end : close + name!.length + 3
  const inner = close === -1 ? '' : scan.text.slice(end, close)
  const shown = (markdown: string) => toHtml?.(markdown) ?? markdown
  if (name === 'caption' && close !== -1) {
    replaceCaption(scan, at, stop, inner, toHtml !== undefined)
    return stop
  }
  const source =
    inner.trim() ||
    /(?:src|url|mp3|mp4|id)=["']?([^"'\s\]]+)/.exec(rest!)?.[1] ||
    rest!.trim().replace(/^=?["']?|["']$/g, '')
  if (/^(?:code|sourcecode|crayon)$/.test(name!)) {
    if (close === -1) return undefined
    scan.replace(
      at,
      stop,
      toHtml ? `<pre><code>${inner.trim()}</code></pre>` : `\`\`\`\n${inner.trim()}\n\`\`\``,
    )
    return stop
  }
  const link = source
    ? playerLink(name === 'youtube' || name === 'vimeo' ? name : 'embed', { args: [source], named: {} })
    : undefined
  if (name === 'gallery' || name === 'playlist' || name === 'contact-form' || !link) {
    const isAlone = scan.isLineEnd(end) || scan.text[end] === '<'
    if (/^[ \t]*$/.test(rest!) && close === -1 && !(name === 'gallery' && isAlone)) return undefined
    scan.note(
      at,
      'template-tags',
      `${whole.slice(0, 60)} has no meaning here, and is left out`,
      'Write the pictures or links themselves.',
    )
    scan.replace(at, stop, inner)
    return stop
  }
  scan.replace(at, stop, shown(link))
  return stop
}

/** `![a](/b/two words.png)`: kramdown and Python's Markdown take it for an address. */
export function readSpacedTarget(scan: Scan, at: number): number {
  const end = scan.text.indexOf(')', at)
  scan.replace(at, end, `<${scan.text.slice(at, end)}>`)
  return end
}

/** The script by which GitHub shows a gist is a link to it. */
export function readGist(scan: Scan, at: number): number | undefined {
  const found = scan.match(GIST, at)
  if (!found) return undefined
  const link = `<a href="https://gist.github.com/${found[1]}">Gist: ${found[1]}</a>`
  const end = at + found[0].length
  const isBlock = scan.prefix(at) !== undefined && scan.isLineEnd(end)
  scan.replace(at, end, isBlock ? `<p>${link}</p>` : link)
  return end
}

const GIST =
  /<script\s[^<>]{0,100}?src\s*=\s*["']?(?:https?:)?\/\/gist\.github\.com\/([\w-]+\/\w+|\w+)\.js(?:\?[^"'\s<>]*)?["']?[^<>]{0,100}>\s*<\/script\s*>/iy

/** `[caption]<img …> What it shows[/caption]` → a figure. @param inner what is between the two tags */
function replaceCaption(scan: Scan, at: number, stop: number, inner: string, asHtml: boolean): void {
  const [, picture, words = ''] =
    /^\s*(<a\b[^>]*>\s*<img\b[^>]*>\s*<\/a>|<img\b[^>]*>|\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?)([\s\S]*)$/.exec(
      inner,
    ) ?? []
  const prefix = scan.prefix(at)
  if (picture !== undefined && asHtml)
    scan.replace(at, stop, `<figure>${picture}<figcaption>${words.trim()}</figcaption></figure>`)
  else if (picture === undefined || prefix === undefined || !scan.isLineEnd(stop))
    scan.replace(at, stop, inner)
  else {
    const caption = [openMark('caption'), words.trim(), '', closeMark()]
    const lines = [openMark('figure'), picture, '', ...caption, closeMark()]
    scan.replace(at, stop, lines.join('\n').replaceAll('\n', `\n${continued(prefix)}`))
  }
}

/** `:spoiler[some words]{title="x"}` of Astro's and Docusaurus' plugins: its words. */
export function readTextDirective(scan: Scan, at: number): number | undefined {
  const found = scan.match(/:[a-z][\w-]*\[([^[\]\n]{1,500})\](?![([:])(?:\{[^{}\n]{0,200}\})?/y, at)
  if (!found) return undefined
  scan.replace(at, at + found[0].length, found[1]!)
  return at + found[0].length
}

/** Gatsby's `youtube: id` in a line of its own, as code. @returns a link; undefined for what is code */
export function readEmbed(scan: Scan, start: number, end: number): string | undefined {
  if (end - start > 300 || scan.prefix(start) === undefined || !scan.isLineEnd(end)) return undefined
  const [, name, id] = EMBED.exec(scan.text.slice(start, end)) ?? []
  return name && playerLink(name.replace('oembed', 'embed'), { args: [id!], named: {} })
}

const EMBED =
  /^`(youtube|vimeo|video|oembed|tweet|codesandbox|codepen|soundcloud|gist|twitch|instagram|spotify):\s*([^\s`]+)`$/
