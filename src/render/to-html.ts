// Prepared tokens → HTML, and those of a live blog → its entries. One walk with two tables of rules: the feed's and page's, and
// the letter's. Author's own HTML passes through here as it is and is cleaned behind it (clean-html.ts).

import type { Token } from 'markdown-it'
import { escapeHtml, type LiveHeading, liveTimes, readLiveHeading } from '../base/index.ts'
import type { Article, LiveEntry, Prose } from '../model.ts'
import { letterTags } from './clean-html.ts'
import { formulaMathml, htmlOf } from './dialects/formulas.ts'
import { isComment } from './parse-markdown.ts'

interface Kind {
  /** Addresses of the article itself, for footnotes; undefined where there is nothing to jump to. */
  readonly anchors?: string | undefined
  readonly letter: boolean
}

/** A column of text in a letter is never wider. */
const letterWidth = 600

export function toHtml(tokens: readonly Token[], kind: Kind): string {
  let out = ''
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.type === 'inline') out += inlineHtml(token.children!, kind)
    // Between the text of a tight list's item and the list inside it.
    else if (token.hidden) out += token.nesting === -1 && tokens[at + 1]?.nesting === 1 ? '\n' : ''
    else out += blockHtml(token, kind)
  }
  return out.trim()
}

function blockHtml(token: Token, kind: Kind): string {
  switch (token.type) {
    case 'fence':
    case 'code_block':
      return codeHtml(token, kind)
    case 'math_block':
      return `<p>${formulaHtml(token.content, true, kind)}</p>\n`
    case 'html_block':
      return isComment(token.content)
        ? ''
        : htmlOf(token, (tex, isDisplayed) => formulaHtml(tex, isDisplayed, kind))
    case 'hr':
      return '<hr>\n'
    case 'footnote_block_open':
      return '<hr>\n<ol>\n'
    case 'footnote_block_close':
      return '</ol>\n'
    case 'footnote_open':
      return kind.anchors === undefined ? '<li>' : `<li id="fn${number(token)}">`
    case 'footnote_close':
      return '</li>\n'
    case 'footnote_anchor':
      return backReference(token, kind)
    case 'table_open':
      return kind.letter ? '<table border="1" cellpadding="6" cellspacing="0" width="100%">\n' : '<table>\n'
  }
  const { tag } = token
  const shown = kind.letter ? (letterTags[tag] ?? tag) : tag
  // What names a term or folded text is strong where the element is not known.
  const isName = kind.letter && (tag === 'dt' || tag === 'summary')
  if (token.nesting === -1) return `${isName ? '</strong>' : ''}</${shown}>\n`
  return `<${shown}${attributes(token, kind)}>${isName ? '<strong>' : ''}${containers.has(tag) ? '\n' : ''}`
}
const containers = new Set(['ul', 'ol', 'blockquote', 'thead', 'tbody', 'tr', 'dl', 'details', 'figure'])

/** With its language, as scripts and readers look for it, and the name of its file above it. */
function codeHtml({ content, info }: Token, { letter }: Kind): string {
  const { language, title } = readInfo(info)
  const name = language ? ` class="language-${escapeHtml(language)}"` : ''
  const code = `<pre><code${name}>${escapeHtml(content)}</code></pre>\n`
  if (!title) return code
  const caption = `<code>${escapeHtml(title)}</code>`
  return letter
    ? `<div><p>${caption}</p>${code.trimEnd()}</div>\n`
    : `<figure>\n<figcaption>${caption}</figcaption>\n${code}</figure>\n`
}

/** `js`, `js title="a.js" {1,3}`, `js:a.js`, `{.python .numberLines}`, `c++`. */
export function readInfo(info: string): { language: string; title: string } {
  // What has a value is an option, and no language.
  const pandoc = /^\s*\{\s*\.?([\w+#.-]+)(?![\w+#.-]*\s*=)/.exec(info)?.[1]
  const first = pandoc ?? /^\s*([\w+#.-]+)(?![\w+#.-]*\s*=)/.exec(info)?.[1] ?? ''
  const title =
    /(?:title|filename|file|name|caption)\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))/
      .exec(info)
      ?.slice(1)
      .find(Boolean) ??
    /^\s*[\w+#-]+:([\w./-]*\.[\w]+)/.exec(info)?.[1] ??
    /^\s*[\w+#-]+\s+\[([^\]]+)\]/.exec(info)?.[1] ??
    ''
  return { language: first.replace(/^\.+/, '').toLowerCase(), title }
}

/** MathML, which browsers and feed readers show; in a mail its source, for no client shows that. */
function formulaHtml(tex: string, isDisplayed: boolean, { letter }: Kind): string {
  if (!letter) {
    const mathml = formulaMathml(tex, isDisplayed)
    if (mathml) return mathml
  }
  return `<code>${escapeHtml(tex)}</code>`
}

function inlineHtml(tokens: readonly Token[], kind: Kind): string {
  let out = ''
  for (const token of tokens) {
    if (token.type === 'text') out += escapeHtml(token.content)
    else if (token.type === 'image') out += imageHtml(token, kind)
    else if (token.type === 'softbreak') out += '\n'
    else if (token.type === 'hardbreak') out += '<br>\n'
    else if (token.type === 'code_inline') out += `<code>${escapeHtml(token.content)}</code>`
    else if (token.type === 'math_inline') out += formulaHtml(token.content, token.markup === '$$', kind)
    else if (token.type === 'html_inline') out += isComment(token.content) ? '' : htmlOf(token, escapeHtml)
    else if (token.type === 'footnote_ref') out += reference(token, kind)
    else if (token.type === 'footnote_anchor') out += backReference(token, kind)
    else if (token.hidden) continue
    else if (token.tag) {
      const tag = kind.letter ? (letterTags[token.tag] ?? token.tag) : token.tag
      out += token.nesting === -1 ? `</${tag}>` : `<${tag}${attributes(token, kind)}>`
    }
  }
  return out
}

function attributes(token: Token, { letter }: Kind): string {
  let out = ''
  for (const [name, value] of token.attrs ?? []) {
    if (name === 'id' ? !letter : name === 'href' || name === 'title' || name === 'start')
      out += ` ${name}="${escapeHtml(String(value))}"`
    // The only style that Markdown makes; feeds may hold none.
    else if (name === 'style') out += ` align="${String(value).replace('text-align:', '')}"`
  }
  return out
}

/** A picture that is not allowed leaves its alternative text. */
function imageHtml(token: Token, { letter }: Kind): string {
  const alt = inlineText(token.children ?? [])
  if (token.hidden) return escapeHtml(alt)
  const title = token.attrGet('title')
  let { width, height } = (token.meta ?? {}) as { width?: number; height?: number }
  if (letter && width && height && width > letterWidth) {
    height = Math.round((height * letterWidth) / width)
    width = letterWidth
  }
  return `<img src="${escapeHtml(String(token.attrGet('src')))}" alt="${escapeHtml(alt)}"${title ? ` title="${escapeHtml(String(title))}"` : ''}${width ? ` width="${width}" height="${height}"` : ''}>`
}

function reference(token: Token, { anchors }: Kind): string {
  const to = number(token)
  if (anchors === undefined) return `<sup>[${to}]</sup>`
  return `<sup id="fnref${to}${again(token)}"><a href="${escapeHtml(anchors)}#fn${to}">${to}</a></sup>`
}

function backReference(token: Token, { anchors }: Kind): string {
  return anchors === undefined
    ? ''
    : ` <a href="${escapeHtml(anchors)}#fnref${number(token)}${again(token)}">↩\ufe0e</a>`
}

/** Of a footnote, from 1. */
export function number(token: Token): number {
  return Number(token.meta?.id ?? 0) + 1
}

/** A second reference to the same note has a place of its own. */
function again(token: Token): string {
  return Number(token.meta?.subId ?? 0) > 0 ? `-${Number(token.meta!.subId) + 1}` : ''
}

/** What inline tokens say, without their marks: alternative texts, headings, summaries. */
export function inlineText(tokens: readonly Token[]): string {
  let out = ''
  for (const token of tokens) {
    if (token.type === 'text' || token.type === 'code_inline' || token.type === 'math_inline')
      out += token.content
    else if (token.type === 'image') out += inlineText(token.children ?? [])
    else if (token.type === 'softbreak' || token.type === 'hardbreak') out += ' '
  }
  return out
}

// ─── A live blog ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface LiveCut {
  /** With its own headings. */
  readonly intro: readonly Token[]
  /** In the order of the page. */
  readonly entries: readonly LivePart[]
  /** Between and behind the entries, each with its heading, in the order of the page. */
  readonly sections: readonly Token[]
  readonly notes: readonly Token[]
}

interface LivePart {
  readonly id: string
  readonly heading: LiveHeading
  /** Behind the heading. */
  readonly tokens: readonly Token[]
}

export function cutLive(tokens: readonly Token[]): LiveCut {
  const found = tokens.findIndex(({ type, level }) => type === 'footnote_block_open' && level === 0)
  const end = found === -1 ? tokens.length : found
  // An entry ends at the next heading of its rank, or of a higher one.
  const starts = tokens.flatMap(({ type, tag, level }, at) =>
    type === 'heading_open' && (tag === 'h1' || tag === 'h2') && level === 0 ? [at] : [],
  )
  const entries: LivePart[] = []
  const sections: Token[] = []
  let intro: readonly Token[] = tokens.slice(0, end)
  for (const [index, at] of starts.entries()) {
    const next = starts[index + 1] ?? end
    const heading = entryHeading(tokens, at)
    if (heading && entries.length === 0) intro = tokens.slice(0, at)
    if (heading) {
      const id = String(tokens[at]!.attrGet('id'))
      entries.push({ id, heading, tokens: tokens.slice(at + 3, next) })
    } else if (entries.length > 0) for (const token of tokens.slice(at, next)) sections.push(token)
  }
  return { intro, entries, sections, notes: tokens.slice(end) }
}

function entryHeading(tokens: readonly Token[], at: number): LiveHeading | undefined {
  if (tokens[at]!.tag !== 'h2') return undefined
  return readLiveHeading(inlineText(tokens[at + 1]!.children ?? []).trim())
}

/** The entries, newest first, each ready for its three destinations. */
export function liveEntries(
  article: Article,
  entries: readonly LivePart[],
  timezone: string,
  makeProse: (tokens: readonly Token[]) => Prose,
): LiveEntry[] {
  const headings = entries.map(({ heading }) => heading)
  const times = liveTimes(headings, article.date, timezone)
  return entries
    .map((part, index) => entry(part, times[index]!, makeProse(part.tokens)))
    .sort((a, b) => b.at.at - a.at.at)
}

function entry({ id, heading }: LivePart, at: LiveEntry['at'], prose: Prose): LiveEntry {
  return {
    id,
    time: heading.time,
    at,
    title: heading.title,
    html: prose.html,
    letterHtml: prose.letterHtml,
    text: prose.text,
    files: prose.files,
  }
}
