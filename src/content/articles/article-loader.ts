// Path of an article's file → what it says, from an earlier load where nothing changed, else read and parsed.

import type { Article, Diagnostic } from '../../model.ts'
import { type Listing, STAMP, stampAt } from '../list-folder.ts'
import type { OwnFiles } from '../publication-files.ts'
import { openByteReader } from '../read-bytes.ts'
import { type ReadText, readText } from '../read-text.ts'
import type { ReaderThread } from '../threads/reader-thread.ts'
import type { LoadContext } from './article-context.ts'
import { type Fresh, type KnownArticle, noBody } from './columns.ts'
import { quickSplit } from './quick-split.ts'
import { noArticle, readArticle } from './read-article.ts'
import { expectSame, readBody } from './read-body.ts'
import { type Content, type Split, splitFrontMatter } from './split-front-matter.ts'

/** More files than this are no edit. */
const FEW = 500

/** No article: rendered, a hundred megabytes of Markdown fill eight gigabytes of memory. */
const LARGEST = 100_000_000

export interface Sources {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly listing: Listing
  readonly context: LoadContext
  /** Articles of an earlier load that were made with the same settings and authors. */
  readonly known: KnownArticles | undefined
  /** Whether a file is for certain the same as then. */
  isSame(path: string): boolean
  /** Whether all files that are no text of the publication's (pictures, recordings) are. */
  readonly sameOthers: boolean
  /** Bytes of bodies that are kept: the others are read again by whoever shows them. */
  readonly kept: number
  /** Reads ahead. */
  readonly thread?: ReaderThread | undefined
}

export interface KnownArticles {
  readonly places: ReadonlyMap<string, number>
  recall(place: number, fresh: Fresh): KnownArticle
}

export interface ArticleLoader {
  /** @param place of the path among all of them, which are asked for in their order */
  load(path: string, place: number): KnownArticle
  /** Known files that were read anew, and of each what may have changed: its text alone, or more than that. */
  readonly renewed: ReadonlyMap<string, Renewed>
}

export type Renewed = 'text' | 'face'

export function articleLoader(sources: Sources): ArticleLoader {
  const { root, listing, known, isSame, sameOthers, thread } = sources
  let asked = 0
  const context = { ...sources.context, ownFiles: counting(sources.context.ownFiles, () => asked++) }
  const places = new Map(listing.paths.map((path, at) => [path, at]))
  const bodies = new Map<string, Buffer>()
  const read = new Set<string>()
  const renewed = new Map<string, Renewed>()
  const reader = openByteReader()
  let kept = 0
  const stampOf = (path: string) => stampAt(listing, places.get(path)!)
  const placeOf = (path: string) => `${root}/${path}`

  /** One for all articles, so that the engine takes them for things of one kind: ten times the pace. */
  const lateBody: PropertyDescriptor & ThisType<Article> = {
    enumerable: true,
    configurable: true,
    get() {
      let body = bodies.get(this.file)
      if (read.has(this.file)) return body!.toString()
      read.add(this.file)
      if (body === undefined) {
        body = readBody(placeOf(this.file), stampOf(this.file), reader)
        bodies.set(this.file, body)
      } else expectSame(placeOf(this.file), stampOf(this.file))
      return body.toString()
    },
  }

  function fromMemory(path: string): KnownArticle | undefined {
    const at = known?.places.get(path)
    if (!known || at === undefined || !isSame(path)) return undefined
    const found = known.recall(at, { now: context.now, sections: context.sections, body: lateBody })
    return found.undated || (found.local && !sameOthers) ? undefined : found
  }

  function readSane(path: string): ReadText {
    const bytes = stampOf(path)[0]!
    return bytes > LARGEST ? tooLarge(bytes) : readText(placeOf(path))
  }

  const late = () => lateBody

  function parse(path: string, place: number): KnownArticle {
    const keeps = kept < sources.kept
    const size = listing.stamps[places.get(path)! * STAMP]!
    const taken = thread?.take(place, size, keeps)
    const bytes = taken ? undefined : reader.read(placeOf(path), size, keeps)
    const quick = taken ? taken.quick : bytes && quickSplit(bytes)
    if (!quick) return parseText(path, keeps)
    if (keeps) keep(path, taken ? taken.body() : bytes!.subarray(quick.bodyAt))
    return judge(path, quick, late)
  }

  /** What is no UTF-8, or has another system's line ends, or its front matter in another way. */
  function parseText(path: string, keeps: boolean): KnownArticle {
    const content = readSane(path)
    if (!('text' in content)) {
      expectSame(placeOf(path), stampOf(path))
      return { ...nothing, problems: [{ file: path, severity: 'error', ...content }] }
    }
    const { text } = content
    if (isReadme(path, text)) return { ...nothing, readme: true }
    const keepBody = ({ body }: Content) => {
      if (keeps) keep(path, Buffer.from(body))
      return lateBody
    }
    const split = splitFrontMatter(text)
    const source = 'problem' in split ? text : { ...split, block: ownText(split.block) }
    return judge(path, source, keepBody)
  }

  function judge(
    path: string,
    source: string | Split,
    keepBody: (content: Content) => PropertyDescriptor,
  ): KnownArticle {
    const problems: Diagnostic[] = []
    const before = asked
    const read = readArticle(path, source, context, problem => void problems.push(problem), keepBody)
    // Nothing is said against an article that was half written when it was read.
    if (problems.length > 0) expectSame(placeOf(path), stampOf(path))
    const { article, draft, unlisted, undated } = read
    return { article, draft, unlisted, undated, problems, readme: false, local: asked > before }
  }

  function keep(path: string, body: Buffer): void {
    kept += body.length
    bodies.set(path, body)
  }

  /** Of a few files it is worth knowing that what others show of them is as it was. */
  function whatChanged(path: string, { article }: KnownArticle): Renewed {
    const at = known?.places.get(path)
    if (!known || at === undefined || !article || renewed.size >= FEW) return 'face'
    const fresh = { now: context.now, sections: context.sections, body: noBody }
    const before = known.recall(at, fresh).article
    return before && face(before) === face(article) ? 'text' : 'face'
  }

  return {
    load(path, place) {
      if (!known) return parse(path, place)
      const recalled = fromMemory(path)
      if (recalled) return recalled
      const parsed = parse(path, place)
      renewed.set(path, whatChanged(path, parsed))
      return parsed
    },
    renewed,
  }
}

/** Everything but the text, in one order. */
function face(article: Article): string {
  const keys = Object.keys(article).filter(key => key !== 'body') as (keyof Article)[]
  return JSON.stringify(keys.sort().map(key => [key, article[key]]))
}

const nothing: KnownArticle = { ...noArticle, problems: [], readme: false, local: false }

function tooLarge(bytes: number): ReadText {
  return {
    line: 0,
    rule: 'readable-file',
    message: `has ${Math.round(bytes / 1e6)} MB; what has more than ${LARGEST / 1e6} MB is not read`,
    advice: 'Divide it into several articles, or move it out of articles/.',
  }
}

function counting(ownFiles: OwnFiles, count: () => void): OwnFiles {
  const find: OwnFiles['find'] = (reference, from) => {
    count()
    return ownFiles.find(reference, from)
  }
  return { ...ownFiles, find }
}

/** A part of a text keeps the whole of it in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString()
}

/** A README beside the articles speaks to the people who work on them. */
function isReadme(file: string, text: string): boolean {
  return (
    /\/(?:README|LICENSE|CONTRIBUTING|CHANGELOG)\.(?:md|markdown)$/i.test(file) &&
    !/^(?:---|\+\+\+|;;;)/.test(text)
  )
}
