// A parsed letter template → nothing, or an Error with the line of the first token that some other system would fill:
// readers would see it as it stands.

import { handlebars } from './handlebars.ts'

/** Escaped mustaches, and the merge tags of Ghost, Mailchimp and others. The slots of a letter are written by helpers. */
const TOKEN = /\{\{[^}]*\}\}|%%[^%\s]+%%|\*\|[^|\s]+\|\*|\[\[[^\]\s]+\]\]|⟦[^⟧]*⟧/

export function checkTokens(tree: hbs.AST.Program): void {
  class Tokens extends handlebars().Visitor {
    override ContentStatement({ value, loc }: hbs.AST.ContentStatement): void {
      const found = TOKEN.exec(value)
      if (!found) return
      const lineNumber = loc.start.line + value.slice(0, found.index).split('\n').length - 1
      throw Object.assign(new Error(`nothing fills ${found[0]} in; a slot is {{reader "name" "there"}}`), {
        lineNumber,
      })
    }
  }
  new Tokens().accept(tree)
}
