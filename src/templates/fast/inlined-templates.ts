// A template of the package with all its partials → one JavaScript function, in which every partial is inlined. Handlebars copies the
// data for each partial that is called with values, and looks every name up as if it might be a helper. Where the data are not as
// expected the function throws, and Handlebars fills the template, or says what is wrong with it.

import { escapeHtml } from '../../base/index.ts'
import { calledPartials, handlebars, keepScript, scriptAhead } from '../handlebars.ts'
import { HELPERS } from '../languages.ts'

/** What an inlined template is given besides the data. */
export interface Runtime {
  readonly helpers: Readonly<Record<string, unknown>>
  /** Handlebars' own. */
  escape(value: unknown): string
}

export type InlinedTemplate = (data: object, runtime: Runtime & typeof OWN) => string

/** Of all publications' letters; other templates are filled too rarely. */
export const INLINED: ReadonlySet<string> = new Set(['letter.mjml.hbs', 'letter.txt.hbs'])

/** Called where the data name a partial, as long as they name this one; with another, Handlebars fills the template. */
const USUAL_PARTIAL = 'letter-block'

/** What inlined templates call. */
const OWN = {
  /** As `{{#if}}` sees it. */
  isTrue: (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value)),
  /** @throws where Handlebars has more to say */
  shown(value: unknown): unknown {
    if (value === undefined) throw new Error('no such name')
    return value ?? ''
  },
  listed(value: unknown): readonly unknown[] {
    if (value && !Array.isArray(value)) throw new Error('no list')
    return (value as unknown[]) || []
  },
  expect(value: unknown, usual: string): void {
    if (value !== usual) throw new Error('another partial')
  },
  url: (value: unknown) => escapeHtml(value as string),
}

/** @param read the text of a template, with the marks of its lines @param partials name → file */
export function inlinedAhead(
  name: string,
  read: (file: string) => string,
  partials: ReadonlyMap<string, string>,
  folder?: string,
): ((data: object, runtime: Runtime) => string) | undefined {
  const script = scriptAhead(textsOf(name, read, partials), folder) as InlinedTemplate | undefined
  return script && fillerOf(script)
}

/** @returns what gives nothing where Handlebars has to fill it */
export function fillerOf(script: InlinedTemplate): (data: object, runtime: Runtime) => string {
  return (data, runtime) => {
    try {
      return script(data, { ...OWN, ...runtime })
    } catch {
      return ''
    }
  }
}

/** For the build of the package: a file's name and its contents. */
export function inlineTemplate(
  name: string,
  read: (file: string) => string,
  partials: ReadonlyMap<string, string>,
): { name: string; source: string } {
  const writer = new InliningWriter(name, read, partials)
  return keepScript(textsOf(name, read, partials), writer.write())
}

/** Of a template and of everything that it calls. */
function textsOf(
  name: string,
  read: (file: string) => string,
  partials: ReadonlyMap<string, string>,
): string {
  const texts = new Map<string, string>()
  const add = (file: string) => {
    if (texts.has(file)) return
    const text = read(file)
    texts.set(file, text)
    for (const called of [...calledPartials(text), USUAL_PARTIAL]) {
      const its = partials.get(called)
      if (its !== undefined) add(its)
    }
  }
  add(name)
  return JSON.stringify([...texts])
}

/** Where a name is looked up. */
interface Scope {
  /** The variable with the data. */
  readonly context: string
  /** The values that a partial was called with, by name. */
  readonly own: ReadonlyMap<string, Expression>
  /** That around the innermost `{{#each}}`: `../name`. */
  readonly outer: Scope | undefined
  /** Variable of `@first`. */
  readonly first: string | undefined
}

/** An expression of JavaScript. */
interface Expression {
  readonly code: string
  /** Where it is known when the package is built. */
  readonly value?: string | number | boolean
}

class InliningWriter {
  readonly #engine = handlebars()
  readonly #name: string
  readonly #isText: boolean
  readonly #read: (file: string) => string
  readonly #partials: ReadonlyMap<string, string>
  /** Those in which helpers are called: what goes wrong there is said with its line. */
  readonly #lines = new Set<number>()
  /** By file and known values. */
  readonly #functions = new Map<string, { readonly name: string; code: string }>()
  #code = ''
  #text = ''
  #count = 0

  constructor(name: string, read: (file: string) => string, partials: ReadonlyMap<string, string>) {
    this.#name = name
    this.#isText = name.endsWith('.txt.hbs')
    this.#read = read
    this.#partials = partials
  }

  write(): string {
    this.#program(this.#read(this.#name), {
      context: 'root',
      own: new Map(),
      outer: undefined,
      first: undefined,
    })
    this.#flush()
    // Functions that are made once become fast once: what they are filled with is beside them.
    const functions = [...this.#functions.values()].map(({ code }) => code)
    const lines = [...this.#lines].map(line => `const line${line} = { start: { line: ${line} } }\n`)
    return `let root, data, helpers, escape, isTrue, shown, listed, expect, url
${lines.join('')}${functions.join('')}module.exports = (all, runtime) => {
root = all
data = { root }
;({ helpers, escape, isTrue, shown, listed, expect, url } = runtime)
let out = ''
${this.#code}return out
}
`
  }

  #flush(): void {
    if (this.#text !== '') this.#code += `out += ${JSON.stringify(this.#text)}\n`
    this.#text = ''
  }

  #line(code: string): void {
    this.#flush()
    this.#code += `${code}\n`
  }

  #variable(): string {
    this.#count++
    return `v${this.#count}`
  }

  #program(text: string, scope: Scope): void {
    this.#statements(this.#engine.parse(text).body, scope)
  }

  #statements(body: readonly hbs.AST.Statement[], scope: Scope): void {
    for (const statement of body) this.#statement(statement, scope)
  }

  #statement(statement: hbs.AST.Statement, scope: Scope): void {
    if (statement.type === 'ContentStatement') {
      const { value } = statement as hbs.AST.ContentStatement
      // Of white space in MJML nothing but that it is there matters.
      this.#text += this.#isText ? value : value.replace(/[ \t]*\n[ \t\n]*/g, '\n')
    } else if (statement.type === 'MustacheStatement') {
      this.#mustache(statement as hbs.AST.MustacheStatement, scope)
    } else if (statement.type === 'BlockStatement') {
      this.#block(statement as hbs.AST.BlockStatement, scope)
    } else if (statement.type === 'PartialStatement') {
      this.#partial(statement as hbs.AST.PartialStatement, scope)
    } else if (statement.type !== 'CommentStatement') throw new Error(`${this.#name}: ${statement.type}`)
  }

  #mustache(statement: hbs.AST.MustacheStatement, scope: Scope): void {
    const { path, params, hash, escaped } = statement as hbs.AST.MustacheStatement & { escaped: boolean }
    const isHelper = params.length > 0 || hash !== undefined
    const name = (path as hbs.AST.PathExpression).original
    if (!isHelper && name in HELPERS) throw new Error(`${this.#name}: {{${name}}}`)
    const isEscaped = escaped && !this.#isText
    if (isHelper && name === 'url' && isEscaped) {
      this.#line(`out += url(${this.#expression(params[0]!, scope).code})`)
      return
    }
    const { code, value } = isHelper ? this.#call(statement, scope) : this.#expression(path, scope)
    if (value !== undefined) {
      this.#text += isEscaped ? this.#engine.escapeExpression(String(value)) : String(value)
      return
    }
    const shown = isHelper ? code : `shown(${code})`
    this.#line(`out += ${isEscaped ? `escape(${shown})` : shown}`)
  }

  #expression(node: hbs.AST.Expression, scope: Scope): Expression {
    switch (node.type) {
      case 'StringLiteral':
      case 'NumberLiteral':
      case 'BooleanLiteral': {
        const { value } = node as hbs.AST.StringLiteral
        return { code: JSON.stringify(value), value }
      }
      case 'SubExpression':
        return this.#call(node as hbs.AST.SubExpression, scope)
      case 'PathExpression':
        return this.#path(node as hbs.AST.PathExpression, scope)
    }
    throw new Error(`${this.#name}: ${node.type}`)
  }

  #path({ data, depth, parts, original }: hbs.AST.PathExpression, scope: Scope): Expression {
    if (parts.some(part => typeof part !== 'string' || !/^[a-zA-Z]\w*$/.test(part)))
      throw new Error(`${this.#name}: ${original}`)
    const [first, ...others] = parts
    const rest = others.map(part => `.${part}`).join('')
    if (data) {
      if (first === 'root') return { code: `root${rest}` }
      if (first === 'first' && scope.first !== undefined && rest === '') return { code: scope.first }
      throw new Error(`${this.#name}: ${original}`)
    }
    let its: Scope | undefined = scope
    for (let up = 0; up < depth; up++) its = its?.outer
    if (!its) throw new Error(`${this.#name}: ${original}`)
    if (first === undefined) {
      if (its.own.size > 0) throw new Error(`${this.#name}: ${original} with values of a call`)
      return { code: its.context }
    }
    const own = its.own.get(first)
    if (!own) return { code: `${its.context}.${first}${rest}` }
    return rest === '' ? own : { code: `${own.code}${rest}` }
  }

  #call(
    { path, params, hash, loc }: hbs.AST.SubExpression | hbs.AST.MustacheStatement,
    scope: Scope,
  ): Expression {
    const name = (path as hbs.AST.PathExpression).original
    if (!(name in HELPERS)) throw new Error(`${this.#name}: {{${name}}}`)
    const given = params.map(param => this.#expression(param, scope).code)
    if (name === 'eq') return { code: `(${given.join(' === ')})` }
    const pairs = (hash?.pairs ?? []).map(
      ({ key, value }) => `${key}: ${this.#expression(value, scope).code}`,
    )
    this.#lines.add(loc.start.line)
    const options = `{ hash: {${pairs.join(', ')}}, data, loc: line${loc.start.line} }`
    return { code: `helpers.${name}(${[...given, options].join(', ')})` }
  }

  #block(statement: hbs.AST.BlockStatement, scope: Scope): void {
    const { path, params, program, inverse } = statement
    const name = (path as hbs.AST.PathExpression).original
    const given = this.#expression(params[0]!, scope)
    if (name === 'each') {
      this.#each(given, statement, scope)
      return
    }
    if (name !== 'if' && name !== 'unless') throw new Error(`${this.#name}: {{#${name}}}`)
    const [yes, no] = name === 'if' ? [program, inverse] : [inverse, program]
    if (given.value !== undefined) {
      this.#statements((given.value ? yes : no)?.body ?? [], scope)
      return
    }
    // A comparison is true or false.
    const isPlain = given.code.startsWith('(') || given.code === 'first'
    this.#line(`if (${isPlain ? given.code : `isTrue(${given.code})`}) {`)
    this.#statements(yes?.body ?? [], scope)
    if (no) {
      this.#line('} else {')
      this.#statements(no.body, scope)
    }
    this.#line('}')
  }

  #each(list: Expression, { program, inverse }: hbs.AST.BlockStatement, scope: Scope): void {
    if (inverse || program.blockParams) throw new Error(`${this.#name}: {{#each}}`)
    const [all, at, each] = [this.#variable(), this.#variable(), this.#variable()]
    this.#line(`const ${all} = listed(${list.code})`)
    this.#line(`for (let ${at} = 0; ${at} < ${all}.length; ${at}++) {`)
    this.#line(`const ${each} = ${all}[${at}]`)
    this.#statements(program.body, { context: each, own: new Map(), outer: scope, first: `(${at} === 0)` })
    this.#line('}')
  }

  #partial(
    { name, params, hash, indent }: hbs.AST.PartialStatement & { indent?: string },
    scope: Scope,
  ): void {
    if (indent && this.#isText) throw new Error(`${this.#name}: a partial is indented`)
    let called = (name as hbs.AST.PathExpression).original
    if (name.type === 'SubExpression') {
      const { params: looked } = name as hbs.AST.SubExpression
      const [of, key] = looked.map(param => this.#expression(param, scope))
      this.#line(`expect(${of!.code}[${key!.code}], ${JSON.stringify(USUAL_PARTIAL)})`)
      called = USUAL_PARTIAL
    }
    const file = this.#partials.get(called)
    if (file === undefined) throw new Error(`${this.#name}: {{> ${called}}}`)
    const own = new Map(params.length > 0 ? [] : scope.own)
    const context = params[0] ? this.#kept(this.#expression(params[0], scope)).code : scope.context
    const values = (hash?.pairs ?? []).map(({ key, value }) => [key, this.#expression(value, scope)] as const)
    for (const [key, value] of values) own.set(key, value.value === undefined ? this.#kept(value) : value)
    const call = this.#function(file, own, scope.first !== undefined)
    const given = [...own.values()].filter(({ value }) => value === undefined)
    this.#line(
      `out += ${call}(${[context, scope.first ?? 'false', ...given.map(({ code }) => code)].join(', ')})`,
    )
  }

  /** What fills a partial that is called with such values: one for all calls whose known values are the same. */
  #function(file: string, own: ReadonlyMap<string, Expression>, isInList: boolean): string {
    const parameters = [...own].map(([key, { value }], at) =>
      value === undefined ? ([key, { code: `p${at}` }] as const) : ([key, own.get(key)!] as const),
    )
    const signature = JSON.stringify([file, isInList, parameters])
    const known = this.#functions.get(signature)
    if (known) return known.name
    const name = `f${this.#functions.size}`
    const made = { name, code: '' }
    this.#functions.set(signature, made)
    const [code, text] = [this.#code, this.#text]
    this.#code = ''
    this.#text = ''
    const first = isInList ? 'first' : undefined
    this.#program(this.#read(file), { context: 'c', own: new Map(parameters), outer: undefined, first })
    this.#flush()
    const names = parameters.flatMap(([, { code: its, value }]) => (value === undefined ? its : []))
    made.code = `function ${name}(${['c', 'first', ...names].join(', ')}) {\nlet out = ''\n${this.#code}return out\n}\n`
    this.#code = code
    this.#text = text
    return name
  }

  #kept({ code }: Expression): Expression {
    const name = this.#variable()
    this.#line(`const ${name} = ${code}`)
    return { code: name }
  }
}
