// A subject that says nothing but known names is judged without the engine.

import { expect, test, vi } from 'vitest'
import { lineProblem } from '../../src/templates/index.ts'

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
