// The contents of items, letters of editions and pages of articles of a large build → made by two threads: the second
// makes those at the end while this one makes those at the beginning, and where they meet, all are made. Letters stay
// where they were made, and each thread writes the files of its own.

import type { FeedReport } from '../../content/index.ts'
import type { Article } from '../../model.ts'
import type { KeptText, Remembering, WholeText } from '../../render/index.ts'
import type { DrawnEdition } from '../draw-edition.ts'
import type { FolderInMemory, SecondThread, Wanted, WantedLetter } from './second-thread.ts'

export type { FolderSize, WantedLetter } from './second-thread.ts'

// ─── Contents of items ───────────────────────────────────────────────────────────────────────────────────────────────

/** Little to wait for, enough that passing them on costs nothing. */
export const CONTENTS_PER_BATCH = 16
const MIN_CONTENTS = 1500
/** Of feeds, so many texts come whole: `check` asks for their HTML. That of pages stays where it was made, as pages are. */
const MAX_WHOLE = 1000

export interface ContentsMade {
  /** Of all contents, one behind the other. */
  readonly bytes: ArrayBuffer
  readonly made: readonly TextMade[]
}

interface TextMade {
  /** Of its content. */
  readonly length: number
  readonly text: KeptText
  readonly whole: WholeText | undefined
}

interface ContentAhead extends TextMade {
  /** Empty where none was wanted. */
  readonly content: Buffer
}

export interface ContentsAhead {
  /** @returns undefined for an article that is to be rendered here */
  take(article: Article): ContentAhead | undefined
  /** Who has rendered it; undefined for one that was not asked for. */
  by(article: Article): 'here' | 'there' | undefined
  close(): void
}

/**
 * @param articles whose contents are wanted
 * @param others whose texts are wanted, with those of the articles, for pages; undefined where there are none
 * @param min so many at least, to start a thread for them
 * @returns undefined where a second thread is not worth it, or there is no core for it
 */
export function contentsAhead(
  thread: SecondThread,
  folder: FolderInMemory,
  articles: readonly Article[],
  others: readonly Article[] | undefined,
  min = MIN_CONTENTS,
): ContentsAhead | undefined {
  const all = [...articles, ...(others ?? [])]
  const wanted = (): Wanted => ({
    kind: 'contents',
    files: all.map(({ file }) => file),
    items: articles.length,
    pages: others !== undefined,
    whole: articles.length <= MAX_WHOLE ? articles.length : 0,
  })
  const ahead = thread.ahead<ContentsMade>(folder, wanted, all.length, { perBatch: CONTENTS_PER_BATCH, min })
  if (!ahead) return undefined
  const places = new Map(all.map((article, place) => [article, place]))
  const unpacked = new Map<ContentsMade, ContentAhead[]>()
  return {
    take(article) {
      const place = places.get(article)
      if (place === undefined) return undefined
      const made = ahead.take(Math.floor(place / CONTENTS_PER_BATCH))
      if (!made) return undefined
      if (!unpacked.has(made)) unpacked.set(made, unpack(made))
      return unpacked.get(made)![place % CONTENTS_PER_BATCH]
    },
    by(article) {
      const place = places.get(article)
      if (place === undefined) return undefined
      return ahead.has(Math.floor(place / CONTENTS_PER_BATCH)) ? 'there' : 'here'
    },
    close: ahead.close,
  }
}

function unpack({ bytes, made }: ContentsMade): ContentAhead[] {
  let at = 0
  return made.map(each => {
    const content = Buffer.from(bytes, at, each.length)
    at += each.length
    return { ...each, content }
  })
}

// ─── Letters of editions ─────────────────────────────────────────────────────────────────────────────────────────────

const MIN_LETTERS = 150

/** What another thread says of an edition whose letter it made and keeps. */
export interface LetterMade extends Omit<DrawnEdition, 'letter'> {
  /** Of the articles in it, by file. */
  readonly texts: readonly (readonly [file: string, text: KeptText])[]
}

export interface LettersAhead {
  /** @param place among those that were asked for @returns undefined for one that is to be made here */
  take(place: number): LetterMade | undefined
  /** Has the files of the editions that were taken written to `out/`. @returns how many were; undefined when it has failed */
  write(): Promise<number | undefined>
  /** Before the next edition. */
  stop(): void
  close(): void
}

/**
 * @param min so many at least, to start a thread for them
 * @returns undefined where a second thread is not worth it, or there is no core for it
 */
export function lettersAhead(
  thread: SecondThread,
  folder: FolderInMemory,
  editions: readonly WantedLetter[],
  min = MIN_LETTERS,
): LettersAhead | undefined {
  const wanted = (): Wanted => ({ kind: 'letters', editions })
  const ahead = thread.ahead<LetterMade>(folder, wanted, editions.length, { min })
  if (!ahead) return undefined
  const taken: number[] = []
  return {
    take(place) {
      const made = ahead.take(place)
      if (made) taken.push(place)
      return made
    },
    write: async () => (await ahead.ask(taken))?.written,
    stop: ahead.stop,
    close: ahead.close,
  }
}

// ─── Pages of articles ───────────────────────────────────────────────────────────────────────────────────────────────

/** Fewer are written before the texts have been passed on. */
const MIN_PAGES = 100

export interface PagesAhead {
  /** Whether a file is to be written here, and not by the other thread, which has begun it. */
  isHere(path: string): boolean
  /** Waits until it has ended. @returns how many files it wrote; undefined when it has failed */
  end(): Promise<number | undefined>
  /** Then: what was not to be written here, and was not written there. */
  missing(): ReadonlySet<string>
  /** Before the next page. */
  stop(): void
  close(): void
}

/**
 * `out/` must have been prepared for them.
 *
 * @param pages those that must be made, and where
 * @param contents with which the same thread has made texts of articles
 * @param texts that were made here, or came from there
 */
export function pagesAhead(
  thread: SecondThread,
  folder: FolderInMemory,
  pages: readonly (readonly [Article, path: string])[],
  contents: ContentsAhead,
  texts: Remembering,
  feeds: readonly FeedReport[],
  min = MIN_PAGES,
): PagesAhead | undefined {
  const by = (who: 'here' | 'there') => pages.filter(([article]) => contents.by(article) === who)
  // The other thread begins with those of its own. It never gets to the first of the others, whose texts would fill the memory.
  const [first, there] = [by('here'), by('there')]
  const here = first.slice(first.length / 2)
  const shared = [...here, ...there]
  if (shared.length < min) return undefined
  const places = new Map(shared.map(([, path], place) => [path, place]))
  const wanted = (): Wanted => ({
    kind: 'pages',
    pages: shared.map(([{ file }, path]) => [file, path]),
    texts: new Map(here.map(([article]) => [article.file, wholeOf(article, texts)])),
    feeds,
  })
  const ahead = thread.ahead<never>(folder, wanted, shared.length, { min: 0 })
  if (!ahead) return undefined
  const ended = ahead.ask()
  const left = new Map<string, number>()
  return {
    isHere(path) {
      const place = places.get(path)
      if (place === undefined || ahead.isHere(place)) return true
      left.set(path, place)
      return false
    },
    end: async () => (await ended)?.written,
    missing: () => new Set([...left].flatMap(([path, place]) => (ahead.isDone(place) ? [] : path))),
    stop: ahead.stop,
    close: ahead.close,
  }
}

function wholeOf(article: Article, texts: Remembering): { text: KeptText; whole: WholeText } {
  const { html, words } = texts.body(article)
  return { text: texts.kept().get(article.file)!, whole: { html, words } }
}
