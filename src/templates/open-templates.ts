// Template name + data → text. A publication's own `templates/` wins over the built-in ones file by file; words for
// people come from `strings/<language>.yaml`. Articles are data here: no text of theirs is ever compiled.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { calledPartials } from './called-partials.ts'
import { checkData, isComplete } from './check-data.ts'
import { checkFeedHtml } from './check-feed-html.ts'
import { checkNames } from './check-names.ts'
import { checkTokens } from './check-tokens.ts'
import { makeFormats } from './formats.ts'
import { handlebars } from './handlebars.ts'
import { markOrigins } from './origins.ts'
import { parsedAhead } from './parsed-ahead.ts'
import { quickProgram } from './quick-program.ts'
import { readCatalogue, readTemplate } from './read-template.ts'
import { speak } from './speak.ts'
import { type RenderOptions, templateFunctions, type Words } from './template-functions.ts'
import { unknownName } from './unknown-name.ts'

export { calledPartials } from './called-partials.ts'
export { directionOf } from './direction-of.ts'
export { fillLine } from './fill-line.ts'
export { lineProblem } from './line-problem.ts'
export { dropOrigins, type Origin, takeOrigins } from './origins.ts'
export { slotMark } from './slot-mark.ts'
export type { RenderOptions, Words } from './template-functions.ts'

export const builtinTemplates = join(packageFolder, 'templates/')

export interface Templates {
  /** Text of the template and the path it was found at. Throws UserError when neither folder has it. */
  read(name: string): { text: string; path: string }
  /**
   * Fills `name` (relative to templates/, e.g. 'pages/index.html.hbs'). A `.txt.hbs` escapes nothing; in `.mjml.hbs`
   * and `.txt.hbs` a name that the data does not have is an error. Throws UserError that names file and line.
   */
  render(name: string, data: object, options: RenderOptions): string
  words(language: string): Words
  /** Whether there is a catalogue for this language, or for the language it is a variety of. */
  speaks(language: string): boolean
}

/**
 * @param own the publication's own templates folder (need not exist)
 * @param trace marks every tag of a mail with its template and line: what is found in it can be told by them
 */
export function openTemplates(own: string, { trace = false } = {}): Templates {
  const folders = [own, builtinTemplates]
  const catalogues = new Map<string, Record<string, string>>()
  const compiled = new Map<string, HandlebarsTemplateDelegate>()
  /** Partials that templates of feeds call. */
  const ofFeeds = new Set<string>()
  const formats = makeFormats()
  const spoken = new Map<string, Words>()
  const tongues = new Map<string, boolean>()
  const functions = new Map<string, ReturnType<typeof templateFunctions>>()
  let engine: ReturnType<typeof Handlebars.create> | undefined
  let partials: Map<string, string> | undefined

  function read(name: string): { text: string; path: string } {
    const path = folders.map(folder => join(folder, name)).find(candidate => existsSync(candidate))
    if (!path) throw new UserError(`template ${name} does not exist`, `Put it into ${own}.`)
    return { text: readTemplate(path), path }
  }

  function catalogue(language: string): Record<string, string> {
    const known = catalogues.get(language)
    if (known) return known
    const merged: Record<string, string> = {}
    for (const folder of [...folders].reverse()) {
      const path = join(folder, 'strings', `${language}.yaml`)
      if (existsSync(path)) Object.assign(merged, readCatalogue(path))
    }
    catalogues.set(language, merged)
    return merged
  }

  function speaks(language: string): boolean {
    let is = tongues.get(language)
    if (is === undefined) {
      is = [language, language.split('-')[0]!].some(name => Object.keys(catalogue(name)).length > 0)
      tongues.set(language, is)
    }
    return is
  }

  /** en-IN → en-IN, en, then English: a missing word is an English one, and an error in the tests. */
  function words(language: string): Words {
    const known = spoken.get(language)
    if (known) return known
    const chain = ['en', language.split('-')[0]!, language]
    const say = speak(
      () => Object.assign({}, ...chain.map(catalogue)),
      value => formats.number(language)(value),
    )
    spoken.set(language, say)
    return say
  }

  /** Partials are known by their file's name up to the first dot: `partials/card.mjml.hbs` is `{{> card}}`. */
  function findPartials(): Map<string, string> {
    if (partials) return partials
    const files = new Map<string, string>()
    for (const folder of [...folders].reverse()) {
      const path = join(folder, 'partials')
      if (!existsSync(path)) continue
      for (const file of readdirSync(path).sort())
        if (file.endsWith('.hbs')) files.set(file.replace(/\..*$/, ''), `partials/${file}`)
    }
    partials = files
    return files
  }

  function openEngine(): NonNullable<typeof engine> {
    if (engine) return engine
    engine = handlebars().create()
    for (const [name, file] of findPartials()) {
      // Compiled when first used, so that a broken partial breaks only what uses it.
      engine.registerPartial(name, (data: object, options?: RuntimeOptions) => compile(file)(data, options))
    }
    return engine
  }

  function compile(name: string): HandlebarsTemplateDelegate {
    const known = compiled.get(name)
    if (known) return known
    const { text, path } = read(name)
    const guard = <T>(work: () => T, explain = (error: Error) => error): T => {
      try {
        return work()
      } catch (error) {
        throw error instanceof UserError ? error : templateError(path, explain(error as Error))
      }
    }
    const isOfFeeds = /^(?:partials\/)?feed[/-]/.test(name) || ofFeeds.has(name)
    // Compiled when they are first used: after this.
    if (isOfFeeds) for (const partial of calledPartials(text)) ofFeeds.add(findPartials().get(partial) ?? '')
    const strict = /\.(mjml|txt)\.hbs$/.test(name)
    const parse = (marked: string) => {
      const parsed = openEngine().parse(marked)
      checkNames(parsed, findPartials())
      if (strict) checkTokens(parsed)
      if (isOfFeeds) checkFeedHtml(text)
      return parsed
    }
    const tree = guard(() => parsedAhead(markOrigins(text, name, trace), parse))
    const filled =
      (strict ? undefined : quickProgram(tree, partial => compile(findPartials().get(partial)!))) ??
      openEngine().compile(tree, { strict, noEscape: name.endsWith('.txt.hbs') })
    let unchecked = isComplete(name) && path === join(own, name)
    const guarded: HandlebarsTemplateDelegate = (data, options) =>
      guard(
        () => {
          if (unchecked) checkData(tree, data)
          unchecked = false
          return filled(data, options)
        },
        error => unknownName(error, tree, data),
      )
    compiled.set(name, guarded)
    return guarded
  }

  function render(name: string, data: object, options: RenderOptions): string {
    const key = `${options.language} ${options.timezone}`
    const helpers = functions.get(key) ?? templateFunctions(words, formats, options)
    functions.set(key, helpers)
    return compile(name)(data, { helpers })
  }

  return { read, render, words, speaks }
}

/** Handlebars says the line in three ways, according to where it stumbled. */
function templateError(path: string, error: Error & { lineNumber?: number }): UserError {
  const line = error.lineNumber ?? /on line (\d+)|- (\d+):\d+$/.exec(error.message)?.slice(1).find(Boolean)
  const message = error.message.replace(/^Parse error on line \d+:\n/, '').replace(/ - \d+:\d+$/, '')
  return new UserError(`template ${path}${line ? `:${line}` : ''}: ${message}`, 'Correct the template.')
}
