// Templates that are filled without Handlebars' own compiler say what Handlebars says.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { handlebars } from '../../src/templates/handlebars.ts'
import { builtinTemplates } from '../../src/templates/open-templates.ts'
import { quickProgram } from '../../src/templates/quick-program.ts'

const partials = ['plain {{a}}{{../a}}', '{{#each items}}{{@root.a}}{{this}}\n{{/each}}', 'x\n{{b.a}}\n\n']

/** Each says what it was given. */
const say =
  (name: string) =>
  (...args: unknown[]) => {
    const options = args.pop() as { hash: object; data: { root: { a: unknown } }; loc: unknown; name: string }
    return JSON.stringify([name, options.name, args, options.hash, options.data.root.a, options.loc])
  }
const helpers = {
  t: say('t'),
  list: say('list'),
  eq: (left: unknown, right: unknown) => left === right,
  url: (value: unknown) => new (handlebars().SafeString)(`<${value}>`),
}

const engine = handlebars().create()
partials.forEach((text, at) => void engine.registerPartial(`p${at}`, text))

function byHandlebars(text: string, data: object): string {
  return engine.compile(text)(data, { helpers })
}

function quickly(text: string): HandlebarsTemplateDelegate | undefined {
  return quickProgram(engine.parse(text), name => quickly(partials[Number(name.slice(1))]!)!)
}

const path = fc.constantFrom(
  'a',
  'b',
  'b.a',
  'b.items',
  'b.b.a',
  'items',
  'list',
  'items.length',
  'this',
  'this.a',
  './b',
  '../a',
  '../../a',
  '../b.a',
  '@first',
  '@last',
  '@index',
  '@key',
  '@root.a',
  'work',
  'b.work',
  'none',
  'a.constructor.name',
  'items.map',
  '__proto__.a',
)
const value = fc.oneof(path, fc.constantFrom('"x"', '7', 'true', '(eq a 1)', '(t "k" b=a)'))
const gap = fc.constantFrom('', ' ', '\n', '\n  ', '<b>', '{{! note }}', '~')
const mustache = fc.oneof(
  path.map(name => `{{${name}}}`),
  // Behind a sign: of two numbers side by side Handlebars prints the sum.
  path.map(name => `:{{{${name}}}}`),
  fc.tuple(value, value).map(([first, second]) => `{{t ${first} n=${second}}}`),
  value.map(first => `{{~url ${first}~}}`),
  fc.constantFrom(
    '{{t}}',
    '{{> p0}}',
    '\n  {{> p1}}\n',
    '\n\t{{> p2 this}}\n',
    '{{> p0 b}}',
    '{{> p2 b a=items}}',
  ),
)
const { template } = fc.letrec<{ template: string; block: string }>(tie => ({
  template: fc
    .array(fc.oneof({ maxDepth: 3 }, gap, mustache, tie('block')), { maxLength: 4 })
    .map(parts => parts.join('')),
  block: fc
    .tuple(
      fc.constantFrom('if', 'unless', 'each', 'with'),
      value,
      tie('template'),
      fc.option(tie('template')),
      fc.boolean(),
    )
    .map(([name, about, then, otherwise, chained]) => {
      const middle = otherwise === null ? '' : chained ? `{{else if b}}${otherwise}` : `{{else}}${otherwise}`
      return `{{#${name} ${about}}}${then}${middle}{{/${name}}}`
    }),
}))
// In a loop over nothing at all, `if` makes an empty object of `this`.
const thing = fc.constantFrom<unknown>(0, 1, '', '<i>"', 'x=`y`', true, false, [], ['a', '', 0], {})
const { data } = fc.letrec<{ data: object }>(tie => ({
  data: fc.record(
    {
      a: thing,
      b: fc.oneof({ maxDepth: 3 }, thing, tie('data')),
      items: fc.oneof(
        { maxDepth: 3 },
        thing,
        fc.array(fc.oneof({ maxDepth: 3 }, thing, tie('data')), { maxLength: 3 }),
        fc.array(thing, { maxLength: 3 }).map(items => new Set(items)),
        fc.dictionary(fc.constantFrom('k', 'l', 'm'), thing),
      ),
      work: fc.constant(function (this: { a?: unknown } | null) {
        return this?.a
      }),
    },
    { requiredKeys: [] },
  ),
}))

/** Of two programs that are the same Handlebars keeps one, and with it one place for the calls of both: none are the same here. */
function numbered(text: string): string {
  let count = 0
  return text
    .replace(/\{\{(?:t|list|\{list\})\}\}/g, call => `${count++}${call}`)
    .replace(/\(t "k" b=a\)/g, () => `(t "k" ${count++} b=a)`)
    .replace(/ n=/g, () => ` ${count++} n=`)
}

test('a call tells its own place, where Handlebars tells that of another like it', () => {
  const text = '{{#if a}}{{t}}{{else}}{{t}}{{/if}}'
  expect(quickly(text)!({}, { helpers })).toContain('&quot;column&quot;:22')
  expect(byHandlebars(text, {})).toContain('&quot;column&quot;:9')
})

test('any template says of any data what Handlebars says', () => {
  let filled = 0
  fc.assert(
    fc.property(template.map(numbered), data, (text, about) => {
      let expected: string
      try {
        expected = byHandlebars(text, about)
      } catch {
        return
      }
      if (expected !== '') filled++
      expect(quickly(text)!(about, { helpers })).toBe(expected)
    }),
    { numRuns: 3000 },
  )
  expect(filled).toBeGreaterThan(1000)
})

test('nothing at all is no text, empty, and has no fields', () => {
  const text =
    '{{a}}{{{a}}}{{a.b}}{{#if a}}x{{/if}}{{#each a}}x{{else}}-{{/each}}{{#with a}}x{{/with}}{{t a n=a.b}}'
  for (const about of [{ a: null }, { a: undefined }, {}])
    expect(quickly(text)!(about, { helpers })).toBe(byHandlebars(text, about))
})

test.each([
  '{{#each items as |item|}}{{item}}{{/each}}',
  '{{lookup a "b"}}',
  '{{log a}}',
  '{{#a}}x{{/a}}',
  '{{#if a includeZero=true}}x{{/if}}',
  '{{#> p0}}x{{/p0}}',
  '{{> (lookup . "p")}}',
  '{{#*inline "x"}}y{{/inline}}',
  '{{@../index}}',
  '{{{{raw}}}}x{{{{/raw}}}}',
])('%s is for Handlebars itself', text => {
  expect(quickly(text)).toBeUndefined()
})

test.each(
  readdirSync(builtinTemplates, { recursive: true, encoding: 'utf8' }).filter(name =>
    /\.(html|css)\.hbs$/.test(name),
  ),
)('%s is filled quickly', name => {
  const tree = engine.parse(readFileSync(join(builtinTemplates, name), 'utf8'))
  expect(quickProgram(tree, () => () => '')).toBeDefined()
})
