// A template's text, or what it was parsed to → nothing, or an Error with the line of its first mistake.

import { BUILT_IN, handlebars, visitCalls } from './handlebars.ts'
import { HELPERS } from './template-functions.ts'

/** The first helper or partial that does not exist. Handlebars would report it only on reaching it, and without the line. */
export function checkNames(tree: hbs.AST.Program, partials: { has(name: string): boolean }): void {
  const helpers = new Set<string>([...BUILT_IN, ...HELPERS])
  visitCalls(tree, {
    helper(name, { start }) {
      if (!helpers.has(name)) fail(`there is no helper "${name}"`, start.line)
    },
    partial(name, { start }) {
      if (!partials.has(name)) fail(`there is no partial "${name}" in templates/partials/`, start.line)
    },
  })
}

/** Escaped mustaches, and the merge tags of Ghost, Mailchimp and others. The slots of a letter are written by helpers. */
const TOKEN = /\{\{[^}]*\}\}|%%[^%\s]+%%|\*\|[^|\s]+\|\*|\[\[[^\]\s]+\]\]|⟦[^⟧]*⟧/

/** Of a letter's template: the first token that some other system would fill. Readers would see it unfilled. */
export function checkTokens(tree: hbs.AST.Program): void {
  class Tokens extends handlebars().Visitor {
    override ContentStatement({ value, loc }: hbs.AST.ContentStatement): void {
      const found = TOKEN.exec(value)
      if (!found) return
      const line = loc.start.line + value.slice(0, found.index).split('\n').length - 1
      fail(`nothing fills ${found[0]} in; a slot is {{reader "name" "there"}}`, line)
    }
  }
  new Tokens().accept(tree)
}

const ELEMENT =
  /^(?:script|style|link|meta|base|form|input|button|select|textarea|iframe|frame|frameset|object|embed|applet)$/i
const ATTRIBUTE = /^(?:style|on[a-z]+)$/i
const ADDRESS = /^["']?\s*(javascript:|data:text\/html)/i

/** Tags of Handlebars hold signs of HTML that mean something else. */
const HANDLEBARS = /\{\{!--[\s\S]*?--\}\}|\{\{\{?[\s\S]*?\}?\}\}/g
/** What is in a comment or a quoted value is no tag. */
const COMMENT_OR_TAG = /<!--[\s\S]*?-->|<([a-z][^\s/>]*)((?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*)/gi
const NAME_AND_VALUE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?/g

/**
 * Of a template that feeds are made with: the first thing that no feed may hold, which is script, form, frame, style or event
 * handler. What articles say is cleaned elsewhere.
 */
export function checkFeedHtml(text: string): void {
  const bare = text.replace(HANDLEBARS, tag => tag.replace(/[^\n]/g, ' '))
  for (const { index, 1: element, 2: attributes } of bare.matchAll(COMMENT_OR_TAG)) {
    if (element === undefined) continue
    if (ELEMENT.test(element)) refuse(`<${element}>`, bare.slice(0, index))
    for (const { index: within, 1: name, 2: value } of attributes!.matchAll(NAME_AND_VALUE)) {
      const before = bare.slice(0, index + 1 + element.length + within)
      if (ATTRIBUTE.test(name!) && value !== undefined) refuse(`${name}=`, before)
      const address = /^(?:href|src)$/i.test(name!) ? ADDRESS.exec(value ?? '') : null
      if (address) refuse(address[1]!, before)
    }
  }
}

function refuse(what: string, before: string): never {
  fail(`${what} may not stand in a feed: readers take it out, or refuse the feed`, before.split('\n').length)
}

function fail(message: string, lineNumber: number): never {
  throw Object.assign(new Error(message), { lineNumber })
}
