// `!!! note "Title"`, `??? tip` and `=== "Tab"` with their text indented below them (MkDocs, Python-Markdown) → the same
// text, no longer indented, between private signs.

import { containerMark } from './containers.ts'
import { closeMark, labelMark } from './marks.ts'

const OPENING =
  /^([ \t]*)(!!!|\?\?\?\+?|===\+?)[ \t]+(?:([\w-]+)(?:[ \t]+[\w-]+)*?)?[ \t]*(?:"([^"]*)")?[ \t]*$/

export function hasAdmonitions(markdown: string): boolean {
  return /^[ \t]*(?:!!!|\?\?\?\+?|===\+?)[ \t]+["\w]/m.test(markdown)
}

interface OpenAdmonition {
  readonly indent: number
  readonly close: string
}

export function readAdmonitions(markdown: string): string {
  const out: string[] = []
  const open: OpenAdmonition[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const indent = columns(line)
    if (line.trim() !== '')
      while (open.length > 0 && indent < open.at(-1)!.indent + 4) out.push(open.pop()!.close)
    const body = open.length === 0 ? line : dedent(line, open.length * 4)
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(body)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined
    } else if (mark !== undefined) fence = mark
    const found = fence === undefined && mark === undefined && open.length < 20 ? OPENING.exec(line) : null
    if (!found || found[1]!.length > 40) {
      out.push(body)
      continue
    }
    const [, space, sign, name = '', title] = found
    const lead = dedent(space!, open.length * 4)
    const kind = sign!.startsWith('?') ? 'details' : name.toLowerCase()
    const shown = sign!.startsWith('=')
      ? labelMark(title ?? '')
      : containerMark(kind, title ?? (kind === 'details' ? capital(name) : ''))
    out.push(lead + shown)
    open.push({ indent, close: sign!.startsWith('=') || shown === '' ? '' : lead + closeMark() })
  }
  for (const { close } of open.reverse()) out.push(close)
  return out.join('\n')
}

function capital(name: string): string {
  return name && name[0]!.toUpperCase() + name.slice(1)
}

function columns(line: string): number {
  let width = 0
  for (const sign of line) {
    if (sign === '\t') width += 4 - (width % 4)
    else if (sign === ' ') width++
    else break
  }
  return width
}

function dedent(line: string, width: number): string {
  let at = 0
  let done = 0
  for (; done < width && at < line.length; at++) {
    if (line[at] === '\t') done += 4 - (done % 4)
    else if (line[at] === ' ') done++
    else break
  }
  return line.slice(at)
}
