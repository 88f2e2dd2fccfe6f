// Fields that hold another kind of thing than they are for → a warning for each: nothing is read of them.

import { type Draft, quote, scalar } from './article-context.ts'
import { type Field, truth } from './fields.ts'

/** Field that is one text → what right looks like. */
const TEXTS = {
  summary: 'summary: The harbour reopens after ten years.',
  place: 'place: New Delhi',
  slug: 'slug: harbour-reopens',
  id: 'id: tag:meridian.example,2026:harbour',
} as const satisfies Partial<Record<Field, string>>

const LISTS = ['tags', 'categories', 'keywords'] as const

/** What other tools mean by true and false in these places is theirs: only lists and tables are surely wrong. */
export function tellWrongKinds(draft: Draft): void {
  const { values } = draft
  for (const field in TEXTS)
    if (typeof values[field as keyof typeof TEXTS] === 'object')
      tell(draft, field as Field, 'not text', TEXTS[field as keyof typeof TEXTS])
  for (const field of LISTS)
    if (typeof values[field] === 'object' && !Array.isArray(values[field]))
      tell(draft, field, 'not a list', `${field}: [harbour, budget]`)
  const { section, direction } = values
  if (typeof section === 'object' && !(Array.isArray(section) && section.length === 1))
    tell(draft, 'section', 'not one name', 'section: world')
  if (typeof values.authors === 'number') tell(draft, 'authors', 'not a name', 'authors: [Anna Berg]')
  if (direction !== undefined && !/^(?:rtl|ltr|auto)$/i.test(scalar(direction)?.trim() ?? ''))
    draft.problem(
      'direction',
      'warning',
      'article-direction',
      `direction: ${quote(direction)} is neither rtl nor ltr`,
      'Write `direction: rtl` or `direction: ltr`, or leave it out: it follows from the language.',
    )
}

function tell(draft: Draft, field: Field, whatFor: string, example: string): void {
  const value = draft.values[field]
  const rule = field === 'authors' ? 'article-author' : `article-${field}`
  draft.problem(
    field,
    'warning',
    rule,
    `${field}: ${quote(value)} is ${kindOf(value)}, ${whatFor}`,
    `Write \`${example}\``,
  )
}

/** 'a list', for a message. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a table of keys and values' : `a ${typeof value}`
}

/** What is neither yes nor no is taken for yes: better held back than let out. */
export function heldBack(draft: Draft, field: 'draft' | 'unlisted'): boolean {
  const value = draft.values[field]
  if (value === undefined) return false
  const answer = truth(value)
  if (answer === undefined)
    draft.problem(
      field,
      'warning',
      `article-${field}`,
      `${field}: ${quote(value)} is neither true nor false; taken for ${field === 'draft' ? 'a draft' : 'unlisted'}`,
      `Write \`${field}: true\` or \`${field}: false\`.`,
    )
  return answer ?? true
}
