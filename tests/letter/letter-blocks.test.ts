// Blocks of the editor's own: each at its place, labelled in the letter's language, in both parts, and Markdown like any other.

import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Block } from '../../src/model.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { aNewsletter, anArticle, aPublication } from '../builders.ts'
import { aLetter, aNote, anEdition, business, world } from './letter-edition.ts'

const block = (place: Block['place'], more: Partial<Block> = {}): Block => ({
  place,
  title: `Title ${place}`,
  text: `Text ${place}.`,
  advertisement: false,
  ...more,
})
const articles = [
  anArticle({ slug: 'lead', title: 'The lead', section: world }),
  anArticle({ slug: 'one', title: 'First story', section: world }),
  anArticle({ slug: 'two', title: 'Second story', section: business }),
]
const all = (['bottom', 'between', 'after-lead', 'top'] as const).map(place => block(place))

/** Where each of these is in a text: the order in which they come. */
function order(text: string, ...words: string[]): string[] {
  for (const word of words) expect(text, word).toContain(word)
  return [...words].sort((left, right) => text.indexOf(left) - text.indexOf(right))
}

test('each is at its place, in the HTML and in the text', async () => {
  const edition = anEdition(articles, {
    newsletter: aNewsletter({ blocks: all }),
    note: aNote('Dear reader.'),
  })
  const { html, text } = await aLetter(edition)
  const expected = [
    'Dear reader.',
    'Text top.',
    'The lead',
    'Text after-lead.',
    'First story',
    'Text between.',
    'Second story',
    'Text bottom.',
  ]
  for (const part of [html.slice(html.indexOf('<h1')), text])
    expect(order(part, ...expected)).toEqual(expected)
  expect(text).toContain('Title top\n')
})

test('those of the note come after those of the newsletter', async () => {
  const newsletter = aNewsletter({ blocks: [block('top', { text: 'Always.' })] })
  const note = aNote('', { blocks: [block('top', { text: 'This time.' })] })
  const { html } = await aLetter(anEdition(articles, { newsletter, note }))
  expect(order(html, 'Always.', 'This time.')).toEqual(['Always.', 'This time.'])
})

test('a letter of one section has what is between sections at its bottom, an instant one all of them', async () => {
  const short = await aLetter(
    anEdition(articles.slice(0, 2), { newsletter: aNewsletter({ blocks: [block('between')] }) }),
  )
  expect(order(short.text, 'First story', 'Text between.')).toEqual(['First story', 'Text between.'])
  const instant = await aLetter(
    anEdition(articles.slice(0, 1), {
      newsletter: aNewsletter({ every: 'article', blocks: all }),
      id: 'lead',
    }),
  )
  for (const { text } of all)
    for (const part of [instant.html, instant.text]) expect(part.split(text)).toHaveLength(2)
})

test('an advertisement says so in the language of the letter', async () => {
  const blocks = [block('top', { title: 'Tea House', advertisement: true }), block('bottom', { title: '' })]
  const german = await aLetter(anEdition(articles, { newsletter: aNewsletter({ language: 'de', blocks }) }))
  for (const part of [german.html, german.text]) expect(part).toContain('Anzeige: Tea House')
  const unnamed = await aLetter(
    anEdition(articles, {
      newsletter: aNewsletter({ blocks: [block('top', { title: '', advertisement: true })] }),
    }),
  )
  expect(unnamed.html).toContain('>Advertisement</p>')
})

test('braces and tags in a block are text, never a template', async () => {
  const blocks = [block('top', { title: '{{title}} <b>', text: '{{#each x}} <mj-raw>' })]
  const { html } = await aLetter(anEdition(articles, { newsletter: aNewsletter({ blocks }) }))
  expect(html).toContain('{{title}} &lt;b&gt;')
  expect(html).not.toContain('<mj-')
})

test('a letter without blocks is as it was', async () => {
  const [plain, empty] = [
    await aLetter(anEdition(articles)),
    await aLetter(anEdition(articles, { newsletter: aNewsletter({ blocks: [] }) })),
  ]
  const body = (html: string) => html.replace(/[0-9a-f]{12}/g, '')
  expect(body(plain.html)).toBe(body(empty.html))
})

test('a kind has a partial of the publication’s own, which knows the note’s data and the settings’ variables', async () => {
  const own = aFolder({
    'templates/partials/block-event.mjml.hbs':
      '<mj-text><p>{{label}} in {{@root.data.town}}, {{@root.variables.year}}: {{{html}}}</p></mj-text>',
  })
  const edition = anEdition(articles, {
    newsletter: aNewsletter({
      blocks: [block('top', { kind: 'event' }), block('bottom', { kind: 'other' })],
    }),
    note: aNote('', { data: { town: 'Pune' } }),
  })
  const { html } = await aLetter(edition, {
    publication: aPublication({ variables: { year: 2026 } }),
    using: openTemplates(join(own, 'templates')),
  })
  expect(html).toMatch(/Title top in Pune, 2026: <p[^>]*>Text top\./)
  expect(html).toMatch(/Title bottom<\/p><div class="prose"><p[^>]*>Text bottom\./)
})

test('one line between two things: none below the date and above the footer, one between two blocks', async () => {
  const rules = async (...places: Block['place'][]) => {
    const newsletter = aNewsletter({ blocks: places.map(place => block(place)) })
    const { html, text } = await aLetter(anEdition(articles, { newsletter, note: aNote('Dear reader.') }))
    expect(text).not.toMatch(/\* \* \*\n+(?:\* \* \*|----)/)
    return html.match(/class="rule"/g)?.length ?? 0
  }
  const none = await rules()
  expect(await rules('top')).toBe(none + 1)
  expect(await rules('bottom')).toBe(none + 1)
  expect(await rules('bottom', 'bottom')).toBe(none + 2)
  expect(await rules('after-lead')).toBe(none + 1)
  expect(await rules('between')).toBe(none + 1)
  expect(await rules('top', 'after-lead', 'after-lead', 'between', 'bottom')).toBe(none + 5)
})

test('an advertisement is labelled as its language writes it', async () => {
  const blocks = [block('top', { advertisement: true, title: 'Société X' })]
  const { html } = await aLetter(anEdition(articles, { newsletter: aNewsletter({ blocks, language: 'fr' }) }))
  expect(html).toMatch(/Publicité(?:\u00a0|&#xa0;|&#160;|&nbsp;): Société X/)
})

test('the first section keeps its label where blocks stand between it and a lead of the same section', async () => {
  const labels = async (blocks: Block[]) => {
    const { html } = await aLetter(anEdition(articles, { newsletter: aNewsletter({ blocks }) }))
    return html.split(`>${world.title}<`).length - 1
  }
  expect(await labels([])).toBe(1)
  expect(await labels([block('after-lead')])).toBe(2)
})
