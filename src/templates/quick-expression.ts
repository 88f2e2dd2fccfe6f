// An expression of a parsed template → a function that finds its value: paths, literals and calls of helpers.

import { BUILT_IN } from './handlebars.ts'
import { HELPERS } from './template-functions.ts'

/** Where a template is: what its names mean here. */
export interface Scope {
  readonly value: unknown
  /** What `../` reaches. */
  readonly outer: Scope | undefined
  /** `@root`, and in a loop `@index`, `@key`, `@first` and `@last`. */
  readonly data: Readonly<Record<string, unknown>>
  readonly helpers: Readonly<Record<string, (...args: unknown[]) => unknown>>
}

export type Find = (scope: Scope) => unknown

/** Thrown by what only Handlebars itself understands. */
export const BEYOND = new Error('for Handlebars itself')

interface Call {
  readonly path: hbs.AST.PathExpression | hbs.AST.Literal
  readonly params: readonly hbs.AST.Expression[]
  readonly hash?: hbs.AST.Hash | undefined
  readonly loc: hbs.AST.SourceLocation
}

const OWN: ReadonlySet<string> = new Set(HELPERS)

export function quickExpression(node: hbs.AST.Expression): Find {
  switch (node.type) {
    case 'PathExpression':
      return quickPath(node as hbs.AST.PathExpression)
    case 'SubExpression':
      return quickCall(node as hbs.AST.SubExpression)
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral': {
      const { value } = node as hbs.AST.StringLiteral
      return () => value
    }
  }
  throw BEYOND
}

/** What stands between two braces: a helper where there is one of that name, else a path. */
export function quickCall({ path, params, hash, loc }: Call): Find {
  if (!isPath(path)) throw BEYOND
  const name = path.parts[0]
  const isName = path.parts.length === 1 && path.original === name && !path.data
  if (isName && OWN.has(name)) return callHelper(name, params, hash, loc)
  if (params.length > 0 || hash || (isName && KEYWORDS.has(name))) throw BEYOND
  return quickPath(path)
}
const KEYWORDS: ReadonlySet<string> = new Set(BUILT_IN)

function isPath(path: hbs.AST.Node): path is hbs.AST.PathExpression {
  return path.type === 'PathExpression'
}

function callHelper(
  name: string,
  params: readonly hbs.AST.Expression[],
  hash: hbs.AST.Hash | undefined,
  loc: hbs.AST.SourceLocation,
): Find {
  const given = params.map(quickExpression)
  const values = quickHash(hash)
  return scope => {
    const options = { name, hash: values(scope), data: scope.data, loc }
    const helper = scope.helpers[name]!
    // Nearly all take one.
    if (given.length === 1) return helper(given[0]!(scope), options)
    return helper(...given.map(find => find(scope)), options)
  }
}

export function quickHash(hash: hbs.AST.Hash | undefined): (scope: Scope) => Record<string, unknown> {
  const pairs = (hash?.pairs ?? []).map(({ key, value }) => [key, quickExpression(value)] as const)
  return scope => {
    const values: Record<string, unknown> = {}
    for (const [key, find] of pairs) values[key] = find(scope)
    return values
  }
}

function quickPath({ parts, depth, data }: hbs.AST.PathExpression): Find {
  if (data && depth > 0) throw BEYOND
  const [first, second] = parts
  if (data && second === undefined && first !== undefined) return scope => field(scope.data, first)
  if (data) return scope => parts.reduce(field, scope.data as unknown)
  if (depth > 0) return scope => parts.reduce(field, above(scope, depth)?.value)
  if (first === undefined) return scope => scope.value
  if (second === undefined) return scope => field(scope.value, first)
  return scope => parts.reduce(field, scope.value)
}

function above(scope: Scope, depth: number): Scope | undefined {
  let found: Scope | undefined = scope
  for (let step = 0; step < depth; step++) found = found?.outer
  return found
}

/** Only what is a value's own: no template reaches a prototype. */
function field(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return value
  if (typeof value === 'function') return undefined
  return Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** A function among the data stands for what it returns. */
export function resultOf(value: unknown, scope: Scope): unknown {
  return typeof value === 'function' ? value.call(scope.value) : value
}
