// Block of front matter → whatever it holds, through gray-matter with every engine that could run code taken out. Loaded
// by the first block that is not plain.

import { createRequire } from 'node:module'
import type { LoadOptions } from 'js-yaml'
import { once } from '../../base/index.ts'
import { makeYamlSchema } from './yaml-schema.ts'

const require = createRequire(import.meta.url)

const refuse = {
  parse(): never {
    throw new Error('front matter that is code is not run')
  },
}

/** @param language 'yaml', 'toml' or 'json' @throws whatever the parser of that language throws */
export function realParse(language: string, block: string): unknown {
  // Options keep gray-matter from its cache, which hands the same object to everybody who has the same text.
  return matter()(`---\n${block}\n---\n`, { language, engines }).data
}

/** @returns where in a block of YAML that cannot be parsed the value begins in which the parser stopped */
export function openValue(block: string): number {
  const open: number[] = []
  const listener = (event: string, { position }: { position: number }) =>
    event === 'open' ? open.push(position) : open.pop()
  try {
    yaml().safeLoad(block, { schema: yamlSchema(), listener } as LoadOptions)
  } catch {
    // It is asked for because the block cannot be parsed.
  }
  return open.at(-1) ?? 0
}

const engines = {
  yaml: (text: string) => yaml().safeLoad(text, { schema: yamlSchema() }) as object,
  toml: (text: string) => toml().parse(text) as object,
  json: (text: string) => JSON.parse(text) as object,
  js: refuse,
  javascript: refuse,
  coffee: refuse,
  coffeescript: refuse,
  cson: refuse,
}

const matter = once(() => require('gray-matter') as typeof import('gray-matter'))
const yaml = once(() => require('js-yaml') as typeof import('js-yaml'))
const toml = once(() => require('smol-toml') as typeof import('smol-toml'))
const yamlSchema = once(() => makeYamlSchema(yaml()))
