// A parsed template → nothing, or an Error with the line of the first helper or partial that does not exist. Handlebars
// itself would say so only when it gets there, and without the line.

import { calledPartial } from './called-partial.ts'
import { BUILT_IN, handlebars } from './handlebars.ts'
import { inlinePartials } from './inline-partials.ts'
import { HELPERS } from './template-functions.ts'

type Call = {
  path: hbs.AST.PathExpression
  params: unknown[]
  hash?: hbs.AST.Hash
  loc: hbs.AST.SourceLocation
}

export function checkNames(tree: hbs.AST.Program, partials: { has(name: string): boolean }): void {
  const known = new Set<string>([...BUILT_IN, ...HELPERS])
  const inline = inlinePartials(tree)
  const fail = (message: string, loc: hbs.AST.SourceLocation) => {
    throw Object.assign(new Error(message), { lineNumber: loc.start.line })
  }
  const call = ({ path, params, hash, loc }: Call) => {
    const name = path.original
    if ((params.length > 0 || hash) && !known.has(name)) fail(`there is no helper "${name}"`, loc)
  }
  class Names extends handlebars().Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      call(node as unknown as Call)
      super.MustacheStatement(node)
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      call(node as unknown as Call)
      super.BlockStatement(node)
    }
    override SubExpression(node: hbs.AST.SubExpression): void {
      call(node as unknown as Call)
      super.SubExpression(node)
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      const name = calledPartial(node)
      if (name !== undefined && !partials.has(name) && !inline.has(name))
        fail(`there is no partial "${name}" in templates/partials/`, node.loc)
      super.PartialStatement(node)
    }
  }
  new Names().accept(tree)
}
