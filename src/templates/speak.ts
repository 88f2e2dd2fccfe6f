// A language's words, and how it writes numbers → what says a word with its places filled.

import { UserError } from '../errors.ts'
import type { Words } from './template-functions.ts'

/** @param catalogue reads the words when the first is asked for @throws UserError for a word that is not among them */
export function speak(
  catalogue: () => Readonly<Record<string, string>>,
  writeNumber: (value: number) => string,
): Words {
  let words: Readonly<Record<string, string>> | undefined
  /** Of each word, what stands around its places, and between it their names. */
  const known = new Map<string, readonly string[]>()

  function partsOf(key: string): readonly string[] {
    words ??= catalogue()
    const word = words[key]
    if (word === undefined) throw new UserError(`no word for "${key}" in strings/en.yaml`)
    const parts = word.split(/\{(\w+)\}/)
    known.set(key, parts)
    return parts
  }

  return (key, values = {}) => {
    const parts = known.get(key) ?? partsOf(key)
    let text = parts[0]!
    for (let at = 1; at < parts.length; at += 2) {
      const name = parts[at]!
      const value = values[name] ?? `{${name}}`
      text += (typeof value === 'number' ? writeNumber(value) : value) + parts[at + 1]!
    }
    return text
  }
}
