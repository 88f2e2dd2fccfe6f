// A letter's template written out as one function says what Handlebars makes of it, for whatever a letter may have; and where it
// has less to say, Handlebars is asked.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { editionsOf } from '../../src/edition/due-editions.ts'
import { renderLetter } from '../../src/letter/letter.ts'
import { openPictureCache, preparePictures } from '../../src/letter/prepare-pictures.ts'
import type { SectionLayout } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import {
  fillerOf,
  INLINED,
  type InlinedTemplate,
  inlinedAhead,
  inlineTemplate,
} from '../../src/templates/fast/inlined-templates.ts'
import { handlebarsRuntime } from '../../src/templates/handlebars.ts'
import { Languages, templateFunctions } from '../../src/templates/languages.ts'
import { markOrigins, openTemplates, type Templates } from '../../src/templates/open-templates.ts'
import { builtinTemplates, TemplateFiles } from '../../src/templates/template-files.ts'
import { aFolder } from '../a-folder.ts'
import { aLoaded, aNewsletter, aRenderer } from '../builders.ts'
import { aNote, anEdition, someArticles } from './letter-edition.ts'
import { loaded as demo, now, root } from './the-demo.ts'

const files = new TemplateFiles(builtinTemplates)
const read = (file: string) => markOrigins(files.read(file).text, file)
const languages = new Languages(language => files.catalogue(language))
const { escapeExpression } = handlebarsRuntime()
const scripts = [...INLINED].map(name => [name, inlineTemplate(name, read, files.partials())] as const)
const fillers = new Map(scripts.map(([name, { source }]) => [name, fillerOf(evaluated(source))] as const))

function evaluated(source: string): InlinedTemplate {
  const module = {} as { exports: InlinedTemplate }
  new Function('module', source)(module)
  return module.exports
}

/** Templates that fill those of letters both ways. */
function comparing(counts: Map<string, number>, own = 'nowhere'): Templates {
  const templates = openTemplates(own)
  return {
    ...templates,
    render(name, data, options) {
      const made = templates.render(name, data, options)
      const helpers = templateFunctions(languages, options)
      const inlined = fillers.get(name)?.(data, { helpers, escape: escapeExpression })
      if (inlined) {
        // Of white space in MJML nothing but that it is there matters.
        const shown = (text: string) => (name.includes('.mjml.') ? text.replace(/\s+/g, ' ') : text)
        expect(shown(inlined)).toBe(shown(made))
        counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      return made
    },
  }
}

test('the letters of the demo', async () => {
  const counts = new Map<string, number>()
  const templates = comparing(counts)
  const renderer = createRenderer(demo)
  let editions = 0
  for (const newsletter of demo.publication.newsletters)
    for (const edition of editionsOf(demo, newsletter, now)) {
      const { pictures } = await preparePictures(edition, demo, renderer, openPictureCache(root))
      await renderLetter(edition, demo, renderer, templates, pictures)
      editions++
    }
  for (const name of INLINED) expect(counts.get(name), name).toBeGreaterThanOrEqual(editions)
})

test.each<NonNullable<SectionLayout['layout']>>(['hero', 'cards', 'list', 'columns', 'headlines'])(
  'sections as %s, with a note, blocks and another language',
  async layout => {
    const counts = new Map<string, number>()
    const articles = someArticles()
    const newsletter = aNewsletter({
      language: 'ur',
      layouts: { world: { layout, limit: 1 }, business: { layout } },
      blocks: [
        { place: 'top', title: '', text: 'Hello', advertisement: false },
        { place: 'between', title: 'T', text: '<b>x</b>', advertisement: true },
      ],
    })
    const edition = anEdition(articles, {
      newsletter,
      note: aNote('Dear {{reader "name" "all"}},\n\nhello.'),
    })
    await renderLetter(edition, aLoaded(articles), aRenderer(), comparing(counts))
    expect([...counts.keys()].sort()).toEqual([...INLINED].sort())
  },
)

test('is that of these very texts, and gives nothing where a name is missing', () => {
  const folder = join(aFolder(), 'ahead')
  mkdirSync(folder)
  // As in the bundle, whose scripts are CommonJS.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  for (const [name, { name: file, source }] of scripts) {
    writeFileSync(join(folder, file), source)
    const fill = inlinedAhead(name, read, files.partials(), folder)
    expect(fill?.({}, { helpers: {}, escape: escapeExpression })).toBe('')
    const changed = (file: string) => (file.includes('letter-') ? `${read(file)} ` : read(file))
    expect(inlinedAhead(name, changed, files.partials(), folder)).toBeUndefined()
  }
})

test('a partial of the own for a kind of block is left to Handlebars', async () => {
  const counts = new Map<string, number>()
  const dir = aFolder({ 'templates/partials/block-event.mjml.hbs': '<mj-text>Our {{label}}</mj-text>' })
  const block = { place: 'top', title: 'Fair', text: 'Hello', advertisement: false, kind: 'event' } as const
  const edition = anEdition(someArticles(), { newsletter: aNewsletter({ blocks: [block] }) })
  const templates = comparing(counts, join(dir, 'templates'))
  const { html } = await renderLetter(edition, aLoaded(edition.articles), aRenderer(), templates)
  expect(html).toContain('Our Fair')
  expect([...counts.keys()]).toEqual(['letter.txt.hbs'])
})
