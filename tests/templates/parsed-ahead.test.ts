// A tree that was kept is the tree that parsing makes, and is that of no other text.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { handlebars } from '../../src/templates/handlebars.ts'
import { parsedAhead, parsedName } from '../../src/templates/parsed-ahead.ts'
import { aFolder } from '../a-folder.ts'

const templates = new URL('../../templates/', import.meta.url).pathname
const names = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.hbs'),
)
const never = () => {
  throw new Error('parsed')
}

test.each(names)('%s', name => {
  const folder = join(aFolder(), 'parsed')
  const text = readFileSync(join(templates, name), 'utf8')
  const tree = handlebars().parse(text)
  mkdirSync(folder)
  writeFileSync(join(folder, parsedName(text)), JSON.stringify(tree))
  expect(parsedAhead(text, never, folder)).toEqual(tree)
  expect(() => parsedAhead(`${text} `, never, folder)).toThrow('parsed')
})
