// Templates and catalogues: what a template may call, what its mistakes look like, and that every language says everything.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load as parseYaml } from 'js-yaml'
import { afterAll, expect, test } from 'vitest'
import { builtinTemplates, fillLine, openTemplates, slotMark } from '../../src/templates/index.ts'

const own = mkdtempSync(join(tmpdir(), 'templates-'))
mkdirSync(join(own, 'partials'))
mkdirSync(join(own, 'strings'))
afterAll(() => rmSync(own, { recursive: true }))

const options = { language: 'en-IN', timezone: 'Asia/Kolkata' }
let number = 0
function render(text: string, data: object = {}, ending = 'html.hbs', language = 'en-IN'): string {
  const name = `t${number++}.${ending}`
  writeFileSync(join(own, name), text)
  return openTemplates(own).render(name, data, { ...options, language })
}

const strings = join(builtinTemplates, 'strings')
const read = (file: string) => parseYaml(readFileSync(join(strings, file), 'utf8')) as Record<string, string>
const english = read('en.yaml')

test('the languages that are shipped', () => {
  expect(readdirSync(strings).sort()).toEqual(
    ['ar', 'de', 'en', 'es', 'fr', 'hi', 'ja', 'pt', 'ur'].map(name => `${name}.yaml`),
  )
})

const BUTTON: Readonly<Record<string, RegExp>> = {
  'ar.yaml': /الزر/,
  'de.yaml': /Knopf/,
  'en.yaml': /button/i,
  'es.yaml': /botón/,
  'fr.yaml': /bouton/,
  'hi.yaml': /बटन/,
  'ja.yaml': /ボタン/,
  'pt.yaml': /botão/,
  'ur.yaml': /بٹن/,
}

test.each(readdirSync(strings))(
  '%s says that a button has to be pressed first, wherever English does',
  file => {
    const words = read(file)
    const asked = Object.keys(english).filter(key => /button/i.test(english[key]!))
    expect(asked).toContain('serve.erase_text')
    expect(asked.filter(key => !BUTTON[file]!.test(words[key]!))).toEqual([])
    expect(words['serve.leave']).toContain(words['serve.leave_button'])
    expect(words['serve.undo_text']).toContain(words['serve.undo'])
  },
)

test.each(readdirSync(strings))('%s has every word, with the placeholders of the English one', file => {
  const words = read(file)
  expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort())
  const places = (word: string) => [...new Set(word.match(/\{\w+\}/g))].sort()
  for (const [key, word] of Object.entries(words)) {
    expect(word.trim(), key).not.toBe('')
    expect(places(word), key).toEqual(places(english[key]!))
  }
})

test('every word that the source or a template asks for is in the catalogue', () => {
  const source = new URL('../../src/', import.meta.url).pathname
  const files = [source, builtinTemplates].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|hbs)$/.test(name))
      .map(name => readFileSync(join(folder, name), 'utf8')),
  )
  const asked = files.flatMap(text =>
    [...text.matchAll(/(?:words\(|\bt )['"]([a-z]+\.[a-z_.]+)['"]/g)].map(m => m[1]!),
  )
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter(key => !(key in english))).toEqual([])
})

test('a missing word is an English one; a word nobody has is an error', () => {
  const words = openTemplates(own).words('cy')
  expect(words('letter.unsubscribe')).toBe('Unsubscribe')
  expect(() => words('letter.nothing')).toThrow('no word for "letter.nothing"')
  expect(openTemplates(own).speaks('cy')).toBe(false)
  expect(openTemplates(own).speaks('de-AT')).toBe(true)
})

test('an own catalogue wins word by word', () => {
  writeFileSync(join(own, 'strings', 'en.yaml'), 'letter.note: Dear reader\n')
  const words = openTemplates(own).words('en-GB')
  expect(words('letter.note')).toBe('Dear reader')
  expect(words('letter.unsubscribe')).toBe('Unsubscribe')
})

test('numbers, dates and lists are written as the language writes them', () => {
  const at = Date.parse('2026-01-30T05:06:00+05:30')
  expect(render('{{date at}}', { at })).toBe('30 January 2026')
  expect(render('{{date at language="de"}}', { at })).toBe('30. Januar 2026')
  expect(render('{{weekday at}}', { at: { at, offset: 330 } })).toBe('Friday, 30 January 2026')
  expect(render('{{number n}}', { n: 1234567 })).toBe('12,34,567')
  expect(render('{{t "letter.minutes" minutes=n}}', { n: 1200 }, 'html.hbs', 'de')).toBe(
    '1.200 Min. Lesezeit',
  )
  expect(render('{{list names}}', { names: ['A', 'B', 'C'] }, 'html.hbs', 'es')).toBe('A, B y C')
  expect(render('{{iso at}}', { at })).toBe('2026-01-29T23:36:00.000Z')
})

test('addresses keep their equals signs, and cannot leave their attribute', () => {
  expect(render('{{url u}}', { u: 'https://e.example/?a=1&b="<>' })).toBe(
    'https://e.example/?a=1&amp;b=&quot;&lt;&gt;',
  )
})

test('HTML is escaped, plain text is not, and what data says is not a template', () => {
  expect(render('{{x}}', { x: '<b>{{y}}</b>' })).toBe('&lt;b&gt;{{y}}&lt;/b&gt;')
  expect(render('{{x}}', { x: '<b>{{y}}</b>' }, 'txt.hbs')).toBe('<b>{{y}}</b>')
})

test('slots carry the marker of the letter; elsewhere they are their fallback', () => {
  expect(render('{{reader "name" "there"}} {{slot "unsubscribe_url"}}', { marker: 'abcabcabcabc' })).toBe(
    '⟦abcabcabcabc:name|there⟧ ⟦abcabcabcabc:unsubscribe_url⟧',
  )
  expect(render('{{reader "name" "there"}}{{reader "city"}}')).toBe('there')
  expect(slotMark('a', 'name', 'x⟧|⟦y')).toBe('⟦a:name|xy⟧')
  expect(() => slotMark('a', 'na⟧me')).toThrow('cannot be a column')
})

test('own partials win, and are told from those of other endings', () => {
  writeFileSync(join(own, 'partials', 'greeting.html.hbs'), 'Hello {{name}}')
  expect(render('{{> greeting name="you"}}')).toBe('Hello you')
})

test.each([
  ['a\n{{#if x}}', ':2: '],
  ['a\n\n{{nothing x}}', ':3: there is no helper "nothing"'],
  ['{{#nothing x}}{{/nothing}}', ':1: there is no helper "nothing"'],
  ['{{> nowhere}}', ':1: there is no partial "nowhere" in templates/partials/'],
  ['a\n{{t "no.word"}}', 'no word for "no.word"'],
  ['a\n{{date x}}', ':2: {{date}}: '],
])('the mistake in %j names file and line', (text, message) => {
  const file = join(own, `t${number}.html.hbs`)
  expect(() => render(text)).toThrow(message)
  if (message.startsWith(':')) {
    number -= 1
    expect(() => render(text)).toThrow(`template ${file}${message}`)
  }
})

test('in letters a name that the data does not have is an error, in a partial that of the partial', () => {
  expect(render('{{missing}}')).toBe('')
  expect(() => render('a\n{{missing}}', {}, 'txt.hbs')).toThrow(/t\d+\.txt\.hbs:2: there is no missing$/)
  writeFileSync(join(own, 'partials', 'bad.txt.hbs'), '\n\n{{missing}}')
  expect(() => render('{{> bad}}', {}, 'txt.hbs')).toThrow(/partials\/bad\.txt\.hbs:3: there is no missing$/)
})

test('in letters the names that there are stand in the message', () => {
  const edition = { id: 'a', lead: undefined, articles: [{ title: 'x' }, { title: 'y', url: 'z' }] }
  expect(() => render('{{edition.nope}}', { edition }, 'txt.hbs')).toThrow(
    /txt\.hbs:1: there is no edition\.nope; edition has id, lead, articles$/,
  )
  expect(() => render('{{editon.id}}', { edition, note: '' }, 'txt.hbs')).toThrow(
    /:1: there is no editon, did you mean edition\? there are edition, note$/,
  )
  const loop = '{{#if note}}{{other}}{{/if}}\n{{#each edition.articles}}{{title}}{{titel}}{{/each}}'
  expect(() => render(loop, { edition, note: '' }, 'txt.hbs')).toThrow(
    /:2: there is no titel, did you mean title\? there are title, url$/,
  )
})

test.each(['\\{{name}}', '%%name%%', '*|FNAME|*', '[[unsubscribe]]', '⟦x:name⟧'])(
  'nothing fills %s in',
  token => {
    expect(() => render(`a\n\nb ${token}`, {}, 'txt.hbs')).toThrow(/txt\.hbs:3: nothing fills .* in/)
  },
)

test('no template reaches a prototype or runs code', () => {
  expect(render('{{constructor}}{{__proto__}}{{x.constructor.name}}', { x: [] })).toBe('')
  expect(() => render('{{lookup x "constructor"}}', { x: [] })).not.toThrow()
})

test('a template that is nowhere', () => {
  expect(() => openTemplates(own).read('nowhere.hbs')).toThrow('template nowhere.hbs does not exist')
})

test('one line out of the settings', () => {
  expect(
    fillLine('{{a.b}} & {{reader "name" "you"}}', { a: { b: '<x>' } }, 'subject', (_, fallback) => fallback),
  ).toBe('<x> & you')
  expect(() => fillLine('{{#if a}}', {}, 'subject of x', String)).toThrow('subject of x: ')
})

test('a link of a caption is none in the credit, nor in a part of a word', () => {
  const links = [
    { text: 'map', of: 'The bitmap and the map of Bern', at: 19, url: 'https://m.example/?a=1&b=2' },
    { text: 'Bern', of: 'Archive of Bern', at: 11, url: 'https://b.example/' },
  ]
  const text =
    '{{linked caption links}} {{linked (t "feed.picture_credit" name=credit) links}} {{linked other links}}'
  const data = {
    caption: 'The bitmap and the map of Bern',
    credit: 'Archive of Bern',
    other: 'map, Bern',
    links,
  }
  expect(render(text, data)).toBe(
    'The bitmap and the <a href="https://m.example/?a=1&amp;b=2">map</a> of Bern Picture: Archive of <a href="https://b.example/">Bern</a> map, Bern',
  )
  expect(
    render('{{linked caption links}}', {
      caption: 'A map',
      links: [{ text: 'map', url: 'https://m.example/' }],
    }),
  ).toBe('A <a href="https://m.example/">map</a>')
})
