// What texts refer to → a record of every answer they got, by which it can be told later whether they would look the same:
// the article behind a link may have moved since, a picture may have come or gone.

import type { OwnFiles } from '../content/index.ts'
import type { Resolve } from './references.ts'

/** One question and its answer: folder, URL of the base, reference, answer. */
export type Asked = readonly [folder: string, url: string, reference: string, answer: string]

export interface Traces {
  /** The same as the resolver, remembering for a text what it asked. @param text any name for it */
  resolveFor(text: string): Resolve
  /** Told whenever somebody wants something of a text. */
  touch(text: string): void
  /** Begins to listen. @returns what ends it, and tells what was asked by all texts that were touched meanwhile */
  watch(): () => Asked[]
  /** Whether every question would be answered the same today. */
  holds(asked: readonly Asked[]): boolean
}

export function traceReferences(resolve: Resolve, ownFiles: OwnFiles): Traces {
  const askedBy = new Map<string, Map<string, Asked>>()
  let touched: Set<string> | undefined

  function write(found: ReturnType<Resolve>): string {
    return found ? JSON.stringify([found.url, found.file, found.file && ownFiles.measure(found.file)]) : ''
  }

  return {
    resolveFor(text) {
      return (reference, base) => {
        const found = resolve(reference, base)
        if (!isElsewhere(reference)) {
          const known = askedBy.get(text) ?? new Map<string, Asked>()
          askedBy.set(text, known)
          const key = `${base.folder}\0${base.url}\0${reference}`
          if (!known.has(key)) known.set(key, [base.folder, base.url, reference, write(found)])
        }
        return found
      }
    },
    touch: text => void touched?.add(text),
    watch() {
      const before = touched
      const mine = new Set<string>()
      touched = mine
      return () => {
        touched = before
        return [...mine].flatMap(text => [...(askedBy.get(text)?.values() ?? [])])
      }
    },
    holds: asked =>
      asked.every(([folder, url, reference, was]) => write(resolve(reference, { folder, url })) === was),
  }
}

/** Whole addresses and places in the text itself mean the same whatever the folder holds. */
function isElsewhere(reference: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|[\\/]{2}|#)/i.test(reference)
}
