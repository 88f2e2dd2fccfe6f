// Path of an article's file → what it says: from an earlier load where nothing changed, else read and parsed; its body is
// kept, or read again when somebody asks for it.

import { ownText } from '../../base/index.ts'
import { ChangedMeanwhile } from '../../errors.ts'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { quickSplit } from '../fast/plain-front-matter.ts'
import { isMarkdown, type Listing, STAMP_LENGTH } from '../list-folder.ts'
import { type Fresh, type KnownArticle, noBody, type Recall, type Reusable } from '../memory.ts'
import type { OwnFiles } from '../own-files.ts'
import { ListedFiles, openByteReader, type ReadText, readText } from '../read-file.ts'
import { type Content, type Split, splitFrontMatter } from '../split-front-matter.ts'
import { withoutTitle } from './article-fields.ts'
import { noArticle, readArticle } from './read-article.ts'
import type { LoadContext } from './read-front-matter.ts'

interface Sources {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly listing: Listing
  readonly context: LoadContext
  /** An earlier load by the same settings and authors. */
  readonly reusable: Reusable | undefined
  /** How many bytes of bodies are kept. */
  readonly budget: number
}

export interface ArticleLoader {
  load(path: string): KnownArticle
  /** What an article that was read elsewhere is recalled with. */
  readonly fresh: Fresh
  /** Known files that were read anew, and of each what may have changed. */
  readonly renewed: ReadonlyMap<string, Renewed>
}

/** Its body alone, or its fields as well. */
export type Renewed = 'body' | 'fields'

export function openArticleLoader({ root, listing, context, reusable, budget }: Sources): ArticleLoader {
  const files = new ListedFiles(root, listing)
  const bodies = new ArticleBodies(files, budget)
  const parser = new ArticleParser(files, bodies, context)
  const renewed = new Map<string, Renewed>()
  const fresh = { now: context.now, sections: context.sections, body: bodies.property }
  if (!reusable) return { load: path => parser.parse(path), fresh, renewed }

  const earlier = new EarlierArticles(reusable, fresh)
  return {
    load(path) {
      const recalled = earlier.recall(path)
      if (recalled) return recalled
      const parsed = parser.parse(path)
      // Of a few files it is worth knowing that what others show of them is as it was.
      const isCompared = renewed.size < MAX_COMPARED_FILES
      renewed.set(path, isCompared ? earlier.compare(path, parsed.article) : 'fields')
      return parsed
    },
    fresh,
    renewed,
  }
}

/** More files than this are not the work of an editor between two builds. */
const MAX_COMPARED_FILES = 500

class EarlierArticles {
  readonly #reusable: Reusable
  readonly #fresh: Fresh
  readonly #recall: Recall
  readonly #places: ReadonlyMap<string, number>

  constructor(reusable: Reusable, fresh: Fresh) {
    this.#reusable = reusable
    this.#fresh = fresh
    this.#recall = reusable.recall
    this.#places = new Map(reusable.memory.paths.map((path, at) => [path, at]))
  }

  /** @returns undefined for a file that must be read */
  recall(path: string): KnownArticle | undefined {
    if (!this.#reusable.isUnchanged(path)) return undefined
    const found = this.#at(path, this.#fresh)
    if (!found || found.undated) return undefined
    return found.usesOwnFiles && !this.#reusable.otherFilesUnchanged ? undefined : found
  }

  compare(path: string, article: Article | undefined): Renewed {
    const before = article && this.#at(path, { ...this.#fresh, body: noBody })?.article
    return before && fieldsOf(before) === fieldsOf(article) ? 'body' : 'fields'
  }

  #at(path: string, fresh: Fresh): KnownArticle | undefined {
    const place = this.#places.get(path)
    return place === undefined ? undefined : this.#recall(place, fresh)
  }
}

/** Everything but the body, in one order. */
function fieldsOf(article: Article): string {
  const keys = Object.keys(article).filter(key => key !== 'body') as (keyof Article)[]
  return JSON.stringify(keys.sort().map(key => [key, article[key]]))
}

// One file of `articles/` → what it says: read, split, and parsed.

/** No article: rendered, every megabyte of Markdown fills eighty of memory. */
const MAX_ARTICLE_BYTES = 10_000_000

class ArticleParser {
  readonly #files: ListedFiles
  readonly #bodies: ArticleBodies
  readonly #context: LoadContext
  readonly #reader = openByteReader()
  /** How often a picture or a recording of the publication's own was asked for. */
  #ownFilesAsked = 0

  constructor(files: ListedFiles, bodies: ArticleBodies, context: LoadContext) {
    this.#files = files
    this.#bodies = bodies
    this.#context = { ...context, ownFiles: this.#counting(context.ownFiles) }
  }

  parse(file: string): KnownArticle {
    const keep = this.#bodies.hasRoom
    const bytes = this.#reader.read(this.#files.pathOf(file), this.#files.sizeOf(file), keep)
    const quick = bytes && quickSplit(bytes)
    if (!quick) return this.#parseText(file, keep)
    if (keep) this.#bodies.keep(file, bytes.subarray(quick.bodyAt))
    return this.#parseSplit(file, quick, () => this.#bodies.property)
  }

  /** What is no UTF-8, or has another system's line ends, or its front matter in another way. */
  #parseText(file: string, keep: boolean): KnownArticle {
    const content = this.#readText(file)
    if (!('text' in content)) {
      this.#files.expectSame(file)
      return { ...NOTHING, problems: [{ file, severity: 'error', ...content }] }
    }
    const { text } = content
    const why = isReadme(file, text) ? FOR_WORKERS : isPlainHtml(file, text) ? PLAIN_HTML : undefined
    if (why) return { ...NOTHING, skipped: true, problems: [noArticleAt(file, why)] }
    const split = splitFrontMatter(text)
    const source = 'problem' in split ? text : { ...split, block: ownText(split.block) }
    return this.#parseSplit(file, source, ({ body }) => {
      if (keep) this.#bodies.keep(file, Buffer.from(body))
      return this.#bodies.property
    })
  }

  #readText(file: string): ReadText {
    const bytes = this.#files.sizeOf(file)
    return bytes > MAX_ARTICLE_BYTES ? tooLarge(bytes) : readText(this.#files.pathOf(file))
  }

  #parseSplit(
    file: string,
    source: string | Split,
    keepBody: (content: Content) => PropertyDescriptor,
  ): KnownArticle {
    const problems: Diagnostic[] = []
    const before = this.#ownFilesAsked
    const report = (problem: Diagnostic) => void problems.push(problem)
    const { article, draft, unlisted, undated, skipped } = readArticle(
      file,
      source,
      this.#context,
      report,
      keepBody,
    )
    // An article that was only half written when it was read has no problems yet.
    if (problems.length > 0) this.#files.expectSame(file)
    const usesOwnFiles = this.#ownFilesAsked > before
    const found = problems.length > 0 ? problems : NO_PROBLEMS
    return { article, draft, unlisted, undated, skipped, problems: found, usesOwnFiles }
  }

  #counting(ownFiles: OwnFiles): OwnFiles {
    return {
      find: (reference, from) => {
        this.#ownFilesAsked++
        return ownFiles.find(reference, from)
      },
      hasFolder: folder => ownFiles.hasFolder(folder),
      measure: file => ownFiles.measure(file),
      seconds: file => ownFiles.seconds(file),
      text: file => ownFiles.text(file),
    }
  }
}

/** One for all: there are a hundred thousand articles. */
const NO_PROBLEMS: readonly Diagnostic[] = []
const NOTHING: KnownArticle = { ...noArticle, problems: NO_PROBLEMS, usesOwnFiles: false }

function tooLarge(bytes: number): ReadText {
  return {
    line: 0,
    rule: 'readable-file',
    message: `has ${Math.round(bytes / 1e6)} MB; what has more than ${MAX_ARTICLE_BYTES / 1e6} MB is not read`,
    advice: 'Divide it into several articles, or move it out of articles/.',
  }
}

/** A README beside the articles speaks to the people who work on them. */
function isReadme(file: string, text: string): boolean {
  return (
    /\/(?:README|LICEN[CS]E|CONTRIBUTING|CHANGELOG|CODE_OF_CONDUCT|SECURITY)(?:[._-][\w-]+)?\.\w+$/i.test(
      file,
    ) && !/^(?:---|\+\+\+|;;;)/.test(text)
  )
}

/** HTML without front matter is a file of the site, as pictures are. */
function isPlainHtml(file: string, text: string): boolean {
  return IS_HTML.test(file) && 'problem' in splitFrontMatter(text)
}

const IS_HTML = /\.html?$/i

const FOR_WORKERS = 'is for the people who work here, by its name'
const PLAIN_HTML = 'is HTML without front matter'

function noArticleAt(file: string, why: string): Diagnostic {
  const message = `${why}; it is no article`
  const advice = 'Nothing to do. Begin it with front matter, a title and a date, if it is one.'
  return { file, line: 0, rule: 'no-article', severity: 'info', message, advice }
}

// Bodies of a folder's articles: kept while they fit into memory, else read a second time when somebody asks for them. Of a
// large folder few are ever shown, and all of them together would fill the memory.

const MAX_KEPT_BYTES = 40_000_000

/**
 * How many bytes of bodies are kept. None where few are shown: to read again what the newest items of a feed need costs less
 * than to keep all.
 *
 * @param count of the articles
 * @param shown whether only what feeds and pages show is asked for; else it is all of them
 */
export function bodyBudget(
  publication: Publication,
  count: number,
  listing: Listing,
  shown: boolean,
): number {
  if (isLarge(listing)) return 0
  return !shown || isMostShown(publication, count) ? MAX_KEPT_BYTES : 0
}

/** Whether the texts of most articles are shown. @param count of the articles */
export function isMostShown({ articles, feeds, newsletters }: Shown, count: number): boolean {
  return articles.pages || newsletters.length > 0 || feeds.items * 2 > count
}

/** What says it, in a publication or its settings. */
interface Shown {
  readonly articles: { readonly pages: boolean }
  readonly feeds: { readonly items: number }
  readonly newsletters: readonly unknown[]
}

/** Bytes of Markdown in a folder of which nothing is kept: it would be a small part, and the memory is needed. */
const LARGE_FOLDER_BYTES = 3 * MAX_KEPT_BYTES

function isLarge({ paths, stamps }: Listing): boolean {
  // All files of most folders have less together: no path need be looked at.
  if (bytesOf(stamps, () => true) <= LARGE_FOLDER_BYTES) return false
  return bytesOf(stamps, place => isMarkdown(paths[place]!)) > LARGE_FOLDER_BYTES
}

function bytesOf(stamps: Listing['stamps'], isCounted: (place: number) => boolean): number {
  let bytes = 0
  for (let at = 0; at < stamps.length; at += STAMP_LENGTH)
    if (isCounted(at / STAMP_LENGTH)) bytes += stamps[at]!
  return bytes
}

class ArticleBodies {
  /**
   * How an article has its body. The same for all, so that the engine takes articles for things of one kind, and makes ten
   * in the time of one.
   */
  readonly property: PropertyDescriptor & ThisType<Article>

  readonly #files: ListedFiles
  readonly #reader = openByteReader()
  readonly #bodies = new Map<string, Buffer>()
  /** Files that were found unchanged when their body was first asked for. */
  readonly #checked = new Set<string>()
  #budget: number
  /** How many bytes of those that were read a second time are kept. */
  #spare: number
  /** The last of the others, for whoever asks again. */
  #last: { readonly file: string; readonly body: Buffer } | undefined

  /** @param budget how many bytes are kept */
  constructor(files: ListedFiles, budget: number) {
    this.#files = files
    this.#budget = budget
    this.#spare = isLarge(files.listing) ? 0 : MAX_KEPT_BYTES
    const textOf = (file: string) => this.#bodyOf(file).toString()
    this.property = {
      enumerable: true,
      configurable: true,
      get() {
        const text = textOf(this.file)
        return IS_HTML.test(this.file) ? text : withoutTitle(text, this.title)
      },
    }
  }

  /** Whether the next body is kept. */
  get hasRoom(): boolean {
    return this.#budget > 0
  }

  keep(file: string, body: Buffer): void {
    this.#budget -= body.length
    this.#bodies.set(file, body)
  }

  /** @throws ChangedMeanwhile when the file is no longer what the folder was listed with */
  #bodyOf(file: string): Buffer {
    if (this.#last?.file === file) return this.#last.body
    let body = this.#bodies.get(file)
    if (body && this.#checked.has(file)) return body
    if (!body) {
      body = this.#read(file)
      this.#spare -= body.length
      if (this.#spare > 0) this.#bodies.set(file, body)
      else this.#last = { file, body }
    }
    this.#files.expectSame(file)
    if (this.#last?.file !== file) this.#checked.add(file)
    return body
  }

  #read(file: string): Buffer {
    const path = this.#files.pathOf(file)
    const bytes = this.#reader.read(path, this.#files.sizeOf(file), true)
    const quick = bytes && quickSplit(bytes)
    const body = quick ? bytes.subarray(quick.bodyAt) : readBody(path)
    if (!body) throw new ChangedMeanwhile(path)
    return body
  }
}

function readBody(path: string): Buffer | undefined {
  const content = readText(path)
  if (!('text' in content)) return undefined
  const split = splitFrontMatter(content.text)
  if (!('problem' in split)) return Buffer.from(split.body)
  return split.problem === 'none' ? Buffer.from(content.text) : undefined
}
