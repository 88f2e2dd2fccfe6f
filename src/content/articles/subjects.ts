// `section`, `category`, `tags`, `categories`, `keywords` → at most one section, and the tags.

import { didYouMean, oneLine } from '../../base/index.ts'
import type { Section } from '../../model.ts'
import { toSlug } from './article-address.ts'
import { type Draft, quote, scalar } from './article-context.ts'

export function articleSection(draft: Draft): Section | undefined {
  const named = one(draft.values.section)
  if (named === undefined) {
    const category = one(draft.values.category)
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
  const { tags, categories, category, keywords } = draft.values
  let named = list(tags)
  if (categories !== undefined) named.push(...list(categories))
  if (category !== undefined)
    for (const name of list(category))
      if (!section || draft.sections.get(name.toLowerCase())?.slug !== section.slug) named.push(name)
  if (named.length === 0) named = list(keywords)
  if (named.length < 2) return named
  const known = new Set<string>()
  return named.filter(tag => known.size < known.add(tag.toLowerCase()).size)
}

/** A list, or text with commas. */
export function list(value: unknown): string[] {
  if (value === undefined || value === null) return []
  const found: string[] = []
  for (const item of Array.isArray(value) ? value : (scalar(value) ?? '').split(',')) {
    const name = oneLine(scalar(item) ?? '').normalize()
    if (name) found.push(name)
  }
  return found
}

function one(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = oneLine(scalar(Array.isArray(value) ? value[0] : value) ?? '').normalize()
  return text || undefined
}

/** 'world' → 'World', 'long-reads' → 'Long reads'; what was written with capitals or spaces stays. */
function titleOf(name: string): string {
  if (/[\s\p{Lu}]/u.test(name)) return name
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
