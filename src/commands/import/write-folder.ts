// An open export and a publication → files of articles, authors and pictures in its folder, and a report. What is there
// already is never lost: a file that somebody edited is kept, and the same import again writes nothing.

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import {
  DAY_MS,
  decodePath,
  IGNORED,
  isoTime,
  openZone,
  ownText,
  parseUrl,
  writeWhole,
} from '../../base/index.ts'
import { pagePath, readDate, reservedPaths } from '../../content/index.ts'
import { UserError } from '../../errors.ts'
import type { Loaded, Progress } from '../../model.ts'
import { createRenderer } from '../../render/index.ts'
import {
  articleText,
  authorText,
  type FilePlan,
  OwnPictures,
  planFiles,
  WrittenBefore,
} from './article-files.ts'
import { convertBody } from './convert-body.ts'
import type { ExportFiles } from './export-files.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedAuthor,
  type OpenExport,
} from './imported.ts'

export interface ImportOptions {
  /** Relative to the publication's folder. */
  readonly into: string
  readonly dryRun: boolean
  /** Pictures that the export holds are copied into the publication. */
  readonly copyPictures: boolean
  readonly overwrite: boolean
  /** What did not come over is counted, and so much of one kind is kept. */
  readonly findingsOfAKind: number
  readonly now: number
  readonly signal: AbortSignal
  progress(total: number): Progress
}

export interface ImportReport {
  /** Articles in the export. */
  read: number
  /** Paths relative to the publication's folder. */
  readonly written: string[]
  unchanged: number
  /** Edited since, and not overwritten. */
  readonly kept: string[]
  /** Why → how many became drafts. */
  readonly heldBack: Record<string, number>
  /** Kind → how many of what is no article. */
  leftOut: Readonly<Record<string, number>>
  /** Kind → how many. */
  readonly lost: Record<string, number>
  readonly findings: (Finding & { readonly article?: string })[]
  /** How many of them somebody must look at. */
  needPerson: number
  readonly pictures: { copied: number; remote: number }
  redirects: number
  /** Ids that only RSS can have: no address and no tag: `articles: { id: guid }` keeps them there. */
  plainIds: number
}

/** Lists what it finds, and goes on: one bad article costs itself. */
export async function importArticles(
  open: OpenExport,
  files: ExportFiles,
  loaded: Loaded,
  options: ImportOptions,
): Promise<ImportReport> {
  const plan = await planFiles(open, options.into, loaded)
  const writer = new FolderWriter(plan, open, files, loaded, options)
  const bar = options.progress(plan.count)
  try {
    for await (const article of open.articles()) {
      if (options.signal.aborted) break
      await writer.article(article)
      bar.at(writer.report.read)
    }
  } finally {
    bar.stop()
    writer.finish()
  }
  writer.report.leftOut = { ...open.leftOut }
  return writer.report
}

/** A renderer remembers what it rendered. */
const ARTICLES_PER_RENDERER = 200

class FolderWriter {
  readonly report: ImportReport = {
    read: 0,
    written: [],
    unchanged: 0,
    kept: [],
    heldBack: {},
    leftOut: {},
    lost: {},
    findings: [],
    needPerson: 0,
    pictures: { copied: 0, remote: 0 },
    redirects: 0,
    plainIds: 0,
  }
  readonly #plan: FilePlan
  readonly #open: OpenExport
  readonly #loaded: Loaded
  readonly #options: ImportOptions
  readonly #written: WrittenBefore
  readonly #pictures: OwnPictures
  /** Their files. */
  readonly #seen = new Set<string>()
  readonly #authors = new Map<string, string>()
  /** Of what every build makes. */
  readonly #reserved: ReturnType<typeof reservedPaths>
  #renderer: ReturnType<typeof createRenderer> | undefined
  #rendered = 0

  constructor(plan: FilePlan, open: OpenExport, files: ExportFiles, loaded: Loaded, options: ImportOptions) {
    this.#plan = plan
    this.#open = open
    this.#loaded = loaded
    this.#options = options
    this.#written = new WrittenBefore(loaded.publication.dir)
    this.#pictures = new OwnPictures(files)
    this.#reserved = reservedPaths(loaded, [])
  }

  async article(given: ImportedArticle): Promise<void> {
    const { report } = this
    report.read++
    const file = this.#plan.fileOf(given.id)
    // Now its body is made, and with it what did not survive.
    const article = { ...given }
    const find = (finding: Finding) => this.#find({ ...finding, article: file })
    if (this.#seen.has(file)) {
      const kind = 'articles that are in the export twice'
      return find({
        ...article.place,
        kind,
        message: `another article has the id ${article.id}`,
        needsPerson: true,
      })
    }
    this.#seen.add(file)
    if (!/^(?:https?:\/\/|tag:|urn:)/i.test(article.id)) report.plainIds++
    for (const finding of article.findings ?? []) find(finding)
    const base = baseOf(article, this.#open.hosts)
    const { markdown, title, image } = convertBody(article, {
      base,
      link: url => this.#link(url, file),
      picture: url => this.#picture(url, base, file),
      render: text => this.#render(text, file),
      find,
    })
    const fields = this.#fields(article, file, title, find)
    const text = articleText(article, { ...fields, image }, markdown)
    if (fields.heldBack) report.heldBack[fields.heldBack] = (report.heldBack[fields.heldBack] ?? 0) + 1
    this.#write(file, text)
    await this.#pictures.copyWaiting((path, bytes) => this.#write(path, bytes))
    report.pictures.copied = this.#pictures.copied
  }

  finish(): void {
    if (!this.#options.dryRun) orRefused(`${IGNORED}/imported.json`, () => this.#written.save())
  }

  #fields(article: ImportedArticle, file: string, title: string, find: (finding: Finding) => void) {
    const { place } = article
    const zone = openZone(this.#loaded.publication.timezone)
    const iso = (text: string | undefined) => {
      const read = text === undefined ? undefined : readDate(text, zone)
      return read && isoTime(read.at, { ...zone, offsetAt: () => read.offset })
    }
    const date = iso(article.date)
    let { heldBack } = article
    if (date === undefined && heldBack === undefined) {
      heldBack = 'without a date'
      const said = article.date ? `its date "${article.date}" cannot be read` : 'has no date'
      find({
        ...place,
        kind: 'articles without a date',
        message: `${said}: it is a draft`,
        needsPerson: true,
      })
    }
    const updated = iso(article.updated)
    const isLater =
      date !== undefined && updated !== undefined && Date.parse(updated) - Date.parse(date) >= DAY_MS
    const address = this.#address(article, find)
    const aliases = (article.aliases ?? []).flatMap(alias => pathOf(alias) ?? [])
    this.report.redirects += aliases.length
    const name = file.replace(/^.*\/|\.\w+$/g, '')
    const slug = article.slug && article.slug !== name && address === undefined ? article.slug : undefined
    return {
      date,
      updated: isLater ? updated : undefined,
      title,
      slug: slug ?? (/\d{4}/.test(name) ? name : undefined),
      url: address,
      aliases: [...new Set(aliases)].filter(alias => alias !== address),
      authors: article.authors.map(author => this.#author(author)),
      heldBack,
      language: article.language === this.#loaded.publication.language ? undefined : article.language,
    }
  }

  /** The old path, where this site can have it. */
  #address({ url, id, place }: ImportedArticle, find: (finding: Finding) => void): string | undefined {
    if (url === undefined) return undefined
    const site = this.#loaded.publication.url
    const home = new URL(site).pathname
    const path = pathOf(url)
    const own = path?.startsWith(home) ? path.slice(home.length - 1) : path
    const page = own === undefined ? undefined : pagePath(new URL(own.slice(1), site).href, site)
    const rival = page === undefined ? undefined : this.#reserved.rivalOf(page)
    if (own === undefined || own === '/' || rival !== undefined || !this.#plan.owns(url, id)) {
      const kind = 'addresses that could not be kept'
      const why =
        own === undefined
          ? 'is a query'
          : own === '/'
            ? 'is the home page'
            : rival !== undefined
              ? `is that of ${rival} here, which is made by every build`
              : 'is another article’s, too'
      if (!/[?&](?:p|page_id|post_type)=/.test(url))
        find({ ...place, kind, message: `its address ${url} ${why}` })
      return undefined
    }
    return own
  }

  /** @returns the id of the author's file where the export tells more than a name */
  #author(author: ImportedAuthor): string {
    const key = author.name.trim()
    const known = this.#authors.get(key)
    if (known !== undefined) return known
    const { name, slug, ...rest } = author
    const isMore =
      slug !== undefined || Object.values(rest).some(value => value !== undefined && value.length > 0)
    const there = [...this.#loaded.authors.values()].find(other => other.name === key)
    const id = there?.id ?? (isMore ? idOf(slug || name) : key)
    this.#authors.set(key, id)
    if (isMore && (there === undefined || existsSync(join(this.#dir, `articles/authors/${id}.md`))))
      this.#write(`articles/authors/${id}.md`, authorText(author))
    return id
  }

  #link(url: string, file: string): string {
    const target = this.#plan.find(url)
    if (target === undefined) return url
    const path = relative(dirname(file), target).split('\\').join('/')
    return `${path.split('/').map(encodeURIComponent).join('/')}${/#.*$/s.exec(url)?.[0] ?? ''}`
  }

  #picture(url: string, base: string | undefined, file: string): string {
    const absolute = base === undefined ? url : (parseUrl(url, base)?.href ?? url)
    const own = this.#options.copyPictures ? this.#pictures.find(absolute, this.#options.into) : undefined
    if (own === undefined) {
      if (/^https?:/i.test(absolute)) this.report.pictures.remote++
      return absolute
    }
    return relative(dirname(file), own).split('\\').join('/').split('/').map(encodeURIComponent).join('/')
  }

  #render(markdown: string, file: string): string {
    if (!this.#renderer || ++this.#rendered % ARTICLES_PER_RENDERER === 0) {
      const { publication } = this.#loaded
      const plain = { ...publication, articles: { ...publication.articles, typography: false } }
      this.#renderer = createRenderer({ publication: plain, articles: [] })
    }
    const { url, language } = this.#loaded.publication
    // Of an article the renderer needs no more than this.
    return this.#renderer.body({ file, body: markdown, url, language, extra: {} } as never).html
  }

  get #dir(): string {
    return this.#loaded.publication.dir
  }

  #find(finding: Finding & { article?: string }): void {
    const count = (this.report.lost[finding.kind] ?? 0) + 1
    this.report.lost[finding.kind] = count
    if (finding.needsPerson) this.report.needPerson++
    if (count <= this.#options.findingsOfAKind)
      this.report.findings.push({ ...finding, message: ownText(finding.message) })
  }

  /** Unless somebody edited what is there. */
  #write(file: string, content: string | Buffer): void {
    const path = join(this.#dir, file)
    const there = orRefused(file, () => (existsSync(path) ? readFileSync(path) : undefined))
    if (there?.equals(Buffer.from(content))) {
      this.report.unchanged++
      this.#written.note(file, content)
      return
    }
    if (there && !this.#options.overwrite && !this.#written.has(file, there)) {
      this.report.kept.push(file)
      return
    }
    this.report.written.push(file)
    if (this.#options.dryRun) return
    orRefused(file, () => {
      mkdirSync(dirname(path), { recursive: true })
      writeWhole(path, content)
    })
    this.#written.note(file, content)
  }
}

/** What the file system refuses is no fault of ours: a full disk, a folder in the way. */
function orRefused<Value>(file: string, touch: () => Value): Value {
  try {
    return touch()
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : (error as Error).message
    throw new UserError(
      `${file} cannot be written: ${why}`,
      'What is written already stays. Mend that, and run the same command again: it continues.',
    )
  }
}

function baseOf({ url, id }: ImportedArticle, hosts: readonly string[]): string | undefined {
  for (const address of [url, id]) if (address !== undefined && hostOf(address) !== undefined) return address
  return hosts[0] === undefined ? undefined : parseUrl(url ?? '/', `https://${hosts[0]}/`)?.href
}

/** Undefined for an address whose query matters. */
function pathOf(url: string): string | undefined {
  const path = url.replace(/^(?:https?:)?\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const bare = path.replace(/\?.*$/s, '')
  if (path !== bare && /^\/?(?:index\.php)?$/.test(bare)) return undefined
  if (/[\s\\]/.test(bare) || decodePath(bare).split('/').includes('..')) return undefined
  return bare === '' ? '/' : bare.startsWith('/') ? bare : `/${bare}`
}

function idOf(name: string): string {
  return (
    name
      .normalize()
      .toLowerCase()
      .replace(/@.*$/, '')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'author'
  )
}
