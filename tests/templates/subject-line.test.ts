// A subject that says nothing but known names is judged without the engine.

import { expect, test, vi } from 'vitest'
import { fillLine, lineProblem } from '../../src/templates/index.ts'

vi.mock('../../src/templates/handlebars.ts', async original => ({
  ...(await original<object>()),
  handlebars: () => {
    throw new Error('the engine was loaded')
  },
}))

test.each(['News', '{{edition.lead.title}}', '{{publication.title}}: {{edition.lead.section.title}}'])(
  '%s',
  line => {
    expect(lineProblem(line)).toBeUndefined()
  },
)

test.each(['{{edition.titel}}', '{{{edition.id}}', '\\{{edition.id}}', '{{edition.articles.length}}'])(
  '%s needs it',
  line => {
    expect(lineProblem(line)).toContain('the engine was loaded')
  },
)

test.each([
  ['News', 'News'],
  ['{{publication.title}}: {{edition.lead.title}}!', 'Tea & <cake>: It\'s $& "so"!'],
  ['{{edition.id}}{{edition.lead.summary}}', '7'],
])('%s is filled without it', (line, expected) => {
  const data = {
    edition: { id: 7, lead: { title: 'It\'s $& "so"', summary: null } },
    publication: { title: 'Tea & <cake>' },
  }
  expect(fillLine(line, data, 'subject', () => '')).toBe(expected)
})
