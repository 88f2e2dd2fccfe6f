// A template's text, or what it was parsed to → nothing, or an Error with the line of its first mistake.

import { didYouMean } from '../base/index.ts'
import { BUILT_IN, handlebars, visitCalls } from './handlebars.ts'
import { HELPERS } from './languages.ts'
import { ARTICLE, PUBLICATION, type Shape } from './shapes.ts'

/** The first helper or partial that does not exist. Handlebars would report it only on reaching it, and without the line. */
export function checkNames(tree: hbs.AST.Program, partials: { has(name: string): boolean }): void {
  const helpers = new Set<string>([...BUILT_IN, ...Object.keys(HELPERS)])
  visitCalls(tree, {
    helper(name, { start }) {
      if (!helpers.has(name)) fail(`there is no helper "${name}"`, start.line)
    },
    partial(name, { start }) {
      if (!partials.has(name)) fail(`there is no partial "${name}" in templates/partials/`, start.line)
    },
  })
}

/** Escaped mustaches, and the merge tags of Ghost, Mailchimp and others. The slots of a letter are written by helpers. */
const TOKEN = /\{\{[^}]*\}\}|%%[^%\s]+%%|\*\|[^|\s]+\|\*|\[\[[^\]\s]+\]\]|⟦[^⟧]*⟧/

/** Of a letter's template: the first token that some other system would fill. Readers would see it unfilled. */
export function checkTokens(tree: hbs.AST.Program): void {
  class Tokens extends handlebars().Visitor {
    override ContentStatement({ value, loc }: hbs.AST.ContentStatement): void {
      const found = TOKEN.exec(value)
      if (!found) return
      const line = loc.start.line + value.slice(0, found.index).split('\n').length - 1
      fail(`nothing fills ${found[0]} in; a slot is {{reader "name" "there"}}`, line)
    }
  }
  new Tokens().accept(tree)
}

const ELEMENT =
  /^(?:script|style|link|meta|base|form|input|button|select|textarea|iframe|frame|frameset|object|embed|applet)$/i
const ATTRIBUTE = /^(?:style|on[a-z]+)$/i
const ADDRESS = /^["']?\s*(javascript:|data:text\/html)/i

/** Tags of Handlebars hold signs of HTML that mean something else. */
const HANDLEBARS = /\{\{!--[\s\S]*?--\}\}|\{\{\{?[\s\S]*?\}?\}\}/g
/** What is in a comment or a quoted value is no tag. */
const COMMENT_OR_TAG = /<!--[\s\S]*?-->|<([a-z][^\s/>]*)((?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*)/gi
const NAME_AND_VALUE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?/g

/**
 * Of a template that feeds are made with: the first thing that no feed may hold, which is script, form, frame, style or event
 * handler. What articles say is cleaned elsewhere.
 */
export function checkFeedHtml(text: string): void {
  const bare = text.replace(HANDLEBARS, tag => tag.replace(/[^\n]/g, ' '))
  for (const { index, 1: element, 2: attributes } of bare.matchAll(COMMENT_OR_TAG)) {
    if (element === undefined) continue
    if (ELEMENT.test(element)) refuse(`<${element}>`, bare.slice(0, index))
    for (const { index: within, 1: name, 2: value } of attributes!.matchAll(NAME_AND_VALUE)) {
      const before = bare.slice(0, index + 1 + element.length + within)
      if (ATTRIBUTE.test(name!) && value !== undefined) refuse(`${name}=`, before)
      const address = /^(?:href|src)$/i.test(name!) ? ADDRESS.exec(value ?? '') : null
      if (address) refuse(address[1]!, before)
    }
  }
}

function refuse(what: string, before: string): never {
  fail(
    `${what} is not allowed in a feed: feed readers remove it, or refuse the feed`,
    before.split('\n').length,
  )
}

function fail(message: string, lineNumber: number): never {
  throw Object.assign(new Error(message), { lineNumber })
}

// ─── Names that the data does not have ───────────────────────────────────────────────────────────────────────────────
//
// A parsed template and the shape of its data → the names in it that the data never has, each with its line.
// What is in a partial is not looked at: it is called from many places.

/** Whose data have the same names for every article and every list. */
const COMPLETE: ReadonlySet<string> = new Set([
  'feed/content.html.hbs',
  'feed/edition.html.hbs',
  'pages/article.html.hbs',
  'pages/channel.html.hbs',
  'pages/index.html.hbs',
  'pages/withdrawn.html.hbs',
])

export function isComplete(name: string): boolean {
  return COMPLETE.has(name)
}

/** A name that this data never has would print nothing, and nobody would know why. @param data the first it is filled with */
export function checkData(tree: hbs.AST.Program, data: object): void {
  const shapes: Record<string, Shape> = { article: ARTICLE, publication: PUBLICATION }
  const root = Object.fromEntries(Object.keys(data).map(key => [key, shapes[key] ?? 'any']))
  const [first] = checkPaths(tree, root)
  if (first) throw Object.assign(new Error(first.message), { lineNumber: first.line })
}

/** What Handlebars' strict mode threw → the same error, saying what names there are instead. */
export function unknownName(error: Error, tree: () => hbs.AST.Program, data: unknown): Error {
  const [, name] = /^"(.*)" not defined in /.exec(error.message) ?? []
  if (name === undefined) return error
  const [place = '', line] = / - (\d+):\d+$/.exec(error.message) ?? []
  const found = checkPaths(tree(), shapeOf(data)).find(
    unknown => unknown.parts.includes(name) && unknown.line === Number(line),
  )
  // What surrounds a loop in another partial is unknown here.
  return new Error(`${found?.message ?? `there is no ${name} here`}${place}`)
}

/** Of a list, what any of its items has. */
function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) {
    const shapes = value.map(shapeOf)
    const named = shapes.filter(shape => typeof shape === 'object' && !Array.isArray(shape))
    return [named.length === shapes.length && named.length > 0 ? Object.assign({}, ...named) : 'any']
  }
  if (typeof value !== 'object' || value === null) return 'any'
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}

interface UnknownName {
  /** 1-based. */
  readonly line: number
  /** The whole path as it is written: article, titel. */
  readonly parts: readonly string[]
  /** 'there is no article.titel, did you mean article.title? article has id, file, …' */
  readonly message: string
}

const CALLED = new Set<string>([...Object.keys(HELPERS), ...BUILT_IN])

interface Call {
  readonly path: hbs.AST.Expression
  readonly params: readonly hbs.AST.Expression[]
  readonly hash?: hbs.AST.Hash | undefined
}

export function checkPaths(tree: hbs.AST.Program, root: Shape): UnknownName[] {
  const found: UnknownName[] = []

  /** @param scopes the shape of what is around, the innermost last */
  function program(body: hbs.AST.Program | undefined, scopes: readonly Shape[]): void {
    // `as |name|` gives names that mean something else in it.
    if (!body || body.blockParams?.length) return
    for (const node of body.body) statement(node, scopes)
  }

  function statement(node: hbs.AST.Statement, scopes: readonly Shape[]): void {
    if (node.type === 'MustacheStatement') call(node as hbs.AST.MustacheStatement, scopes)
    if (node.type === 'PartialStatement') {
      const { params, hash } = node as hbs.AST.PartialStatement
      for (const param of params) expression(param, scopes)
      for (const { value } of hash?.pairs ?? []) expression(value, scopes)
    }
    if (node.type !== 'BlockStatement') return
    const block = node as hbs.AST.BlockStatement
    program(block.program, innerScopes(block, call(block, scopes)[0], scopes))
    program(block.inverse, scopes)
  }

  /** @returns the shapes of what is given to it; of a plain name, its own */
  function call({ path, params, hash }: Call, scopes: readonly Shape[]): Shape[] {
    if (isPlainName({ path, params, hash })) return [expression(path, scopes)]
    for (const { value } of hash?.pairs ?? []) expression(value, scopes)
    return params.map(param => expression(param, scopes))
  }

  function expression(node: hbs.AST.Expression, scopes: readonly Shape[]): Shape {
    if (node.type === 'SubExpression') call(node as hbs.AST.SubExpression, scopes)
    if (node.type !== 'PathExpression') return 'any'
    const { parts, depth, data, loc } = node as hbs.AST.PathExpression
    // Trees that were made ahead have no places of what is given to partials.
    const line = (loc as hbs.AST.SourceLocation | undefined)?.start.line ?? 0
    if (data) return parts[0] === 'root' ? follow(parts.slice(1), root, line) : 'any'
    return follow(parts, scopes.at(-1 - depth) ?? 'any', line)
  }

  function follow(parts: readonly string[], from: Shape, line: number): Shape {
    let shape = from
    for (const [index, name] of parts.entries()) {
      if (shape === 'any') return 'any'
      if (isList(shape)) shape = /^\d+$/.test(name) ? shape[0] : 'any'
      else if (Object.hasOwn(shape, name)) shape = shape[name]!
      else {
        found.push(unknown(parts, index, Object.keys(shape), line))
        return 'any'
      }
    }
    return shape
  }

  program(tree, [root])
  return found
}

/** Whether it says a value, and calls nothing. */
function isPlainName({ path, params, hash }: Call): boolean {
  const name = path.type === 'PathExpression' ? (path as hbs.AST.PathExpression).original : ''
  return params.length === 0 && !hash && !CALLED.has(name)
}

/**
 * The shapes of what is around the inside of a block.
 *
 * @param given to the block
 */
function innerScopes(
  block: hbs.AST.BlockStatement,
  given: Shape | undefined,
  scopes: readonly Shape[],
): readonly Shape[] {
  const name = block.path.original
  if (name === 'if' || name === 'unless') return scopes
  const isSection = isPlainName(block)
  const shape = name === 'each' || (isSection && isList(given)) ? itemOf(given) : (given ?? 'any')
  // A section of a value that is only true, and what another helper does with its block, add nothing that `../` leaves;
  // nor does a block of the very value that it is in. What is uncertain is accepted.
  const isCertain = name === 'each' || name === 'with' || (isSection && given !== 'any')
  if (isCertain && (shape === 'any' || shape !== scopes.at(-1))) return [...scopes, shape]
  return [...scopes.map((): Shape => 'any'), isCertain ? shape : 'any']
}

/** @param index of the part that is unknown */
function unknown(
  parts: readonly string[],
  index: number,
  known: readonly string[],
  line: number,
): UnknownName {
  const [before, name] = [parts.slice(0, index), parts[index]!]
  const whole = (last: string) => [...before, last].join('.')
  const meant = didYouMean(name, known)
  const owner = before.length > 0 ? `${before.join('.')} has` : 'there are'
  if (known.length === 0) return { line, parts, message: `there is no ${whole(name)}` }
  const advice = meant ? `, did you mean ${whole(meant)}?` : ';'
  return { line, parts, message: `there is no ${whole(name)}${advice} ${owner} ${known.join(', ')}` }
}

function itemOf(shape: Shape | undefined): Shape {
  return isList(shape) ? shape[0] : 'any'
}

function isList(shape: Shape | undefined): shape is readonly [Shape] {
  return Array.isArray(shape)
}
