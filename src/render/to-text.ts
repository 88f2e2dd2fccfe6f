// Prepared tokens → plain text that reads well by itself: headings underlined, lists, quotations, tables in columns, links
// as `text <url>`, footnotes at the end. Paragraphs are not wrapped.

import type { Token } from 'markdown-it'
import { stripHtml } from './clean-html.ts'
import { isComment } from './prepare-tokens.ts'
import { tableText } from './table-text.ts'
import { number } from './to-html.ts'

export function toText(tokens: readonly Token[]): string {
  return blocks(tokens).join('\n\n')
}

/** One text per block. Depth is bounded by markdown-it's maxNesting. */
function blocks(tokens: readonly Token[]): string[] {
  const out: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const end = token.nesting === 1 ? closeOf(tokens, at) : at
    const text = block(token, tokens.slice(at + 1, end))
    if (text.trim() !== '') out.push(text)
    at = end
  }
  return out
}

function block(token: Token, inside: readonly Token[]): string {
  switch (token.type) {
    case 'inline':
      return inlineWithLinks(token.children!)
    case 'heading_open':
      return heading(blocks(inside).join(' '), token.tag)
    case 'bullet_list_open':
      return listItems(inside, () => '* ')
    case 'ordered_list_open': {
      const start = Number(token.attrGet('start') ?? 1)
      return listItems(inside, at => `${start + at}. `)
    }
    case 'blockquote_open':
      return prefix(blocks(inside).join('\n\n'), '> ', '> ')
    case 'fence':
    case 'code_block':
      return prefix(token.content.trimEnd(), '    ', '    ')
    case 'hr':
      return '* * *'
    case 'table_open':
      return tableText(rowsOf(inside))
    case 'html_block':
      return isComment(token.content) ? '' : htmlText(token.content)
    case 'footnote_block_open':
      return `--\n${blocks(inside).join('\n')}`
    case 'footnote_open': {
      const sign = `[${number(token)}] `
      return prefix(blocks(inside).join('\n\n'), sign, ' '.repeat(sign.length))
    }
    default:
      return blocks(inside).join('\n\n')
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

function listItems(inside: readonly Token[], sign: (at: number) => string): string {
  const items: string[] = []
  let loose = false
  for (let at = 0; at < inside.length; at++) {
    const end = closeOf(inside, at)
    const content = inside.slice(at + 1, end)
    loose ||= content.some(
      ({ type, hidden, level }) => type === 'paragraph_open' && !hidden && level === inside[at]!.level + 1,
    )
    const mark = sign(items.length)
    const parts = blocks(content)
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

function rowsOf(tokens: readonly Token[]): string[][] {
  const rows: string[][] = []
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([])
    else if (token.type === 'inline') rows.at(-1)?.push(inlineWithLinks(token.children!).replace(/\n/g, ' '))
  }
  return rows
}

function inlineWithLinks(tokens: readonly Token[]): string {
  let out = ''
  const links: { href: string; start: number }[] = []
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'code_inline') out += token.content
    else if (token.type === 'softbreak') out += ' '
    else if (token.type === 'hardbreak') out += '\n'
    else if (token.type === 's_open' || token.type === 's_close') out += '~~'
    else if (token.type === 'footnote_ref') out += `[${number(token)}]`
    else if (token.type === 'image') out += imageText(token)
    else if (token.type === 'html_inline') out += /^<br\b/i.test(token.content) ? '\n' : ''
    else if (token.type === 'link_open' && !token.hidden)
      links.push({ href: String(token.attrGet('href')), start: out.length })
    else if (token.type === 'link_close' && !token.hidden) {
      const { href, start } = links.pop()!
      out = out.slice(0, start) + linkText(out.slice(start), href)
    }
  }
  return out.trim()
}

/** `[alt]`; a picture without words says nothing here. */
function imageText(token: Token): string {
  const alt = inlineWithLinks(token.children ?? [])
  return alt ? `[${alt}]` : ''
}

function linkText(text: string, href: string): string {
  const label = text.trim()
  const bare = href.replace(/^mailto:/i, '')
  if (label === '' || label === bare || label === href || `${label}/` === href) return bare
  return `${label} <${href}>`
}

/** Of the author's own HTML: its words, with the line ends that its blocks make. */
function htmlText(html: string): string {
  const lined = html
    .replace(/\s+/g, ' ')
    .replace(/<br\b[^<>]*>|<\/(?:p|div|li|tr|h[1-6]|blockquote|figure|figcaption|dt|dd|summary)>/gi, '$&\n')
  return stripHtml(withWords(lined))
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
    .join('\n')
}

/** Pictures and embeds leave what they say and where they lead. */
function withWords(html: string): string {
  return html
    .replace(
      /<img\b[^<>]*?\balt=(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>/gi,
      (_, double?: string, single?: string) => {
        const alt = (double ?? single ?? '').trim()
        return alt ? `[${alt}]` : ''
      },
    )
    .replace(
      /<(?:iframe|embed|video|audio)\b[^<>]*?\bsrc=["'](https?:\/\/[^"'<>\s]+)["'][^<>]*>/gi,
      (whole, src: string) => `${src} ${whole}`,
    )
}
