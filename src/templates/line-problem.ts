// One line of Handlebars out of the settings → why it can never be filled as it is meant, or nothing.

import { checkPaths } from './check-paths.ts'
import { handlebars } from './handlebars.ts'
import { EDITION, PUBLICATION } from './shapes.ts'

/** @param line a subject: `edition`, `publication` and `{{reader "name" "there"}}` have a meaning in it */
export function lineProblem(line: string): string | undefined {
  if (!line.includes('{{')) return undefined
  let tree: hbs.AST.Program
  try {
    tree = handlebars().parse(line)
  } catch (error) {
    return `is not Handlebars: ${plainReason((error as Error).message)}`
  }
  const helper = otherHelper(tree)
  if (helper) return `calls ${helper}; in this line there is {{reader "name" "there"}} and nothing else`
  return checkPaths(tree, { edition: EDITION, publication: PUBLICATION })[0]?.message
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
  const call = (node: { path: hbs.AST.Expression; params: unknown[]; hash?: hbs.AST.Hash }) => {
    const name = (node.path as hbs.AST.PathExpression).original
    if ((node.params.length > 0 || node.hash) && !KNOWN.has(name)) found ??= name
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
      found ??= `> ${(node.name as hbs.AST.PathExpression).original}`
    }
  }
  new Calls().accept(tree)
  return found
}
const KNOWN = new Set(['reader', 'if', 'unless', 'each', 'with', 'lookup', 'log'])
