// The articles of an export → the file of each: where it is, so that old addresses lead to it; its text; the pictures of the
// export that it shows; and whether an earlier import wrote what is there. Nothing is converted for the places, so that ten
// thousand articles take little memory.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  cleanText,
  cutShort,
  decodePath,
  IGNORED,
  makeIgnoredFolder,
  oneLine,
  ownText,
  writeWhole,
} from '../../base/index.ts'
import { fileSlug } from '../../content/index.ts'
import type { Loaded } from '../../model.ts'
import type { ExportFiles } from './export-files.ts'
import {
  hostOf,
  type ImportedArticle,
  type ImportedAuthor,
  type ImportedPicture,
  type OpenExport,
} from './imported.ts'

export interface FilePlan {
  readonly count: number
  /** Path of an article's file relative to the publication's folder; of articles with one id, only the first is imported. */
  fileOf(id: string): string
  /** The article that an old address of the site was, as a path relative to the publication's folder. */
  find(url: string): string | undefined
  /** Whether an article has an address to itself. @param id of the article */
  owns(address: string, id: string): boolean
}

/** @param into folder relative to the publication's, 'articles' or below */
export async function planFiles(open: OpenExport, into: string, loaded: Loaded): Promise<FilePlan> {
  const known = new Map(loaded.articles.map(({ id, file }) => [id, file]))
  const files: string[] = []
  const [taken, byId, byAddress] = [new TextNumbers(), new TextNumbers(), new TextNumbers()]
  for (const { file } of loaded.articles) taken.add(file.toLowerCase(), 0)
  const hosts = new Set(open.hosts)
  let count = 0
  for await (const article of open.articles()) {
    count++
    if (!byId.add(article.id, files.length)) continue
    const file = ownText(known.get(article.id) ?? freeName(article, into, taken))
    taken.add(file.toLowerCase(), 0)
    for (const address of [article.url, article.id, ...(article.aliases ?? [])])
      if (address !== undefined) byAddress.add(keyOf(address), files.length)
    files.push(file)
  }
  return {
    count,
    fileOf: id => files[byId.get(id)!]!,
    find(url) {
      const host = hostOf(url)
      if (host !== undefined && !hosts.has(host)) return undefined
      const number = byAddress.get(keyOf(url))
      return number === undefined ? undefined : files[number]
    },
    owns: (address, id) => byAddress.get(keyOf(address)) === byId.get(id),
  }
}

/** Texts, each with a number. Of a text only 48 bits of a hash are kept, since an export of 500 MB has hundred thousands of them. */
class TextNumbers {
  #count = 0
  /** 0 where nothing is; what has the same place is behind it. */
  #keys = new Float64Array(1024)
  #numbers = new Uint32Array(1024)

  get(text: string): number | undefined {
    const place = this.#placeOf(hashOf(text))
    return this.#keys[place] === 0 ? undefined : this.#numbers[place]
  }

  /** @returns false for a text that is there: it keeps its number */
  add(text: string, number: number): boolean {
    const key = hashOf(text)
    const place = this.#placeOf(key)
    if (this.#keys[place] !== 0) return false
    this.#keys[place] = key
    this.#numbers[place] = number
    if (++this.#count > this.#keys.length * 0.6) this.#grow()
    return true
  }

  #placeOf(key: number): number {
    let place = key % this.#keys.length
    while (this.#keys[place] !== 0 && this.#keys[place] !== key) place = (place + 1) % this.#keys.length
    return place
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers]
    this.#keys = new Float64Array(keys.length * 2)
    this.#numbers = new Uint32Array(keys.length * 2)
    for (const [at, key] of keys.entries()) {
      if (key === 0) continue
      const place = this.#placeOf(key)
      this.#keys[place] = key
      this.#numbers[place] = numbers[at]!
    }
  }
}

function hashOf(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6) || 1
}

/** Paths of one site, without what makes no difference; WordPress's `?p=12` does. */
function keyOf(address: string): string {
  const bare = address
    .replace(/^(?:https?:)?\/\/[^/?#]*/i, '')
    .replace(/#.*$/s, '')
    .replace(/\?(?!(?:p|page_id)=\d+$).*$/s, '')
    .replace(/\/+(?=$|\?)/, '')
  return decodePath(bare).normalize().toLowerCase()
}

function freeName({ slug, title, id }: ImportedArticle, into: string, taken: TextNumbers): string {
  const base = nameOf(slug || title || id)
  for (let number = 1; ; number++) {
    const file = `${into}/${number === 1 ? base : `${base}-${number}`}.md`
    if (taken.get(file.toLowerCase()) === undefined) return file
  }
}

/** What a file may be called in any language: no longer than 80 bytes, for it is part of addresses, too. */
function nameOf(text: string): string {
  let name = fileSlug(decodePath(text).toLowerCase().replaceAll('.', '-').slice(0, 200))
  while (Buffer.byteLength(name) > 80)
    name = name.slice(0, name.lastIndexOf('-') > 20 ? name.lastIndexOf('-') : -1)
  // A page of the folder, or of the site, to the program.
  return /^(?:_?index|readme)$/.test(name) ? `${name}-article` : name
}

// ─── Their texts ────────────────────────────────────────────────────────────────────────────────────────────────────
//
// An imported article and its Markdown → the text of a file; an author → the text of hers. Fields in one order, so that the
// same import makes the same bytes.

/** What is known of it besides what the export says. */
interface FileFields {
  /** ISO 8601 with offset. */
  readonly date: string | undefined
  readonly updated: string | undefined
  readonly title: string
  /** Where the file's name does not say it. */
  readonly slug: string | undefined
  /** Path on the site. */
  readonly url: string | undefined
  readonly aliases: readonly string[]
  /** Names, or ids of files of authors. */
  readonly authors: readonly string[]
  readonly image: ImportedPicture | undefined
  /** Why it is a draft. */
  readonly heldBack: string | undefined
  readonly language: string | undefined
}

/** The longest text that is one line of a list or a heading. */
const MAX_LINE_CHARACTERS = 900

export function articleText(article: ImportedArticle, fields: FileFields, markdown: string): string {
  const {
    categories = [],
    tags = [],
    summary,
    dateline,
    audio,
    live,
    comments,
    source,
    canonical,
    id,
    imageWords,
  } = article
  const { image } = fields
  const lines = [
    line('title', cutShort(oneLine(fields.title), MAX_LINE_CHARACTERS)),
    fields.date && `date: ${fields.date}\n`,
    fields.updated && `updated: ${fields.updated}\n`,
    list('authors', fields.authors),
    list('categories', unique(categories)),
    list(
      'tags',
      unique(tags).filter(tag => !unique(categories).includes(tag)),
    ),
    summary && line('summary', oneLine(summary)),
    dateline && line('place', oneLine(dateline)),
    image && line('image', withoutNothing(image)),
    // They count as soon as somebody adds the picture.
    !image && imageWords?.caption && line('image_caption', oneLine(imageWords.caption)),
    !image && imageWords?.credit && line('image_credit', oneLine(imageWords.credit)),
    audio && line('audio', audio),
    fields.slug !== undefined && line('slug', fields.slug),
    fields.url !== undefined && line('url', fields.url),
    list('aliases', fields.aliases),
    line('id', oneLine(id)),
    fields.language && line('language', fields.language),
    live && 'live: true\n',
    comments && line('comments', comments),
    source && line('source', source),
    canonical && line('canonical', canonical),
    fields.heldBack && `draft: true${fields.heldBack === 'draft' ? '' : ` # ${oneLine(fields.heldBack)}`}\n`,
  ]
  return cleanText(`---\n${lines.filter(Boolean).join('')}---\n\n${markdown.trim()}\n`)
}

export function authorText({ name, role, url, photo, social = [], biography = '' }: ImportedAuthor): string {
  const lines = [
    line('name', oneLine(name)),
    role && line('role', oneLine(role)),
    url && line('url', url),
    photo && line('photo', photo),
    social.length > 0 && line('social', social),
  ]
  return cleanText(
    `---\n${lines.filter(Boolean).join('')}---\n${biography.trim() && `\n${biography.trim()}\n`}`,
  )
}

/** Readers of YAML 1.1 must find the same: `no` is a word. */
function line(key: string, value: unknown): string {
  return stringify({ [key]: value }, { version: '1.1', lineWidth: 0, flowCollectionPadding: true })
}

function list(key: string, values: readonly string[]): string {
  if (values.length === 0) return ''
  const items = values.map(value =>
    stringify([value], { version: '1.1', lineWidth: 0, collectionStyle: 'flow' }).trim(),
  )
  return `${key}: [${items.map(item => item.replace(/^\[\s*|\s*\]$/g, '')).join(', ')}]\n`
}

function withoutNothing(picture: ImportedPicture): Record<string, string> {
  const { src, ...texts } = picture
  const said = Object.entries(texts).filter(([, text]) => text !== undefined && oneLine(text) !== '')
  return {
    src,
    ...Object.fromEntries(said.map(([key, text]) => [key, cutShort(oneLine(text!), MAX_LINE_CHARACTERS)])),
  }
}

function unique(values: readonly string[]): string[] {
  return [
    ...new Set(
      values.map(value => cutShort(oneLine(value), MAX_LINE_CHARACTERS)).filter(value => value !== ''),
    ),
  ]
}

// ─── Their pictures ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// The files of an export → those of them that articles show, found by the end of an address, and copied when they are wanted.

/** Pictures and recordings that the export holds, found by the end of their address. */
export class OwnPictures {
  copied = 0
  readonly #byName = new Map<string, ExportFiles['files'][number][]>()
  readonly #chosen = new Map<string, ExportFiles['files'][number]>()
  #waiting: string[] = []

  constructor({ files }: ExportFiles) {
    for (const file of files) {
      if (file.bytes > MAX_COPIED_BYTES) continue
      if (!/\.(?:jpe?g|png|gif|webp|avif|svg|mp3|m4a|mp4|ogg|wav|pdf)$/i.test(file.path)) continue
      const name = file.path.slice(file.path.lastIndexOf('/') + 1)
      const same = this.#byName.get(name)
      if (same) same.push(file)
      else this.#byName.set(name, [file])
    }
  }

  /** @returns where it will be, relative to the publication's folder */
  find(url: string, into: string): string | undefined {
    const path = decodePath(url.replace(/[?#].*$/s, '').replace(/^https?:\/\/[^/]+/i, ''))
    const name = path.slice(path.lastIndexOf('/') + 1)
    // WordPress's smaller copies stand for the picture itself.
    const names = [name, name.replace(/-\d+x\d+(?=\.\w+$)/, '')]
    const found = names
      .flatMap(each => this.#byName.get(each) ?? [])
      .sort((a, b) => shared(b.path, path) - shared(a.path, path))[0]
    if (!found) return undefined
    const place = `${into}/images/${found.path.replace(/^(?:.*\/)?(?:uploads|images)\//, '').replace(/^.*:/, '')}`
    if (!this.#chosen.has(place)) this.#waiting.push(place)
    this.#chosen.set(place, found)
    return place
  }

  async copyWaiting(write: (path: string, bytes: Buffer) => void): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    for (const place of waiting) {
      write(place, await this.#chosen.get(place)!.read(MAX_COPIED_BYTES))
      this.copied++
    }
  }
}

/** A longer recording is kept where it is by a podcast host, and not in version control. */
const MAX_COPIED_BYTES = 256 * 2 ** 20

/** How many folders at their ends two paths share. */
function shared(left: string, right: string): number {
  const [a, b] = [left.split('/').reverse(), right.split('/').reverse()]
  const end = a.findIndex((part, at) => part !== b[at])
  return end === -1 ? a.length : end
}

/** What earlier imports wrote, by a hash of its bytes: whatever differs was edited by somebody. */
export class WrittenBefore {
  readonly #folder: string
  readonly #path: string
  readonly #hashes: Map<string, string>

  constructor(dir: string) {
    this.#folder = join(dir, IGNORED)
    this.#path = join(this.#folder, 'imported.json')
    try {
      this.#hashes = new Map(Object.entries(JSON.parse(readFileSync(this.#path, 'utf8'))))
    } catch {
      this.#hashes = new Map()
    }
  }

  has(file: string, bytes: Buffer): boolean {
    return this.#hashes.get(file) === digestOf(bytes)
  }

  note(file: string, content: string | Buffer): void {
    this.#hashes.set(file, digestOf(content))
  }

  save(): void {
    makeIgnoredFolder(this.#folder)
    const line = (file: string) => `${JSON.stringify(file)}:${JSON.stringify(this.#hashes.get(file))}`
    // In parts: all in one text would take as much memory as the rest of an import.
    const parts: string[] = []
    const files = [...this.#hashes.keys()].sort()
    for (let at = 0; at < files.length; at += 1000)
      parts.push((at > 0 ? ',' : '') + files.slice(at, at + 1000).map(line))
    writeWhole(this.#path, ['{', ...parts, '}\n'])
  }
}

function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}
