// A parsed template → the names of the partials that it defines itself: {{#*inline "name"}}…{{/inline}}.

import { handlebars } from './handlebars.ts'

export function inlinePartials(tree: hbs.AST.Program): Set<string> {
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
