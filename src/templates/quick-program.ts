// A parsed template → a function that fills it, as Handlebars does and in a fifth of its time, where the template
// holds nothing but names, helpers, `if`, `unless`, `each`, `with` and partials; else nothing: it is for Handlebars itself.

import { escapeText } from './escape-text.ts'
import {
  BEYOND,
  type Find,
  quickCall,
  quickExpression,
  quickHash,
  resultOf,
  type Scope,
} from './quick-expression.ts'

type Fill = (scope: Scope) => string
type PartialOf = (name: string) => HandlebarsTemplateDelegate

/** @returns undefined for a template that holds something else */
export function quickProgram(
  tree: hbs.AST.Program,
  partialOf: PartialOf,
): HandlebarsTemplateDelegate | undefined {
  let fill: Fill
  try {
    fill = quickFill(tree, partialOf)
  } catch (error) {
    if (error === BEYOND) return undefined
    throw error
  }
  return (value, options) => {
    const given = options?.data as Scope['data'] | undefined
    const data = given && 'root' in given ? given : { ...given, root: value }
    return fill({ value, outer: undefined, data, helpers: options?.helpers as Scope['helpers'] })
  }
}

function quickFill({ body, blockParams }: hbs.AST.Program, partialOf: PartialOf): Fill {
  if (blockParams?.length) throw BEYOND
  const parts = body.map(node => quickStatement(node, partialOf)).filter(part => part !== '')
  return scope => {
    let text = ''
    for (const part of parts) text += typeof part === 'string' ? part : part(scope)
    return text
  }
}

/** A text that never changes stands for itself. */
function quickStatement(node: hbs.AST.Statement, partialOf: PartialOf): Fill | string {
  switch (node.type) {
    case 'ContentStatement':
      return (node as hbs.AST.ContentStatement).value
    case 'CommentStatement':
      return ''
    case 'MustacheStatement':
      return quickMustache(node as hbs.AST.MustacheStatement)
    case 'BlockStatement':
      return quickBlock(node as hbs.AST.BlockStatement, partialOf)
    case 'PartialStatement':
      return quickPartial(node as hbs.AST.PartialStatement, partialOf)
  }
  throw BEYOND
}

function quickMustache(node: hbs.AST.MustacheStatement): Fill {
  const find = quickCall(node)
  if (node.escaped) return scope => escapeText(resultOf(find(scope), scope))
  return scope => {
    const value = resultOf(find(scope), scope)
    return value === null || value === undefined ? '' : String(value)
  }
}

const nothing: Fill = () => ''

function quickBlock(node: hbs.AST.BlockStatement, partialOf: PartialOf): Fill {
  const { path, params, hash, program, inverse } = node
  const [param] = params
  if (param === undefined || params.length > 1 || hash) throw BEYOND
  const find = quickExpression(param)
  const then = program ? quickFill(program, partialOf) : nothing
  const otherwise = inverse ? quickFill(inverse, partialOf) : nothing
  switch (path.original) {
    case 'if':
      return scope => (isEmpty(resultOf(find(scope), scope), true) ? otherwise(scope) : then(scope))
    case 'unless':
      return scope => (isEmpty(resultOf(find(scope), scope), true) ? then(scope) : otherwise(scope))
    case 'with':
      return scope => {
        const value = resultOf(find(scope), scope)
        return isEmpty(value, false) ? otherwise(scope) : then(inside(scope, value, scope.data))
      }
    case 'each':
      return quickEach(find, then, otherwise)
  }
  throw BEYOND
}

/** As Handlebars has it: an empty list is empty; so is zero to `if`, but not to `with`. */
function isEmpty(value: unknown, isZero: boolean): boolean {
  if (value === 0) return isZero
  return !value || (Array.isArray(value) && value.length === 0)
}

function inside(scope: Scope, value: unknown, data: Scope['data']): Scope {
  const outer = value === scope.value ? scope.outer : scope
  return { value, outer, data, helpers: scope.helpers }
}

function quickEach(find: Find, then: Fill, otherwise: Fill): Fill {
  return scope => {
    const list = resultOf(find(scope), scope)
    if (typeof list !== 'object' || list === null) return otherwise(scope)
    const keys = Symbol.iterator in list ? undefined : Object.keys(list)
    const items: unknown[] = Array.isArray(list)
      ? list
      : keys
        ? Object.values(list)
        : [...(list as Set<unknown>)]
    const { data } = scope
    const last = items.length - 1
    let text = ''
    for (let index = 0; index <= last; index++) {
      const key = keys ? keys[index] : index
      // One shape for all: to spread what is around it costs more than all the rest of a loop.
      const place = { root: data.root, key, index, first: index === 0, last: index === last, _parent: data }
      text += then(inside(scope, items[index], place))
    }
    return items.length === 0 ? otherwise(scope) : text
  }
}

function quickPartial(node: hbs.AST.PartialStatement, partialOf: PartialOf): Fill {
  const { name, params, hash, indent } = node
  if (name.type !== 'PathExpression' || (name as hbs.AST.PathExpression).data || params.length > 1)
    throw BEYOND
  const find = params[0] ? quickExpression(params[0]) : (scope: Scope) => scope.value
  const values = hash ? quickHash(hash) : undefined
  return scope => {
    const value = values ? { ...(find(scope) as object), ...values(scope) } : find(scope)
    const { data, helpers } = scope
    const text = partialOf((name as hbs.AST.PathExpression).original)(value, { data, helpers })
    return indent ? indented(text, indent) : text
  }
}

/** A partial that has a line to itself is indented as that line is. */
function indented(text: string, indent: string): string {
  const lines = text.split('\n')
  return lines.map((line, at) => (line === '' && at === lines.length - 1 ? '' : indent + line)).join('\n')
}
