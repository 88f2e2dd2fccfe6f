// Template name + data → text. A publication's own `templates/` wins over the built-in ones file by file; words for
// people come from `strings/<language>.yaml`. Articles are data here: no text of theirs is ever compiled.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import { load as parseYaml } from 'js-yaml'
import { UserError } from './errors.ts'
import type { Timestamp } from './model.ts'

/** Right from `src/` and from `dist/` alike. */
export const builtinTemplates = fileURLToPath(new URL('../templates/', import.meta.url))

/** The word for `key` in one language, with `{name}` replaced by `values.name`. Throws on a key that no catalogue has. */
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string

export interface RenderOptions {
  /** BCP 47: of words, dates and numbers. */
  language: string
  /** IANA zone in which times are shown. */
  timezone: string
}

export interface Templates {
  /** Text of the template and the path it was found at. Throws UserError when neither folder has it. */
  read(name: string): { text: string; path: string }
  /** Fills `name` (relative to templates/, e.g. 'pages/index.html.hbs'). Throws UserError that names file and line. */
  render(name: string, data: object, options: RenderOptions): string
  words(language: string): Words
}

/**
 * @param own the publication's own templates folder (need not exist)
 */
export function openTemplates(own: string): Templates {
  const folders = [own, builtinTemplates]
  const catalogues = new Map<string, Record<string, string>>()
  const compiled = new Map<string, HandlebarsTemplateDelegate>()
  const engine = Handlebars.create()

  function find(name: string): string | undefined {
    return folders.map(folder => join(folder, name)).find(path => existsSync(path))
  }

  function read(name: string): { text: string; path: string } {
    const path = find(name)
    if (!path) throw new UserError(`template ${name} does not exist`, `Put it into ${own}.`)
    return { text: readFileSync(path, 'utf8'), path }
  }

  function catalogue(language: string): Record<string, string> {
    const known = catalogues.get(language)
    if (known) return known
    const merged: Record<string, string> = {}
    for (const folder of [...folders].reverse()) {
      const path = join(folder, 'strings', `${language}.yaml`)
      if (existsSync(path)) Object.assign(merged, parseYaml(readFileSync(path, 'utf8')))
    }
    catalogues.set(language, merged)
    return merged
  }

  /** en-IN → en-IN, en, then English: a missing word is an English one, and an error in the tests. */
  function words(language: string): Words {
    const chain = [language, language.split('-')[0]!, 'en'].map(catalogue)
    return (key, values = {}) => {
      const word = chain.map(entries => entries[key]).find(entry => entry !== undefined)
      if (word === undefined) throw new UserError(`no word for "${key}" in strings/en.yaml`)
      return word.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
    }
  }

  function registerPartials(): void {
    for (const folder of [...folders].reverse()) {
      const partials = join(folder, 'partials')
      if (!existsSync(partials)) continue
      for (const file of readdirSync(partials).sort()) {
        if (file.endsWith('.hbs'))
          engine.registerPartial(file.replace(/\..*$/, ''), readFileSync(join(partials, file), 'utf8'))
      }
    }
  }

  function render(name: string, data: object, options: RenderOptions): string {
    let template = compiled.get(name)
    try {
      if (!template) {
        if (compiled.size === 0) registerPartials()
        template = engine.compile(read(name).text, { explicitPartialContext: false })
        compiled.set(name, template)
      }
      return template(data, { helpers: helpers(words(options.language), options) })
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(`template ${find(name)}: ${(error as Error).message}`, 'Correct the template.')
    }
  }

  return { read, render, words }
}

/** Escapes for an attribute that holds an address, without Handlebars' `=` → `&#x3D;`, which breaks click trackers. */
function escapeUrl(url: string): string {
  return url.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

function helpers(
  words: Words,
  { language, timezone }: RenderOptions,
): Record<string, (...args: never[]) => unknown> {
  const dates = (style: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, { timeZone: timezone, ...style })
    return (moment: Timestamp | number) => format.format(typeof moment === 'number' ? moment : moment.at)
  }
  return {
    /** {{t "by" name=author.name}} */
    t: (key: string, options: Handlebars.HelperOptions) => words(key, options.hash),
    /** {{date article.date}} → 30 January 2026 */
    date: dates({ dateStyle: 'long' }),
    /** {{weekday edition.sendAt}} → Friday, 30 January 2026 */
    weekday: dates({ dateStyle: 'full' }),
    /** {{datetime article.updated}} → 30 January 2026, 5:06 IST */
    datetime: dates({
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
    }),
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    iso: (moment: Timestamp | number) =>
      new Date(typeof moment === 'number' ? moment : moment.at).toISOString(),
    url: (value: string) => new Handlebars.SafeString(escapeUrl(value)),
    eq: (left: unknown, right: unknown) => left === right,
  }
}
