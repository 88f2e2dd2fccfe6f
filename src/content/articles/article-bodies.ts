// Bodies of a folder's articles: kept while they fit into memory, else read a second time when somebody asks for them. Of a
// large folder few are ever shown, and all of them together would fill the memory.

import { statSync } from 'node:fs'
import { ChangedMeanwhile } from '../../errors.ts'
import type { Article, Publication } from '../../model.ts'
import { type Listing, STAMP_LENGTH, stampAt } from '../list-folder.ts'
import { openByteReader, readText } from '../read-file.ts'
import { quickSplit } from './quick-split.ts'
import { splitFrontMatter } from './split-front-matter.ts'

const MAX_KEPT_BYTES = 40_000_000

/**
 * How many bytes of bodies are kept. None where few are shown: to read again what the newest items of a feed need costs less
 * than to keep all.
 *
 * @param count of the articles
 * @param shown whether only what feeds and pages show is asked for; else it is all of them
 */
export function bodyBudget({ articles, feeds }: Publication, count: number, shown: boolean): number {
  return !shown || articles.pages || feeds.items * 2 > count ? MAX_KEPT_BYTES : 0
}

export class ArticleBodies {
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

  /** @param budget how many bytes are kept */
  constructor(files: ListedFiles, budget: number) {
    this.#files = files
    this.#budget = budget
    const textOf = (file: string) => this.#bodyOf(file).toString()
    this.property = {
      enumerable: true,
      configurable: true,
      get() {
        return textOf(this.file)
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
    let body = this.#bodies.get(file)
    if (body && this.#checked.has(file)) return body
    if (!body) {
      body = this.#read(file)
      this.#bodies.set(file, body)
    }
    this.#files.expectSame(file)
    this.#checked.add(file)
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
  const split = 'text' in content ? splitFrontMatter(content.text) : undefined
  return !split || 'problem' in split ? undefined : Buffer.from(split.body)
}

/** Files of a listing, by their path relative to the publication's folder. */
export class ListedFiles {
  readonly #root: string
  readonly #listing: Listing
  readonly #places: ReadonlyMap<string, number>

  /** @param root absolute path of the publication's folder */
  constructor(root: string, listing: Listing) {
    this.#root = root
    this.#listing = listing
    this.#places = new Map(listing.paths.map((path, at) => [path, at]))
  }

  /** Absolute. */
  pathOf(file: string): string {
    return `${this.#root}/${file}`
  }

  /** In bytes, when the folder was listed. */
  sizeOf(file: string): number {
    return this.#listing.stamps[this.#places.get(file)! * STAMP_LENGTH]!
  }

  /**
   * By size and mtime: there are file systems that number a file anew whenever it is asked for.
   *
   * @throws ChangedMeanwhile when it is no longer what was listed
   */
  expectSame(file: string): void {
    const path = this.pathOf(file)
    const [size, mtime] = stampAt(this.#listing, this.#places.get(file)!)
    const now = statSync(path, { throwIfNoEntry: false })
    if (now?.size !== size || now?.mtimeMs !== mtime) throw new ChangedMeanwhile(path)
  }
}
