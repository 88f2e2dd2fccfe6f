// One line of Handlebars out of the settings → why it can never be filled as it is meant, or nothing.

import { calledPartial } from './called-partial.ts'
import { checkPaths } from './check-paths.ts'
import { BUILT_IN, handlebars } from './handlebars.ts'
import { inlinePartials } from './inline-partials.ts'
import { EDITION, PUBLICATION, type Shape } from './shapes.ts'

const SUBJECT = { edition: EDITION, publication: PUBLICATION }
const CALLED = new Set<string>(['reader', ...BUILT_IN])

/** @param line a subject: `edition`, `publication` and `{{reader "name" "there"}}` have a meaning in it */
export function lineProblem(line: string): string | undefined {
  if (isPlain(line)) return undefined
  let tree: hbs.AST.Program
  try {
    tree = handlebars().parse(line)
  } catch (error) {
    return `is not Handlebars: ${plainReason((error as Error).message)}`
  }
  const helper = otherHelper(tree)
  if (helper) return `calls ${helper}; in this line there is {{reader "name" "there"}} and nothing else`
  return checkPaths(tree, SUBJECT)[0]?.message
}

/** Whether it holds nothing but text and known names: to load the engine for these would cost every command its time. */
function isPlain(line: string): boolean {
  if (!line.includes('{{')) return true
  const names = /\{\{([a-z]+(?:\.[a-z]+)*)\}\}/gi
  const hasMore = /[{}\\]/.test(line.replace(names, ''))
  return !hasMore && [...line.matchAll(names)].every(([, path]) => isKnown(path!.split('.')))
}

function isKnown(path: readonly string[]): boolean {
  let shape: Shape = SUBJECT
  for (const name of path) {
    if (typeof shape !== 'object' || Array.isArray(shape) || !Object.hasOwn(shape, name)) return false
    shape = (shape as Readonly<Record<string, Shape>>)[name]!
  }
  return true
}

/** The parser names its own tokens; where it stumbled is what helps. */
function plainReason(message: string): string {
  const [first, near] = message.split('\n')
  return near === undefined
    ? first!.replace(/ - \d+:\d+$/, '')
    : `a tag is not closed, or not written right, near ${near}`
}

/** The first that is called and that nobody fills here. */
function otherHelper(tree: hbs.AST.Program): string | undefined {
  let found: string | undefined
  const inline = inlinePartials(tree)
  const call = (node: { path: hbs.AST.Expression; params: unknown[]; hash?: hbs.AST.Hash }) => {
    const name = (node.path as hbs.AST.PathExpression).original
    if ((node.params.length > 0 || node.hash) && !CALLED.has(name)) found ??= name
  }
  class Calls extends handlebars().Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      call(node as never)
      super.MustacheStatement(node)
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      call(node)
      super.BlockStatement(node)
    }
    override SubExpression(node: hbs.AST.SubExpression): void {
      call(node as never)
      super.SubExpression(node)
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      const name = calledPartial(node)
      if (name !== undefined && !inline.has(name)) found ??= `> ${name}`
      super.PartialStatement(node)
    }
  }
  new Calls().accept(tree)
  return found
}
