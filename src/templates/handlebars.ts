// The template engine, loaded when it is first needed; what can be asked of a template's text; and templates and words that
// were compiled and parsed when the package was built.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type Handlebars from 'handlebars'
import { codeFolder, once } from '../base/index.ts'

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

// ─── Made when the package was built ─────────────────────────────────────────────────────────────────────────────────
//
// A text below templates/ → what was made of it when the package was built: a catalogue parsed, a template compiled. Both
// take ten times as long as reading the result. A text that is not the package's own to the letter has another name,
// under which nothing lies.

/** Of the bundle; nowhere else is such a folder. */
const AHEAD = join(codeFolder, 'ahead')

/** As Handlebars takes them. */
interface CompilerOptions {
  /** A name that the data does not have is an error. */
  readonly strict: boolean
  readonly noEscape: boolean
}

/** @param name of the template, relative to templates/ */
export function compilerOptions(name: string): CompilerOptions {
  return { strict: /\.(mjml|txt)\.hbs$/.test(name), noEscape: name.endsWith('.txt.hbs') }
}

/** @param folder where such things are kept */
export function compiledAhead(
  text: string,
  options: CompilerOptions,
  folder = AHEAD,
): TemplateSpecification | undefined {
  return readAhead(join(folder, compiledName(text, options))) as TemplateSpecification | undefined
}

/** @param folder where such things are kept */
export function parsedAhead(text: string, folder = AHEAD): Record<string, string> | undefined {
  return readAhead(join(folder, parsedName(text))) as Record<string, string> | undefined
}

/** For the build of the package: a file's name and its contents. */
export function compileAhead(text: string, options: CompilerOptions): { name: string; source: string } {
  // It writes into the options.
  const compiled = handlebars().precompile(text, { ...options })
  return { name: compiledName(text, options), source: `module.exports = ${compiled}\n` }
}

/** The same for a catalogue. @param words it was parsed to */
export function keepParsed(
  text: string,
  words: Readonly<Record<string, string>>,
): { name: string; source: string } {
  return { name: parsedName(text), source: JSON.stringify(words) }
}

/** For the build of the package: a script that was made of a text. */
export function keepScript(text: string, source: string): { name: string; source: string } {
  return { name: scriptName(text), source }
}

/** What such a script exports. @param folder where such things are kept */
export function scriptAhead(text: string, folder = AHEAD): unknown {
  return readAhead(join(folder, scriptName(text)))
}

function scriptName(text: string): string {
  return `${hashOf(`script ${text}`)}.js`
}

function compiledName(text: string, options: CompilerOptions): string {
  return `${hashOf(JSON.stringify(options) + text)}.js`
}

function parsedName(text: string): string {
  return `${hashOf(text)}.json`
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function readAhead(path: string): unknown {
  return existsSync(path) ? require(path) : undefined
}
