// Tokens → the same tokens with every reference absolute, pictures measured and headings named; and what was met.

import type { Token } from 'markdown-it'
import type { OwnFiles } from '../content/index.ts'
import type { TextNote } from '../model.ts'
import { NON_TEXT_TAGS } from './clean-html.ts'
import type { Base, Resolve } from './references.ts'

export interface Prepared {
  readonly tokens: readonly Token[]
  readonly base: Base
  /** Own files that it shows, relative to `articles/`. */
  readonly files: ReadonlySet<string>
  /** It contains HTML of the author's own, which must be cleaned. */
  readonly raw: boolean
  readonly notes: readonly TextNote[]
}

export function prepareTokens(
  { tokens, notes }: { readonly tokens: readonly Token[]; readonly notes: readonly TextNote[] },
  base: Base,
  resolve: Resolve,
  ownFiles: OwnFiles,
): Prepared {
  const files = new Set<string>()
  const ids = new Map<string, number>()
  const missing: TextNote[] = []
  let line = 1
  let raw = false

  function prepareInline(children: readonly Token[]): void {
    const kept: boolean[] = []
    // The contents of an inline <script> come as text, and are none: up to the end of that very element, whatever is in it.
    let muted: string | undefined
    for (const token of children) {
      if (token.type === 'link_open') kept.push(prepareLink(token))
      else if (token.type === 'link_close') token.hidden = !(kept.pop() ?? true)
      else if (token.type === 'image') prepareImage(token)
      else if (token.type === 'html_inline') {
        raw ||= !isComment(token.content)
        const [, close, tag] = /^<(\/?)([a-z]+)/i.exec(token.content) ?? []
        const name = tag?.toLowerCase() ?? ''
        if (close) muted = muted === name ? undefined : muted
        else if (NON_TEXT_TAGS.includes(name)) muted ??= name
      } else if (muted) token.content = ''
    }
  }

  /** Only of those that a name is looked up for: other rules see the rest in the source. */
  function reportMissing(reference: string): void {
    if (!reference.startsWith('wiki:')) return
    const name = decodeURIComponent(reference.slice('wiki:'.length).replace(/#.*$/s, ''))
    missing.push({
      line,
      rule: 'template-tags',
      message: `no article and no file of this publication is called ${name}: only the words of the link stay`,
      advice: 'Correct the name, or publish what it leads to.',
    })
  }

  function prepareLink(token: Token): boolean {
    const reference = String(token.attrGet('href') ?? '')
    const target = resolve(reference, base)
    if (target) token.attrSet('href', target.url)
    else {
      token.hidden = true
      reportMissing(reference)
    }
    if (target?.file !== undefined) files.add(target.file)
    return target !== undefined
  }

  function prepareImage(token: Token): void {
    const target = resolve(String(token.attrGet('src') ?? ''), base)
    if (!target) {
      token.hidden = true
      reportMissing(String(token.attrGet('src') ?? ''))
      return
    }
    token.attrSet('src', target.url)
    if (target.file === undefined) return
    files.add(target.file)
    const { width, height } = ownFiles.measure(target.file)
    if (width && height) token.meta = { width, height }
  }

  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if (token.map) line = token.map[0] + 1
    if (token.type === 'heading_open')
      token.attrSet('id', unique(String(token.meta?.id ?? '') || headingId(tokens[at + 1]!), ids))
    else if (token.type === 'html_block') raw ||= !isComment(token.content)
    else if (token.children) prepareInline(token.children)
  }
  return { tokens, base, files, raw, notes: missing.length > 0 ? [...notes, ...missing] : notes }
}

/** Comments are left out by every renderer; `<!--more-->` is no reason to clean an article. */
export function isComment(html: string): boolean {
  return /^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)+$/.test(html)
}

/** As GitHub names headings, in any script. */
function headingId(inline: Token): string {
  const text = (inline.children ?? []).map(({ type, content }) =>
    type === 'text' || type === 'code_inline' ? content : type === 'softbreak' ? ' ' : '',
  )
  return (
    text
      .join('')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}_\s-]/gu, '')
      .trim()
      .replace(/\s+/g, '-') || 'section'
  )
}

function unique(id: string, used: Map<string, number>): string {
  const times = used.get(id) ?? 0
  used.set(id, times + 1)
  return times === 0 ? id : unique(`${id}-${times}`, used)
}
