// The authors' files → the authors, by id and by every name an article may call them; and `author:` / `authors:` of an
// article, in any of its shapes → those who wrote it.

import { oneLine } from '../../base/index.ts'
import type { Author, Diagnostic, Picture, SocialLink } from '../../model.ts'
import { ARTICLE_EXTENSION, authorTables } from '../list-folder.ts'
import { readFile } from '../read-file.ts'
import { webAddress, withoutNoteLinks } from '../text-values.ts'
import { folderOf, type ReferenceBase, readPicture } from './media.ts'
import { parseFrontMatter } from './parse-front-matter.ts'
import {
  type FrontMatter,
  type LoadContext,
  quote,
  readFrontMatter,
  scalar,
  warn,
} from './read-front-matter.ts'

export interface Authors {
  /** By id. */
  readonly authors: ReadonlyMap<string, Author>
  /** By id and name, in small letters. */
  readonly byName: ReadonlyMap<string, Author>
  readonly authorProblems: readonly Diagnostic[]
  /** Whether they are the very objects of the earlier load, and so are the articles' bylines. */
  readonly isUnchanged: boolean
}

/** @param earlier those of an earlier load, which are kept where nothing about them changed */
export function loadAuthors(
  root: string,
  paths: readonly string[],
  context: LoadContext,
  earlier: Pick<Authors, 'authors' | 'authorProblems'> | undefined,
): Authors {
  const authors = new Map<string, Author>()
  const problems: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => void problems.push(diagnostic)
  for (const path of paths) {
    const author = readFile(root, path, (name, text) => readAuthor(name, text, context, report), report)
    if (author) authors.set(author.id, author)
  }
  for (const path of authorTables(root)) {
    const read = ARTICLE_EXTENSION.test(path)
      ? (name: string, text: string) => [readAuthor(name, text, context, report)]
      : (name: string, text: string) => readAuthorTable(name, text, context, report)
    for (const author of readFile(root, path, read, report) ?? [])
      if (author && !authors.has(author.id)) authors.set(author.id, author)
  }
  const read = { authors, authorProblems: problems }
  const isUnchanged = earlier !== undefined && serialize(read) === serialize(earlier)
  const kept = isUnchanged ? earlier : read
  return { ...kept, byName: authorsByName(kept.authors), isUnchanged }
}

function serialize({ authors, authorProblems }: Pick<Authors, 'authors' | 'authorProblems'>): string {
  return JSON.stringify([[...authors], authorProblems])
}

/** `ann: { name: Ann Lee, title: Editor, image_url: … }`; in a file of one author, her fields alone. */
function readAuthorTable(
  file: string,
  text: string,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): (Author & { id: string })[] {
  const parsed = parseFrontMatter(file.endsWith('.json') ? 'json' : 'yaml', text)
  const problem = (severity: 'error' | 'warning', message: string, advice: string, line = 1) =>
    report({ file, line, rule: 'author-file', severity, message, advice })
  if ('message' in parsed) {
    problem('warning', `is not read: ${parsed.message}`, 'Correct that line.', parsed.line)
    return []
  }
  const { url } = context.publication
  const photo = (shown: { readonly src: string; readonly alt?: string | undefined }) =>
    readPicture(shown, { from: '', base: url, url, ownFiles: context.ownFiles, problem })
  const named = file.startsWith('data/authors/')
    ? [[file.replace(/^.*\/|\.\w+$/g, ''), parsed.fields] as const]
    : Object.entries(parsed.fields)
  return named.flatMap(([id, value]) => {
    if (typeof value !== 'object' || value === null) return []
    const fields = value as Record<string, unknown>
    const name = oneLine(scalar(fields.name) ?? scalar(fields.display_name) ?? '') || id
    const biography = scalar(fields.bio) ?? scalar(fields.description) ?? ''
    return {
      social: [],
      ...authorFields(fields, photo),
      id: id.normalize(),
      name,
      biography: biography.trim(),
    }
  })
}

/** An id rules over a name. */
function authorsByName(authors: ReadonlyMap<string, Author>): Map<string, Author> {
  const names = new Map([...authors.values()].map(author => [author.name.normalize().toLowerCase(), author]))
  for (const author of authors.values()) names.set(author.id!.toLowerCase(), author)
  return names
}

/** `authors/<id>.md`, `data/authors/<id>.mdx` → an author: front matter, and the biography as body. */
function readAuthor(
  file: string,
  text: string,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): (Author & { id: string }) | undefined {
  const read = readFrontMatter(file, text, context, report, { optional: true })
  if (!read) return undefined
  const { fields, content } = read
  const { url } = context.publication
  const id = file
    .replace(/^(?:articles|data)\/authors\//, '')
    .replace(ARTICLE_EXTENSION, '')
    .normalize()
  const problem = (severity: 'error' | 'warning', message: string, advice: string) =>
    report({ file, line: 1, rule: 'author-file', severity, message, advice })

  const name = oneLine(scalar(fields.name) ?? '')
  if (!name) problem('warning', `has no name; "${id}" is used`, 'Add `name: World Desk` to its front matter.')
  const photo = (fields: { readonly src: string; readonly alt?: string | undefined }) =>
    readPicture(
      { alt: name || id, ...fields },
      {
        from: file.startsWith('data/') ? '' : 'authors',
        base: url,
        url,
        ownFiles: context.ownFiles,
        problem,
      },
    )
  return { social: [], ...authorFields(fields, photo), id, name: name || id, biography: content.body.trim() }
}

/**
 * Those who wrote an article, by their file where they have one. Text is one author, or several with commas and an "and"
 * between them, or links of Markdown.
 */
export function articleAuthors(front: FrontMatter): Author[] {
  const value = front.values.authors
  if (value === undefined) return []
  const photo = photoReader(front)
  const items = (Array.isArray(value) ? value : [value]).flatMap(item =>
    typeof item === 'string' && !front.authors.has(oneLine(item).normalize().toLowerCase())
      ? splitNames(withoutNoteLinks(item))
      : [item],
  )
  if (items.length > MAX_AUTHORS) {
    const message = `has ${items.length} authors: those after the first ${MAX_AUTHORS} are left out`
    front.problem(
      'authors',
      'warning',
      'field-length',
      message,
      'Name the first, and all of them in the text.',
    )
  }
  const authors = items.slice(0, MAX_AUTHORS).flatMap(item => {
    const author = authorOf(item, front, photo)
    if (!author)
      warn(front, 'authors', `${quote(item)} names nobody`, 'Write a name, or the id of authors/<id>.md.')
    return author ?? []
  })
  const single =
    authors.length === 1 && typeof value === 'string'
      ? [withFieldsBeside(authors[0]!, front, photo)]
      : authors
  return single.filter(
    (author, at) => single.findIndex(other => other.name === author.name && other.id === author.id) === at,
  )
}

/** Each may have feeds and a page of its own, and every item of them names them all. */
const MAX_AUTHORS = 200

/** "Ann Lee, Bob Roy and Cy Young"; `[Ann](https://a.example) (Org), Bob (Org)`; but "Smith, Jones and Sons", "Lee, Ann". */
function splitNames(text: string): unknown[] {
  if (!/[,;&[]|\sand\s/i.test(text)) return [text]
  // "Lee, Ann; Roy, Bob", as Pelican and lists of books have it.
  if (/^[^;,()[\]]+,[^;,()[\]]+(?:;[^;,()[\]]+,[^;,()[\]]+)+$/.test(text)) return text.split(';')
  const parts = partsOf(text.trim())
  const people = parts.map(part => PERSON.exec(part))
  const isMarked = people.some(
    person => person?.[1] !== undefined || (parts.length > 1 && person?.[4] !== undefined),
  )
  if (isMarked && people.every(person => person !== null))
    return people.map(person => {
      const [, linked, url, plain, role] = person!
      return { name: linked ?? plain, ...(url && { url }), ...(role && { role }) }
    })
  if (
    /\b(?:sons|co|inc|ltd|llc|gmbh|partners|company|associates|team|staff|jr|sr|ph\.?d|m\.?d|iii?)\b/i.test(
      text,
    )
  )
    return [text]
  const isList =
    parts.length > 1 &&
    parts.every(part => /^[\p{L}\p{M}.'’\- ]+$/u.test(part) && part.split(' ').length <= 5)
  // "Lee, Ann" is one person; "Ann Lee, Bob Roy" and "Ann and Bob" are two.
  const isTurnedName = parts.length === 2 && text.includes(',') && parts.some(part => !part.includes(' '))
  return isList && !isTurnedName ? parts : [text]
}

/** A name, with a link to whoever it is, and what he or she is in brackets. */
const PERSON =
  /^(?:\[([^[\]]+)\]\(\s*<?([^()\s<>]+)>?[^()]*\)|\*{0,2}([\p{L}\p{M}\p{N}.'’\- ]{1,60}?)\*{0,2})(?:\s*\(([^()]*)\))?$/u

/** At commas and the like, and at "and", but not in brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let start = 0
  for (const found of text.matchAll(
    /\[[^[\]]*\]\([^()]*\)|\([^()]*\)|\s*[,;]\s*(?:(?:and|&)\s+)?|\s+(?:and|&)\s+/gi,
  )) {
    if (/^[[(]/.test(found[0])) continue
    parts.push(text.slice(start, found.index))
    start = found.index + found[0].length
  }
  return [...parts, text.slice(start)].filter(part => part !== '')
}

/** `authorURL`, `author_image_url`, `authorTitle` of Docusaurus: beside the author's name. */
function withFieldsBeside(author: Author, { extra }: FrontMatter, photo: ReadPhoto): Author {
  const beside: Record<string, unknown> = {}
  for (const key of Object.keys(extra)) {
    const name = /^author(url|link|website|title|role|image|imageurl|photo|avatar|email)$/.exec(
      key.toLowerCase().replace(/[-_]/g, ''),
    )?.[1]
    if (name !== undefined) beside[name === 'imageurl' ? 'image_url' : name] = extra[key]
  }
  return Object.keys(beside).length === 0 ? author : { ...authorFields(beside, photo), ...author }
}

function photoReader(front: FrontMatter): ReadPhoto {
  const { file, ownFiles, publication } = front
  const { url } = publication
  const problem: ReferenceBase['problem'] = (_, message, advice) => warn(front, 'authors', message, advice)
  return photo => readPicture(photo, { from: folderOf(file), base: url, url, ownFiles, problem })
}

function authorOf(value: unknown, front: FrontMatter, photo: ReadPhoto): Author | undefined {
  const text = scalar(value)
  if (text !== undefined) {
    const name = withoutAddress(oneLine(text), front)
    return (
      front.authors.get(name.normalize().toLowerCase()) ??
      (name ? { name, social: [], biography: '' } : undefined)
    )
  }
  if (typeof value !== 'object' || value === null) return undefined
  const fields = value as Record<string, unknown>
  const name = oneLine(
    scalar(fields.name) ??
      scalar(fields.display_name) ??
      scalar(fields.id) ??
      scalar(fields.key) ??
      scalar(fields.title) ??
      '',
  )
  const known = front.authors.get(
    oneLine(scalar(fields.id) ?? name)
      .normalize()
      .toLowerCase(),
  )
  if (!name && !known) return undefined
  const given = authorFields(fields, photo)
  return { ...(known ?? { social: [], biography: '' }), ...given, name: name && !known ? name : known!.name }
}

/** `Jane Doe <jane@x.example>`: everybody would read the address. */
function withoutAddress(text: string, front: FrontMatter): string {
  if (!text.includes('@')) return text
  const match = /^(.*\S)\s*[<(]\s*(?:mailto:)?[^\s<>()@]+@[^\s<>()@]+\s*[>)]$/.exec(text)
  if (!match) return text
  front.problem(
    'authors',
    'info',
    'article-author',
    `${quote(text)} has a mail address in it, which is left out: feeds are read by everybody`,
    'Nothing to do. To have it shown, write it into authors/<id>.md.',
  )
  return match[1]!
}

type ReadPhoto = (fields: { readonly src: string; readonly alt?: string | undefined }) => Picture | undefined

/** What front matter says of a person besides the name; only what is there. */
function authorFields(fields: Readonly<Record<string, unknown>>, photo: ReadPhoto): Partial<Author> {
  const first = (...keys: string[]) => keys.map(key => scalar(fields[key])).find(text => text !== undefined)
  const role = first('role', 'title', 'job_title', 'jobTitle', 'occupation')
  const url = webAddress(first('url', 'website', 'link', 'uri') ?? '')?.href
  const email = first('email', 'mail')
  const shown = photoFields(
    fields.photo ?? fields.picture ?? fields.image ?? fields.avatar ?? fields.image_url ?? fields.imageURL,
  )
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
function socialLinks(value: unknown): SocialLink[] {
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
