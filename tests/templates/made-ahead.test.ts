// What was made of a template or a catalogue when the package was built says what the text itself says, and is that of no
// other text.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  compileAhead,
  compiledAhead,
  compilerOptions,
  handlebars,
  handlebarsRuntime,
  keepParsed,
  parsedAhead,
} from '../../src/templates/handlebars.ts'
import { parseCatalogue } from '../../src/templates/template-files.ts'
import { aFolder } from '../a-folder.ts'

const templates = new URL('../../templates/', import.meta.url).pathname
const names = readdirSync(templates, { recursive: true, encoding: 'utf8' })
const textOf = (name: string) => readFileSync(join(templates, name), 'utf8')

function keep({ name, source }: { name: string; source: string }): string {
  const folder = join(aFolder(), 'ahead')
  mkdirSync(folder)
  // As in the bundle, whose scripts are CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(join(folder, name), source)
  return folder
}

test.each(names.filter(name => name.endsWith('.hbs')))('%s', name => {
  const [text, options] = [textOf(name), Object.freeze(compilerOptions(name))]
  const folder = keep(compileAhead(text, options))
  const ahead = compiledAhead(text, options, folder)
  const source = (spec: object) =>
    JSON.stringify(spec, (_, value) => (typeof value === 'function' ? `${value}` : value))
  const now = new Function(`return ${handlebars().precompile(text, { ...options })}`)()
  expect(source(ahead!)).toBe(source(now))
  expect(() => handlebarsRuntime().create().template(ahead!)).not.toThrow()
  expect(compiledAhead(`${text} `, options, folder)).toBeUndefined()
  expect(compiledAhead(text, { ...options, noEscape: !options.noEscape }, folder)).toBeUndefined()
})

test.each(names.filter(name => /^strings.\w+\.yaml$/.test(name)))('%s', name => {
  const text = textOf(name)
  const words = parseCatalogue(text, name)
  const folder = keep(keepParsed(text, words))
  expect(parsedAhead(text, folder)).toEqual(words)
  expect(parsedAhead(`${text} `, folder)).toBeUndefined()
})
