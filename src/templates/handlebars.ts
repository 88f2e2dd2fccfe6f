// Nothing → the template engine, loaded when it is first needed, and what can be asked of a text or a parsed template.

import { createRequire } from 'node:module'
import type Handlebars from 'handlebars'
import { once } from '../base/index.ts'

export type Engine = ReturnType<typeof Handlebars.create>

/** Helpers that the engine itself brings. */
export const BUILT_IN = ['if', 'unless', 'each', 'with', 'lookup', 'log'] as const

const require = createRequire(import.meta.url)

/** Its build in one file, which needs nothing else. */
export const handlebars = once(() => require('handlebars/dist/handlebars.js') as typeof Handlebars)

/** Without the compiler, a third of the size: enough for templates that were compiled when the package was built. */
export const handlebarsRuntime = once(
  () => require('handlebars/dist/handlebars.runtime.js') as typeof Handlebars,
)

/** Names of the partials that a template's text calls: {{> card}}, {{~#> "card"}}, {{> [c++]}}. */
export function calledPartials(text: string): string[] {
  const calls = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|\[([^\]]+)\]|([^\s}~]+))/g
  return [...text.matchAll(calls)].map(match => match.slice(1).find(name => name !== undefined)!)
}

interface Visits {
  /** Of a name that takes something: only helpers do. */
  helper(name: string, at: hbs.AST.SourceLocation): void
  /** Of one that the template does not define itself. */
  partial(name: string, at: hbs.AST.SourceLocation): void
}

/** Calls of helpers and partials in a parsed template, in the order of the template. */
export function visitCalls(tree: hbs.AST.Program, { helper, partial }: Visits): void {
  const inline = inlinePartials(tree)
  const visit = (node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression) => {
    const { path, params, hash, loc } = node
    if (params.length > 0 || hash) helper((path as hbs.AST.PathExpression).original, loc)
  }
  class Calls extends handlebars().Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      visit(node)
      super.MustacheStatement(node)
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      visit(node)
      super.BlockStatement(node)
    }
    override SubExpression(node: hbs.AST.SubExpression): void {
      visit(node)
      super.SubExpression(node)
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      const name = calledPartial(node)
      if (name !== undefined && !inline.has(name)) partial(name, node.loc)
      super.PartialStatement(node)
    }
  }
  new Calls().accept(tree)
}

/** Names of the partials that a template defines itself: {{#*inline "name"}}…{{/inline}}. */
function inlinePartials(tree: hbs.AST.Program): Set<string> {
  const names = new Set<string>()
  class Definitions extends handlebars().Visitor {
    override DecoratorBlock(node: hbs.AST.DecoratorBlock): void {
      const [name] = node.params
      if (name?.type === 'StringLiteral') names.add((name as hbs.AST.StringLiteral).value)
      super.DecoratorBlock(node)
    }
  }
  new Definitions().accept(tree)
  return names
}

/** @returns nothing where the name is known only when it is filled: {{> (lookup …)}}, {{> @partial-block}} */
function calledPartial({ name }: hbs.AST.PartialStatement): string | undefined {
  if (name.type === 'SubExpression') return undefined
  const { original, data } = name as hbs.AST.PathExpression
  return data ? undefined : String(original)
}
