// A tree that was kept is the tree that parsing makes, and is that of no other text.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Handlebars } from '../../src/templates/handlebars.ts'
import { templateTree, treeName } from '../../src/templates/template-tree.ts'
import { aFolder } from '../a-folder.ts'

const templates = new URL('../../templates/', import.meta.url).pathname
const names = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.hbs'),
)
const never = () => {
  throw new Error('parsed')
}

test.each(names)('%s', name => {
  const folder = join(aFolder(), 'trees')
  const text = readFileSync(join(templates, name), 'utf8')
  const tree = Handlebars.parse(text)
  mkdirSync(folder)
  writeFileSync(join(folder, treeName(text)), JSON.stringify(tree))
  expect(templateTree(text, never, folder)).toEqual(tree)
  expect(() => templateTree(`${text} `, never, folder)).toThrow('parsed')
})
