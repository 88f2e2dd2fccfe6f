// TeX → MathML, by Temml; loaded by the first text that has a formula. What it makes is cleaned as HTML of the author's is.

import { createRequire } from 'node:module'
import { cleanMathml } from './clean-html.ts'

type Temml = typeof import('temml')
let temml: Temml | undefined

/** @returns undefined for what is no TeX */
export function formulaMathml(tex: string, isDisplayed: boolean): string | undefined {
  const key = `${isDisplayed} ${tex}`
  if (made.has(key)) return made.get(key)
  temml ??= createRequire(import.meta.url)('temml') as Temml
  let mathml: string | undefined
  try {
    const options: Parameters<Temml['renderToString']>[1] = {
      displayMode: isDisplayed,
      throwOnError: true,
      trust: false,
      maxExpand: 1000,
      maxSize: [10, 10],
    }
    mathml = cleanMathml(temml.renderToString(tex, options))
  } catch {
    mathml = undefined
  }
  if (made.size >= MAX_KEPT) made.clear()
  made.set(key, mathml)
  return mathml
}

/** A feed, a page and a summary ask for the same. */
const MAX_KEPT = 500
const made = new Map<string, string | undefined>()
