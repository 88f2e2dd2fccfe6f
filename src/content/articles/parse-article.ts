// One file of `articles/` → what it says: read here or ahead by the second thread, split, and parsed.

import type { Diagnostic } from '../../model.ts'
import type { KnownArticle } from '../memory.ts'
import type { OwnFiles } from '../publication-files.ts'
import { openByteReader, type ReadText, readText } from '../read-file.ts'
import type { ReaderThread } from '../threads/reader-thread.ts'
import type { ArticleBodies, ListedFiles } from './article-bodies.ts'
import { quickSplit } from './quick-split.ts'
import { noArticle, readArticle } from './read-article.ts'
import type { LoadContext } from './read-front-matter.ts'
import { type Content, type Split, splitFrontMatter } from './split-front-matter.ts'

/** No article: rendered, a hundred megabytes of Markdown fill eight gigabytes of memory. */
const MAX_ARTICLE_BYTES = 100_000_000

export class ArticleParser {
  readonly #files: ListedFiles
  readonly #bodies: ArticleBodies
  readonly #context: LoadContext
  readonly #thread: ReaderThread | undefined
  readonly #reader = openByteReader()
  /** How often a picture or a recording of the publication's own was asked for. */
  #ownFilesAsked = 0

  /** @param thread reads ahead */
  constructor(
    files: ListedFiles,
    bodies: ArticleBodies,
    context: LoadContext,
    thread: ReaderThread | undefined,
  ) {
    this.#files = files
    this.#bodies = bodies
    this.#context = { ...context, ownFiles: this.#counting(context.ownFiles) }
    this.#thread = thread
  }

  /** @param place of the file among all articles, which are parsed in their order */
  parse(file: string, place: number): KnownArticle {
    const keep = this.#bodies.hasRoom
    const size = this.#files.sizeOf(file)
    const taken = this.#thread?.take(place, size, keep)
    const bytes = taken ? undefined : this.#reader.read(this.#files.pathOf(file), size, keep)
    const quick = taken ? taken.quick : bytes && quickSplit(bytes)
    if (!quick) return this.#parseText(file, keep)
    if (keep) this.#bodies.keep(file, taken ? taken.body() : bytes!.subarray(quick.bodyAt))
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
    if (isReadme(file, text)) return { ...NOTHING, readme: true }
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
    const { article, draft, unlisted, undated } = readArticle(file, source, this.#context, report, keepBody)
    // An article that was only half written when it was read has no problems yet.
    if (problems.length > 0) this.#files.expectSame(file)
    const usesOwnFiles = this.#ownFilesAsked > before
    return { article, draft, unlisted, undated, problems, readme: false, usesOwnFiles }
  }

  #counting(ownFiles: OwnFiles): OwnFiles {
    const find: OwnFiles['find'] = (reference, from) => {
      this.#ownFilesAsked++
      return ownFiles.find(reference, from)
    }
    return { ...ownFiles, find }
  }
}

const NOTHING: KnownArticle = { ...noArticle, problems: [], readme: false, usesOwnFiles: false }

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
    /\/(?:README|LICENSE|CONTRIBUTING|CHANGELOG)\.(?:md|markdown)$/i.test(file) &&
    !/^(?:---|\+\+\+|;;;)/.test(text)
  )
}

/** A part of a text keeps the whole of it in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString()
}
