// Template name + data → text; so is one line out of the settings, as subjects are. Words for people come from
// `strings/<language>.yaml`. Articles are data here: no text of theirs is ever compiled.

import { fastPathsAllowed, once } from '../base/index.ts'
import { UserError } from '../errors.ts'
import {
  checkData,
  checkFeedHtml,
  checkNames,
  checkPaths,
  checkTokens,
  isComplete,
  unknownName,
} from './check-template.ts'
import { INLINED, inlinedAhead } from './fast/inlined-templates.ts'
import {
  BUILT_IN,
  calledPartials,
  compiledAhead,
  compilerOptions,
  type Engine,
  handlebars,
  handlebarsRuntime,
  visitCalls,
} from './handlebars.ts'
import { Languages, type RenderOptions, templateFunctions, type Words } from './languages.ts'
import { EDITION, PUBLICATION, type Shape } from './shapes.ts'
import { ownTemplates, TemplateFiles, type TemplateText } from './template-files.ts'

export interface Templates {
  /** Text of the template and the path it was found at. Throws UserError when neither folder has it. */
  read(name: string): TemplateText
  has(name: string): boolean
  /**
   * Fills `name` (relative to templates/, e.g. 'pages/index.html.hbs'). A `.txt.hbs` escapes nothing; in `.mjml.hbs`
   * and `.txt.hbs` a name that the data does not have is an error. Throws UserError that names file and line.
   */
  render(name: string, data: object, options: RenderOptions): string
  words(language: string): Words
  /** 'A, B and C' */
  list(language: string): (names: readonly string[]) => string
  /** Whether there is a catalogue for this language, or for the language it is a variety of. */
  speaks(language: string): boolean
  /** Keys of words with this prefix that are English in this language, since no catalogue has them. */
  missingWords(language: string, prefix: string): string[]
}

/**
 * @param own the publication's own templates folder (need not exist)
 * @param trace marks every tag of a mail with its template and line: what is found in it can be reported with them
 */
export function openTemplates(own: string, { trace = false } = {}): Templates {
  const files = new TemplateFiles(own)
  const languages = new Languages(language => files.catalogue(language))
  const compiler = new TemplateCompiler(files, trace)
  const functions = new Map<string, ReturnType<typeof templateFunctions>>()
  return {
    read: name => files.read(name),
    has: name => files.has(name),
    render(name, data, options) {
      const key = `${options.language} ${options.timezone}`
      const helpers = functions.get(key) ?? templateFunctions(languages, options)
      functions.set(key, helpers)
      return compiler.compile(name)(data, { helpers })
    },
    words: language => languages.words(language),
    list: language => languages.list(language),
    speaks: language => languages.speaks(language),
    missingWords: (language, prefix) => languages.missing(language, prefix),
  }
}

// ─── Compiled templates ──────────────────────────────────────────────────────────────────────────────────────────────
//
// A template's name → what fills it: compiled when the package was built, or now, after it was checked. Whatever is wrong
// with it, or with what it is filled with, is reported with its file and line.

class TemplateCompiler {
  readonly #files: TemplateFiles
  readonly #trace: boolean
  readonly #compiled = new Map<string, HandlebarsTemplateDelegate>()
  /** Files of the partials that templates of feeds call. */
  readonly #ofFeeds = new Set<string>()
  readonly #engine = once(() => this.#withPartials(handlebars().create()))
  readonly #runtime = once(() => this.#withPartials(handlebarsRuntime().create()))

  /** @param trace marks every tag of a mail with its template and line */
  constructor(files: TemplateFiles, trace: boolean) {
    this.#files = files
    this.#trace = trace
  }

  /** @param name relative to templates/ @throws UserError that names file and line, as does what it returns */
  compile(name: string): HandlebarsTemplateDelegate {
    const compiled = this.#compiled.get(name) ?? this.#make(name)
    this.#compiled.set(name, compiled)
    return compiled
  }

  #make(name: string): HandlebarsTemplateDelegate {
    const { text, path } = this.#files.read(name)
    const marked = markOrigins(text, name, this.#trace)
    const options = compilerOptions(name)
    const tree = once(() => handlebars().parse(marked))
    const isOfFeeds = this.#isOfFeeds(name, text)
    const compileNow = () => {
      checkNames(tree(), this.#files.partials())
      if (options.strict) checkTokens(tree())
      if (isOfFeeds) checkFeedHtml(text)
      return this.#engine().compile(tree(), options)
    }
    const fill = guard(path, () => {
      const ahead = compiledAhead(marked, options)
      return ahead ? this.#runtime().template(ahead) : compileNow()
    })
    const inlined = this.#inlined(name)
    let unchecked = isComplete(name) && this.#files.isOwn(name, path)
    const fillChecked: HandlebarsTemplateDelegate = (data, given) => {
      if (unchecked) checkData(tree(), data)
      unchecked = false
      return (fastPathsAllowed() && inlined?.(data, given)) || fill(data, given)
    }
    return (data, given) =>
      guard(
        path,
        () => fillChecked(data, given),
        error => unknownName(error, tree, data),
      )
  }

  /** @returns what fills it in less time, or nothing where that has more to say; undefined where there is no such thing */
  #inlined(name: string): ((data: object, given?: RuntimeOptions) => string) | undefined {
    if (this.#trace || !INLINED.has(name)) return undefined
    const read = (file: string) => markOrigins(this.#files.read(file).text, file)
    const fill = inlinedAhead(name, read, this.#files.partials())
    const { escapeExpression } = handlebarsRuntime()
    return fill && ((data, given) => fill(data, { helpers: given?.helpers ?? {}, escape: escapeExpression }))
  }

  /** Partials are compiled when they are first used: after the template that calls them. */
  #isOfFeeds(name: string, text: string): boolean {
    const is = /^(?:partials\/)?feed[/-]/.test(name) || this.#ofFeeds.has(name)
    if (is)
      for (const partial of calledPartials(text)) this.#ofFeeds.add(this.#files.partials().get(partial) ?? '')
    return is
  }

  /** Each is compiled when it is first used, so that a broken one breaks only what uses it. */
  #withPartials(engine: Engine): Engine {
    for (const [name, file] of this.#files.partials())
      engine.registerPartial(name, (data: object, given?: RuntimeOptions) => this.compile(file)(data, given))
    return engine
  }
}

function guard<T>(path: string, work: () => T, explain = (error: Error) => error): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof UserError ? error : templateError(path, explain(error as Error))
  }
}

function templateError(path: string, error: Error): UserError {
  const { line, message } = mistakeIn(error)
  return new UserError(`template ${path}${line ? `:${line}` : ''}: ${message}`, 'Correct the template.')
}

/** Handlebars says the line in three ways, according to where it stumbled. */
function mistakeIn(error: Error & { lineNumber?: number }): { line: number; message: string } {
  const line = error.lineNumber ?? /on line (\d+)|- (\d+):\d+$/.exec(error.message)?.slice(1).find(Boolean)
  const message = error.message.replace(/^Parse error on line \d+:\n/, '').replace(/ - \d+:\d+$/, '')
  return { line: Number(line ?? 0), message }
}

/**
 * What is wrong with a publication's own templates, whether or not today's articles need them: a part that only a long letter
 * has would break the send of that day.
 *
 * @param own absolute path of `templates/`
 */
export function brokenTemplates(own: string): { name: string; line: number; message: string }[] {
  const files = new TemplateFiles(own)
  return ownTemplates(own).flatMap(name => {
    try {
      const tree = handlebars().parse(files.read(name).text)
      checkNames(tree, files.partials())
      if (compilerOptions(name).strict) checkTokens(tree)
      return []
    } catch (error) {
      return { name, ...mistakeIn(error as Error) }
    }
  })
}

// ─── Where a tag was written ─────────────────────────────────────────────────────────────────────────────────────────
//
// An MJML template's text → the same with every MJML tag saying which line it came from, and back. Filled MJML has lost
// its lines to loops and partials; a mistake found in it is still reported with template and line.

/** Where a tag of filled MJML was written. */
export interface Origin {
  /** Relative to templates/. */
  readonly template: string
  /** 1-based. */
  readonly line: number
}

const ATTRIBUTE = 'data-origin'

/**
 * @param name of the template; only `.mjml.hbs` is changed
 * @param all marks HTML tags too; these marks stay in the letter until `dropOrigins`
 */
export function markOrigins(text: string, name: string, all = false): string {
  if (!name.endsWith('.mjml.hbs')) return text
  let line = 1
  return text.replace(all ? /\n|<[a-z][a-z0-9-]*(?=[\s/>{])/g : /\n|<mj[a-z-]*(?=[\s/>])/g, found => {
    if (found === '\n') {
      line += 1
      return found
    }
    return `${found} ${ATTRIBUTE}="${name}:${line}"`
  })
}

/** Takes the marks out of filled MJML: `origins[n]` is where the n-th MJML start tag was written. */
export function takeOrigins(mjml: string): { mjml: string; origins: Origin[] } {
  const origins: Origin[] = []
  const clean = mjml.replace(
    /(<mj[a-z-]*) data-origin="([^"]*):(\d+)"/g,
    (_, tag: string, template, line) => {
      origins.push({ template, line: Number(line) })
      return tag
    },
  )
  return { mjml: clean, origins }
}

/** HTML with the marks of its tags → without them. */
export function dropOrigins(html: string): string {
  if (!html.includes(`${ATTRIBUTE}=`)) return html
  return html.replace(/(<[a-z][a-z0-9-]*) data-origin="[^"]*"/g, '$1')
}

// ─── One line of the settings ────────────────────────────────────────────────────────────────────────────────────────
//
// One line of Handlebars out of the settings, as subjects are → filled with data; and why it can never be filled as it is
// meant, if so.

const compiled = new Map<string, HandlebarsTemplateDelegate>()

/**
 * Plain text: nothing is escaped.
 *
 * @param where how people find the line: 'subject of newsletter weekly'
 * @param reader what `{{reader "name" "there"}}` becomes
 * @throws UserError when the line is no Handlebars
 */
export function fillLine(
  source: string,
  data: object,
  where: string,
  reader: (name: string, fallback: string) => string,
): string {
  if (isPlain(source)) return source.replace(PLAIN_NAME, (_, path: string) => valueAt(path, data))
  try {
    let template = compiled.get(source)
    if (!template) {
      template = handlebars().compile(source, { noEscape: true })
      compiled.set(source, template)
    }
    const text = (value: unknown) => (typeof value === 'string' ? value : '')
    const helpers = { reader: (name: unknown, fallback: unknown) => reader(text(name), text(fallback)) }
    return template(data, { helpers })
  } catch (error) {
    throw new UserError(`${where}: ${(error as Error).message}`, "Write it like '{{edition.lead.title}}'.")
  }
}

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

/** Whether it is only text and known names: for these, loading the engine would cost every command its time. */
function isPlain(line: string): boolean {
  if (!line.includes('{{')) return true
  const hasMore = /[{}\\]/.test(line.replace(PLAIN_NAME, ''))
  return !hasMore && [...line.matchAll(PLAIN_NAME)].every(([, path]) => isKnown(path!.split('.')))
}

const PLAIN_NAME = /\{\{([a-z]+(?:\.[a-z]+)*)\}\}/gi

/** As Handlebars shows it. */
function valueAt(path: string, data: object): string {
  let value: unknown = data
  for (const name of path.split('.')) {
    const isThere = value !== null && value !== undefined && Object.hasOwn(value as object, name)
    value = isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined
  }
  return `${value ?? ''}`
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
  visitCalls(tree, {
    helper(name) {
      if (!CALLED.has(name)) found ??= name
    },
    partial(name) {
      found ??= `> ${name}`
    },
  })
  return found
}
