// Filled MJML → the HTML of a mail, without MJML where it compiled the same layout with other texts before: the editions of a
// newsletter differ in little else, and MJML takes longer for one than everything before it.
//
// MJML copies the content of its text elements. So each content is replaced by a mark, and what was made of the marks is
// filled with the contents of the next edition. That both ways give the same is seen on the second edition of each layout,
// which is made by both; a layout that fails this is compiled every time.

import { fastPathsAllowed } from '../../base/index.ts'

/** What MJML and all that follows it make of a text. */
type Compile = (mjml: string) => Promise<string>

export interface LayoutMakers {
  /** A whole document. */
  readonly compile: Compile
  /** The same changes that `compile` makes behind MJML, to the content of one element. */
  tidy(content: string): string
}

/** More are not kept: each takes some ten kilobytes. */
const MAX_LAYOUTS = 200

type Layout = 'met once' | 'compiled always' | readonly string[]

/** A plain value: what is known of each layout. */
export type KnownLayouts = ReadonlyMap<string, Layout>

const layouts = new Map<string, Layout>()

/** Those of this thread. */
export function knownLayouts(): KnownLayouts {
  return layouts
}

/** @param known by this very program, at an earlier time */
export function recallLayouts(known: KnownLayouts): void {
  for (const [key, layout] of known) if (!layouts.has(key)) layouts.set(key, layout)
}

/**
 * @param mjml with the marks of its origins: they are a part of the layout
 * @param variant of the makers: another one makes something else of the same text
 */
export async function compileLayout(
  mjml: string,
  variant: string,
  { compile, tidy }: LayoutMakers,
): Promise<string> {
  const taken = fastPathsAllowed() ? takeContents(mjml) : undefined
  if (!taken) return compile(mjml)
  const { layout, contents } = taken
  const key = `${variant} ${layout}`
  const known = layouts.get(key)
  if (known === undefined || known === 'compiled always') {
    if (layouts.size >= MAX_LAYOUTS) layouts.clear()
    layouts.set(key, known ?? 'met once')
    return compile(mjml)
  }
  const fill = (pieces: readonly string[]) => fillContents(pieces, contents.map(tidy))
  if (known !== 'met once') return fill(known)
  const [html, marked] = [await compile(mjml), await compile(layout)]
  const pieces = marked.split(MARK)
  const isRight = !IN_CONDITION.test(marked) && fill(pieces) === html
  layouts.set(key, isRight ? pieces : 'compiled always')
  return html
}

/** The number of a content, and whether a tag begins and ends it: white space around it may depend on that. */
const MARK = /⟦content:(\d+):[<.][>.]⟧/
/** MJML changes white space in what only Outlook sees. */
const IN_CONDITION = /<!--\[if[^\]]*\]>(?:(?!<!\[endif\]-->)[\s\S])*?⟦content:/

/** Elements of MJML 5 whose content it copies, with quoted attributes. */
const ELEMENT =
  /(<(mj-(?:button|raw|table|text|title))(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*)?(?<!\/)>)([\s\S]*?)(?=<\/\2\s*>)/g
/** What MJML, or what follows it, does not read in one element alone. */
const ACROSS = /<mj-(?:html-attribute|include|selector)|<mj-style[^>]*\sinline/
const OF_A_DOCUMENT =
  /<(?:[!?]|\/?(?:mj|pre|script|style|title|textarea|xmp|plaintext|iframe|noscript|svg|math)\b)/i
/** Every tag in it ends in it. */
const BALANCED = /^(?:[^<]|<(?:"[^"]*"|'[^']*'|[^"'<>])*>)*$/

/** @returns undefined where the whole has to be read as one */
function takeContents(mjml: string): { readonly layout: string; readonly contents: string[] } | undefined {
  if (mjml.includes('⟦content:') || ACROSS.test(mjml)) return undefined
  const contents: string[] = []
  const layout = mjml.replace(ELEMENT, (whole, start: string, name: string, content: string) => {
    const text = content.trim()
    // It is in an attribute, too.
    const isFit = name === 'mj-title' ? !/[<>"]/.test(text) : !OF_A_DOCUMENT.test(text) && BALANCED.test(text)
    if (text === '' || !isFit) return whole
    const edges = `${text.startsWith('<') ? '<' : '.'}${text.endsWith('>') ? '>' : '.'}`
    return `${start}⟦content:${contents.push(text) - 1}:${edges}⟧`
  })
  return { layout, contents }
}

/** @param pieces text and numbers of contents in turn */
function fillContents(pieces: readonly string[], contents: readonly string[]): string {
  return pieces.map((piece, at) => (at % 2 === 0 ? piece : contents[Number(piece)]!)).join('')
}
