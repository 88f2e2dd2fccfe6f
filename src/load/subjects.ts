// `section`, `category`, `tags`, `categories`, `keywords` → at most one section, and the tags.

import { oneLine } from '../clean-text.ts'
import type { Section } from '../model.ts'
import { toSlug } from './article-address.ts'
import { type Draft, quote, scalar } from './article-context.ts'
import { didYouMean } from './did-you-mean.ts'

export function articleSection(draft: Draft): Section | undefined {
  const named = one(draft.value('section'))
  if (named === undefined) {
    const category = one(draft.value('category'))
    return category === undefined ? undefined : draft.sections.get(category.toLowerCase())
  }
  const section = draft.sections.get(named.toLowerCase())
  if (section) return section

  const known = draft.publication.sections.map(({ slug }) => slug)
  if (known.length > 0) {
    const meant = didYouMean(named, known)
    draft.problem(
      'section',
      'warning',
      'unknown-section',
      `section ${quote(named)} is not among the settings' sections`,
      meant ? `Did you mean "${meant}"?` : `Use one of ${known.join(', ')}, or add it to publication.yaml.`,
    )
  }
  const slug = toSlug(named.toLowerCase())
  return slug ? { slug, title: titleOf(named) } : undefined
}

/** Tags and categories together, as Jekyll's users mean them; keywords, which are written for search engines, only without. */
export function articleTags(draft: Draft, section: Section | undefined): string[] {
  const category = list(draft.value('category')).filter(
    name => !section || draft.sections.get(name.toLowerCase())?.slug !== section.slug,
  )
  const named = [...list(draft.value('tags')), ...list(draft.value('categories')), ...category]
  const tags = new Map<string, string>()
  for (const tag of named.length > 0 ? named : list(draft.value('keywords')))
    if (!tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag)
  return [...tags.values()]
}

/** A list, or text with commas. */
export function list(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap(item => oneLine(scalar(item) ?? '').normalize() || [])
  return (scalar(value) ?? '').split(',').flatMap(item => oneLine(item).normalize() || [])
}

function one(value: unknown): string | undefined {
  const text = oneLine(scalar(Array.isArray(value) ? value[0] : value) ?? '').normalize()
  return text || undefined
}

/** 'world' → 'World', 'long-reads' → 'Long reads'; what was written with capitals or spaces stays. */
function titleOf(name: string): string {
  if (/[\s\p{Lu}]/u.test(name)) return name
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
