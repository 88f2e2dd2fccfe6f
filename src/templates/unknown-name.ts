// What Handlebars' strict mode threw, the template and its data → the same error saying what names there are instead.

import { checkPaths } from './check-paths.ts'
import type { Shape } from './shapes.ts'

export function unknownName(error: Error, tree: hbs.AST.Program, data: unknown): Error {
  const [, name] = /^"(.*)" not defined in /.exec(error.message) ?? []
  if (name === undefined) return error
  const [place = '', line] = / - (\d+):\d+$/.exec(error.message) ?? []
  const found = checkPaths(tree, shapeOf(data)).find(
    unknown => unknown.parts.includes(name) && unknown.line === Number(line),
  )
  // What stands around a loop in another partial cannot be told from here.
  return new Error(`${found?.message ?? `there is no ${name} in what stands here`}${place}`)
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
