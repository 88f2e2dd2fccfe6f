// Clean HTML, as feeds and pages have it → Markdown (CommonMark, tables, footnotes as they are numbered) for programs that read.
// It is made of what readers see and of nothing else: what a source holds back is not in it.

import { fromParse5 } from 'hast-util-from-parse5'
import { defaultHandlers, toMdast } from 'hast-util-to-mdast'
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown } from 'mdast-util-to-markdown'
import { parseFragment } from 'parse5'

type Handlers = NonNullable<NonNullable<Parameters<typeof toMdast>[1]>['handlers']>
type Handler = NonNullable<Handlers[string]>
type Nodes = ReturnType<typeof toMdast>

export function htmlToMarkdown(html: string): string {
  // Markdown has no signs for formulas: they stay as they are.
  const formulas: string[] = []
  const marked = html.replace(/<math\b[\s\S]*?<\/math>/g, formula => {
    formulas.push(formula.replace(/\n\s*/g, ''))
    return `<x-formula>${formulas.length - 1}</x-formula>`
  })
  const formula: Handler = (_, node) => {
    const [text] = node.children
    return [
      { type: 'html', value: formulas[text?.type === 'text' ? Number(text.value) : -1] ?? '' },
    ] as Nodes[]
  }
  const tree = toMdast(fromParse5(parseFragment(marked)) as never, {
    handlers: { ...handlers, 'x-formula': formula },
  })
  return toMarkdown(tree as never, {
    bullet: '-',
    rule: '-',
    fences: true,
    listItemIndent: 'one',
    extensions: [gfmTableToMarkdown({ tablePipeAlign: false }), gfmStrikethroughToMarkdown()],
  }).trim()
}

/** Below its picture. */
const figcaption: Handler = (state, node) => {
  const children = state.all(node)
  return [{ type: 'paragraph', children: [{ type: 'emphasis', children }] }] as never
}

/** The way back from a footnote is for those who can press it. */
const a: Handler = (state, node) => {
  const [text] = node.children
  return text?.type === 'text' && text.value.startsWith('↩') ? [] : defaultHandlers.a(state, node)
}

/** The term as a paragraph in bold; what it means below it. */
const dt: Handler = (state, node) =>
  [{ type: 'paragraph', children: [{ type: 'strong', children: state.all(node) }] }] as never
const flow: Handler = (state, node) => state.toFlow(state.all(node)) as Nodes[]

const handlers: Handlers = { a, figcaption, dt, dd: flow, dl: flow }
