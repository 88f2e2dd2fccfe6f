// What one article is read with: its folder's settings, and where its problems go.

import { cutShort, type Zone } from '../../base/index.ts'
import type { Author, Diagnostic, Publication, Section } from '../../model.ts'
import type { OwnFiles } from '../publication-files.ts'
import type { Field, Misspelt, Values } from './fields.ts'

/** The same for every article of a folder. */
export interface LoadContext {
  readonly publication: Publication
  readonly zone: Zone
  /** Slug and title, in small letters → section. */
  readonly sections: ReadonlyMap<string, Section>
  /** Id and name, in small letters → author. */
  readonly authors: ReadonlyMap<string, Author>
  readonly ownFiles: OwnFiles
  readonly now: number
}

export type Fault = Field | { readonly key: string } | number

export type Severity = Diagnostic['severity']

/** One article, note or author file being read. */
export interface Draft extends LoadContext {
  /** Relative to the publication's folder. */
  readonly file: string
  /** As they stand in the front matter. */
  readonly values: Values
  /** What is none of the fields. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly misspelt: readonly Misspelt[]
  /** How many have been told. */
  errors: number
  /** @param at the field at fault, a key as it stands in the file, or a line of it */
  problem(at: Fault, severity: Severity, rule: string, message: string, advice: string): void
}

/** Whatever a field holds, as text for a message: short, on one line. */
export function quote(value: unknown): string {
  let text: string | undefined
  try {
    text = typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    text = String(value)
  }
  text = (text ?? String(value)).replace(/\s+/g, ' ')
  const short = cutShort(text, 80)
  // Lists and tables have quotes of their own.
  return typeof value === 'object' ? short : `"${short}"`
}

/** Text of a scalar on one line, or undefined for a list, an object, true, false and nothing. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}
