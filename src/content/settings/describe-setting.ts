// A problem of the settings → one sentence: the key, what it holds, what it must be, and an example of a right one.

import { stringify } from 'yaml'
import { z } from 'zod'
import { cutShort } from '../../base/index.ts'
import type { SettingsProblem } from './settings-problems.ts'
import { settingsSchema } from './settings-schema.ts'

/** 'timezone: "Mars/Phobos" is not an IANA time zone; for example: timezone: Asia/Kolkata' */
export function describeSetting({ path, message, key }: SettingsProblem, value: unknown): string {
  const name = settingName(path)
  if (key) return `${name}: ${message}`
  const found = path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  )
  const example = exampleAt(path)
  const isAddress = schemaAt(path)?.format === 'uri'
  return `${name}: ${shown(found, isAddress)} ${message}${example === undefined ? '' : `; for example: ${example}`}`
}

/** Keys that are known below a path. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  return Object.keys(schemaAt(path)?.properties ?? {})
}

/** 'newsletters.1.from': people count from 1. */
function settingName(path: readonly PropertyKey[]): string {
  return path.map(part => (typeof part === 'number' ? part + 1 : String(part))).join('.') || 'the file'
}

/** Short, and without the password of an address. */
function shown(found: unknown, isAddress: boolean): string {
  if (found === undefined) return 'is missing; it'
  const hide = (_: string, value: unknown) =>
    typeof value === 'string' ? withoutPassword(value, isAddress) : value
  return cutShort(JSON.stringify(found, hide) ?? String(found), 80)
}

/** A password may hold `@`, `/` and spaces, and the scheme may be missing: only the host behind the last `@` is shown. */
function withoutPassword(text: string, isAddress: boolean): string {
  if (isAddress) return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@')
  return text.replace(/\/\/.*@/s, '//…@')
}

type JsonSchema = {
  format?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema
  examples?: unknown[]
}

function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = z.toJSONSchema(settingsSchema, { io: 'input' }) as JsonSchema
  for (const part of path)
    schema =
      typeof part === 'number'
        ? schema?.items
        : (schema?.properties?.[String(part)] ?? schema?.additionalProperties)
  return schema
}

/** 'hubs: [ https://hub.example/ ]': of a place in a list, the whole list. */
function exampleAt(path: readonly PropertyKey[]): string | undefined {
  const last = path.findLastIndex(part => typeof part === 'string')
  const example = exampleOf(schemaAt(path.slice(0, last + 1)))
  if (example === undefined) return undefined
  const whole = last < 0 ? example : { [path[last] as string]: example }
  const flow = stringify(whole, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim()
  return last < 0 ? flow : flow.slice(1, -1).trim()
}

/** Its own; else what its members make together: those that must be there, or the first. */
function exampleOf(schema: JsonSchema | undefined): unknown {
  const { examples, items, properties, required = [] } = schema ?? {}
  if (examples?.length) return examples[0]
  if (items) return [exampleOf(items)]
  if (!properties) return undefined
  const keys = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(keys.map(key => [key, exampleOf(properties[key])]))
}
