// Prepared tokens → plain text that reads well by itself: headings underlined, lists, quotations, tables in columns, links
// as `text <url>`, footnotes at the end. Paragraphs are not wrapped.

import type { Token } from 'markdown-it'
import { cleanText, escapeHtml, unescapeHtml } from '../base/index.ts'
import { isOnlyTags, stripHtml } from './clean-html.ts'
import { htmlOf } from './dialects/formulas.ts'
import { isComment } from './parse-markdown.ts'
import { number, readInfo } from './to-html.ts'

/** HTML of the author's own → the allowed part of it, with absolute addresses. */
export type Clean = (html: string) => string

/** @param enough characters: it ends with the block that has the last of them */
export function toText(tokens: readonly Token[], clean: Clean, enough?: number): string {
  // The cleaner takes as long to begin as it takes for a paragraph, and is begun for each tag of a text.
  const cleaned = new Map<string, string>()
  let met = 0
  const cleanOnce: Clean = html => {
    const known = cleaned.get(html)
    if (known !== undefined) return known
    if (++met === MANY_TAGS) cleanTogether(tokens, cleaned, clean)
    const made = cleaned.get(html) ?? clean(html)
    if (html.length < MAX_TAG_LENGTH) cleaned.set(html, made)
    return made
  }
  return blocks(tokens, cleanOnce, enough).join('\n\n')
}

const MAX_TAG_LENGTH = 200
/** A text that has as many different ones has more. */
const MANY_TAGS = 100

/** Those tags of a text that have nothing of another tag in them, with a line between each and the next. */
function cleanTogether(tokens: readonly Token[], cleaned: Map<string, string>, clean: Clean): void {
  const tags = new Set<string>()
  for (const { children } of tokens)
    for (const { type, content } of children ?? [])
      if (type === 'html_inline' && content.length < MAX_TAG_LENGTH && LONE_TAG.test(content))
        tags.add(content)
  const whole = [...tags].map(tag => (/^<a/i.test(tag) ? `${tag}</a>` : tag)).join('<hr>')
  const parts = clean(whole).split('<hr />')
  if (parts.length === tags.size)
    for (const [at, tag] of [...tags].entries()) cleaned.set(tag, parts[at]!.trim())
}
const LONE_TAG = /^<(?:a|img)(?:\s+[a-z-]+(?:=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+))?)*\s*\/?>$/i

/** One text per block. Depth is bounded by markdown-it's maxNesting. */
function blocks(tokens: readonly Token[], clean: Clean, enough = Number.POSITIVE_INFINITY): string[] {
  const out: string[] = []
  let length = 0
  for (let at = 0; at < tokens.length && length < enough; at++) {
    const token = tokens[at]!
    const end = token.nesting === 1 ? closeOf(tokens, at) : at
    const text = block(token, tokens.slice(at + 1, end), clean)
    if (text.trim() !== '') {
      out.push(text)
      length += text.length
    }
    at = end
  }
  return out
}

function block(token: Token, inside: readonly Token[], clean: Clean): string {
  switch (token.type) {
    case 'inline':
      return inlineWithLinks(token.children!, clean)
    case 'heading_open':
      return heading(blocks(inside, clean).join(' '), token.tag)
    case 'bullet_list_open':
      return listItems(inside, clean, () => '* ')
    case 'ordered_list_open': {
      const start = Number(token.attrGet('start') ?? 1)
      return listItems(inside, clean, at => `${start + at}. `)
    }
    case 'blockquote_open':
      return prefix(blocks(inside, clean).join('\n\n'), '> ', '> ')
    case 'fence':
    case 'code_block': {
      const { title } = readInfo(token.info)
      return (title ? `${title}:\n\n` : '') + prefix(token.content.trimEnd(), '    ', '    ')
    }
    case 'math_block':
      return prefix(token.content, '    ', '    ')
    case 'dl_open':
      return blocks(inside, clean).join('\n')
    case 'dd_open':
      return prefix(blocks(inside, clean).join('\n\n'), '    ', '    ')
    case 'hr':
      return '* * *'
    case 'table_open':
      return tableText(rowsOf(inside, clean))
    case 'html_block':
      return isComment(token.content) || isOnlyTags(token.content)
        ? ''
        : htmlText(clean(htmlOf(token, escapeHtml)))
    case 'footnote_block_open':
      return `--\n${blocks(inside, clean).join('\n')}`
    case 'footnote_open': {
      const sign = `[${number(token)}] `
      return prefix(blocks(inside, clean).join('\n\n'), sign, ' '.repeat(sign.length))
    }
    default:
      return blocks(inside, clean).join('\n\n')
  }
}

function closeOf(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    depth += tokens[at]!.nesting
    if (depth === 0) return at
  }
  return tokens.length
}

function heading(text: string, tag: string): string {
  const width = Math.min(60, [...text].length)
  return `${text}\n${(tag === 'h1' || tag === 'h2' ? '=' : '-').repeat(width)}`
}

function listItems(inside: readonly Token[], clean: Clean, sign: (at: number) => string): string {
  const items: string[] = []
  let loose = false
  for (let at = 0; at < inside.length; at++) {
    const end = closeOf(inside, at)
    const content = inside.slice(at + 1, end)
    loose ||= content.some(
      ({ type, hidden, level }) => type === 'paragraph_open' && !hidden && level === inside[at]!.level + 1,
    )
    const mark = sign(items.length)
    const parts = blocks(content, clean)
    items.push(prefix(parts.join(loose ? '\n\n' : '\n'), mark, ' '.repeat(mark.length)))
    at = end
  }
  return items.join(loose ? '\n\n' : '\n')
}

/** The first line behind one sign, the others behind another; no space at the end of an empty line. */
function prefix(text: string, first: string, other: string): string {
  return text
    .split('\n')
    .map((line, at) => `${at === 0 ? first : other}${line}`.trimEnd())
    .join('\n')
}

function rowsOf(tokens: readonly Token[], clean: Clean): string[][] {
  const rows: string[][] = []
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([])
    else if (token.type === 'inline')
      rows.at(-1)?.push(inlineWithLinks(token.children!, clean).replace(/\n/g, ' '))
  }
  return rows
}

/** A mail client's window at its narrowest useful width, and a bound on what a table of thousands of columns costs. */
const MAX_TABLE_COLUMNS = 100

/** Lines with aligned columns, or, where that would be too wide to read, each row as a list. */
function tableText(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows
  if (!head) return ''
  const widths = head.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), 0),
  )
  const total = widths.reduce((sum, each) => sum + each + 3, 0)
  if (total > MAX_TABLE_COLUMNS)
    return body.length > 0 ? body.map(row => asList(head, row)).join('\n\n') : head.join(', ')

  const line = (row: readonly string[]) =>
    widths
      .map((each, column) => (row[column] ?? '') + ' '.repeat(Math.max(0, each - width(row[column] ?? ''))))
      .join(' | ')
      .trimEnd()
  return [line(head), widths.map(each => '-'.repeat(each)).join('-+-'), ...body.map(line)].join('\n')
}

function asList(head: readonly string[], row: readonly string[]): string {
  return row
    .flatMap((cell, column) => (cell ? `${head[column] ? `${head[column]}: ` : ''}${cell}` : []))
    .join('\n')
}

/** East Asian wide letters take two columns, combining marks none. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const letter of text) {
    if (/\p{M}|\p{Cf}/u.test(letter)) continue
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
        letter,
      )
        ? 2
        : 1
  }
  return columns
}

function inlineWithLinks(tokens: readonly Token[], clean: Clean): string {
  let out = ''
  /** What came before each link that is open: cut off at every end of one, a long text would be copied as often. */
  const links: { href: string; before: string }[] = []

  function open(href: string): void {
    links.push({ href, before: out })
    out = ''
  }

  function close(): void {
    const link = links.pop()
    if (link) out = link.before + linkText(out, link.href)
  }

  /** One tag: the text between two of them comes as tokens of its own. */
  function rawInline(html: string): void {
    if (/^<br\b/i.test(html)) out += '\n'
    else if (/^<\/a\b/i.test(html)) close()
    else if (/^<(?:a|img|iframe|embed|video|audio)\b/i.test(html)) {
      const cleaned = clean(html)
      const href = /^<a\b[^<>]*? ?href="([^"]*)"/.exec(cleaned)?.[1]
      if (/^<a\b/i.test(html)) open(cleanText(unescapeHtml(href ?? '')))
      else out += htmlText(cleaned)
    }
  }
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'code_inline' || token.type === 'math_inline')
      out += token.content
    else if (token.type === 'sup_open') out += '^'
    else if (token.type === 'softbreak') out += ' '
    else if (token.type === 'hardbreak') out += '\n'
    else if (token.type === 's_open' || token.type === 's_close') out += '~~'
    else if (token.type === 'footnote_ref') out += `[${number(token)}]`
    else if (token.type === 'image') out += imageText(token, clean)
    else if (token.type === 'html_inline') rawInline(token.content)
    else if (token.type === 'link_open' && !token.hidden) open(String(token.attrGet('href')))
    else if (token.type === 'link_close' && !token.hidden) close()
  }
  while (links.length > 0) out = links.pop()!.before + out
  return out.trim()
}

/** `[alt]`; a picture without words says nothing here. */
function imageText(token: Token, clean: Clean): string {
  const alt = inlineWithLinks(token.children ?? [], clean)
  return alt ? `[${alt}]` : ''
}

function linkText(text: string, href: string, open = '<', close = '>'): string {
  const label = text.trim()
  const bare = href.replace(/^mailto:/i, '')
  if (href === '') return label
  if (
    label === '' ||
    label === bare ||
    label === href ||
    `${label}/` === href ||
    /^https?:\/\/(?:www\.)?/.exec(href)?.[0] + label === href
  )
    return bare
  return `${label} ${open}${href}${close}`
}

/** Of the author's own HTML, cleaned: its words, with the line ends that its blocks make, and where its links lead. */
function htmlText(html: string): string {
  const lined = html
    .replace(/\s+/g, ' ')
    .replace(/<img\b[^<>]*? alt="([^"]*)"[^<>]*>/g, (_, alt: string) => (alt.trim() ? `[${alt.trim()}]` : ''))
    .replace(/<a\b[^<>]*? ?href="([^"]*)"[^<>]*>(.*?)<\/a>/g, (_, href: string, label: string) =>
      linkText(label, href, '&lt;', '&gt;'),
    )
    .replace(/<br\b[^<>]*>|<\/(?:p|div|li|tr|h[1-6]|blockquote|pre)>/g, '\n')
    .replace(/<\/t[hd]>/g, ' | ')
  return stripHtml(lined)
    .split('\n')
    .map(line => line.replace(/ \| *$/, '').trim())
    .filter(Boolean)
    .join('\n')
}
