// A template of the publication's own and the first data it is filled with → nothing, or an Error with the line of the first
// name that this data never has. It would print nothing, and nobody would know why.

import { checkPaths } from './check-paths.ts'
import { ARTICLE, PUBLICATION, type Shape } from './shapes.ts'

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

export function checkData(tree: hbs.AST.Program, data: object): void {
  const shapes: Record<string, Shape> = { article: ARTICLE, publication: PUBLICATION }
  const root = Object.fromEntries(Object.keys(data).map(key => [key, shapes[key] ?? 'any']))
  const [first] = checkPaths(tree, root)
  if (first) throw Object.assign(new Error(first.message), { lineNumber: first.line })
}
