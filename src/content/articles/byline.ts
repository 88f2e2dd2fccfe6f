// `author:` / `authors:` in any of its shapes → the authors, by their file where they have one.

import { oneLine } from '../../base/index.ts'
import type { Author, Picture, SocialLink } from '../../model.ts'
import { type Draft, quote, scalar } from './article-context.ts'
import { webAddress } from './web-address.ts'

type Photo = (fields: { readonly src: string; readonly alt?: string | undefined }) => Picture | undefined

/** A text is one author, whatever commas it holds; a list is several. */
export function byline(draft: Draft, photo: Photo): Author[] {
  const value = draft.values.authors
  if (value === undefined) return []
  const authors = (Array.isArray(value) ? value : [value]).flatMap(item => {
    const author = authorOf(item, draft, photo)
    if (!author)
      draft.problem(
        'authors',
        'warning',
        'article-author',
        `${quote(item)} names nobody`,
        'Write a name, or the id of authors/<id>.md.',
      )
    return author ?? []
  })
  return authors.filter(
    (author, at) => authors.findIndex(other => other.name === author.name && other.id === author.id) === at,
  )
}

function authorOf(value: unknown, draft: Draft, photo: Photo): Author | undefined {
  const text = scalar(value)
  if (text !== undefined) {
    const name = oneLine(text)
    return (
      draft.authors.get(name.normalize().toLowerCase()) ??
      (name ? { name, social: [], biography: '' } : undefined)
    )
  }
  if (typeof value !== 'object' || value === null) return undefined
  const fields = value as Record<string, unknown>
  const name = oneLine(scalar(fields.name) ?? scalar(fields.id) ?? '')
  const known = draft.authors.get(
    oneLine(scalar(fields.id) ?? name)
      .normalize()
      .toLowerCase(),
  )
  if (!name && !known) return undefined
  const given = authorFields(fields, photo)
  return { ...(known ?? { social: [], biography: '' }), ...given, name: name && !known ? name : known!.name }
}

/** What front matter says of a person besides the name; only what is there. */
export function authorFields(fields: Readonly<Record<string, unknown>>, photo: Photo): Partial<Author> {
  const first = (...keys: string[]) => keys.map(key => scalar(fields[key])).find(text => text !== undefined)
  const role = first('role', 'title', 'job_title', 'jobTitle')
  const url = webAddress(first('url', 'website', 'link', 'uri') ?? '')?.href
  const email = first('email', 'mail')
  const shown = photoFields(fields.photo ?? fields.picture ?? fields.image ?? fields.avatar)
  const picture = shown && photo(shown)
  const social = socialLinks(fields.social)
  return {
    ...(role === undefined ? {} : { role: oneLine(role) }),
    ...(url === undefined ? {} : { url }),
    ...(email === undefined ? {} : { email: oneLine(email) }),
    ...(picture === undefined ? {} : { photo: picture }),
    ...(social.length === 0 ? {} : { social }),
  }
}

/** A path or an address, or `{ src, alt }`. */
function photoFields(value: unknown): { src: string; alt?: string } | undefined {
  if (typeof value !== 'object' || value === null) {
    const src = scalar(value)
    return src === undefined ? undefined : { src }
  }
  const { src, url, alt } = value as Record<string, unknown>
  const path = scalar(src) ?? scalar(url)
  const text = scalar(alt)
  return path === undefined ? undefined : { src: path, ...(text === undefined ? {} : { alt: text }) }
}

/** A list of `{ name, url }`, a list of addresses, or `name: address` lines. */
export function socialLinks(value: unknown): SocialLink[] {
  if (typeof value === 'string') return link(undefined, value)
  if (Array.isArray(value))
    return value.flatMap(item =>
      typeof item === 'string' ? link(undefined, item) : link(item?.name, item?.url),
    )
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, url]) => link(name, url))
}

function link(name: unknown, address: unknown): SocialLink[] {
  const url = webAddress(scalar(address)?.trim() ?? '')
  if (!url) return []
  return [{ name: oneLine(scalar(name) ?? url.hostname.replace(/^www\./, '')), url: url.href }]
}
