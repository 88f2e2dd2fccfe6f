// Path of an article's file → what it says: from an earlier load where nothing changed, else read and parsed.

import type { Article } from '../../model.ts'
import type { Listing } from '../list-folder.ts'
import { type KnownArticle, noBody, openMemory, type Recall, type Reusable } from '../memory.ts'
import type { ReaderThread } from '../threads/reader-thread.ts'
import { ArticleBodies, ListedFiles } from './article-bodies.ts'
import { ArticleParser } from './parse-article.ts'
import type { LoadContext } from './read-front-matter.ts'

export interface Sources {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly listing: Listing
  readonly context: LoadContext
  /** An earlier load by the same settings and authors. */
  readonly reusable: Reusable | undefined
  /** How many bytes of bodies are kept. */
  readonly budget: number
  readonly thread: ReaderThread | undefined
}

export interface ArticleLoader {
  /** @param place of the path among all of them, which are asked for in their order */
  load(path: string, place: number): KnownArticle
  /** Known files that were read anew, and of each what may have changed. */
  readonly renewed: ReadonlyMap<string, Renewed>
}

/** Its body alone, or its fields as well. */
export type Renewed = 'body' | 'fields'

export function openArticleLoader({
  root,
  listing,
  context,
  reusable,
  budget,
  thread,
}: Sources): ArticleLoader {
  const files = new ListedFiles(root, listing)
  const bodies = new ArticleBodies(files, budget)
  const parser = new ArticleParser(files, bodies, context, thread)
  const renewed = new Map<string, Renewed>()
  if (!reusable) return { load: (path, place) => parser.parse(path, place), renewed }

  const earlier = new EarlierArticles(reusable, context)
  return {
    load(path, place) {
      const recalled = earlier.recall(path, bodies.property)
      if (recalled) return recalled
      const parsed = parser.parse(path, place)
      // Of a few files it is worth knowing that what others show of them is as it was.
      const isCompared = renewed.size < MAX_COMPARED_FILES
      renewed.set(path, isCompared ? earlier.compare(path, parsed.article) : 'fields')
      return parsed
    },
    renewed,
  }
}

/** More files than this are not the work of an editor between two builds. */
const MAX_COMPARED_FILES = 500

class EarlierArticles {
  readonly #reusable: Reusable
  readonly #context: LoadContext
  readonly #recall: Recall
  readonly #places: ReadonlyMap<string, number>

  constructor(reusable: Reusable, context: LoadContext) {
    this.#reusable = reusable
    this.#context = context
    this.#recall = openMemory(reusable.memory)
    this.#places = new Map(reusable.memory.paths.map((path, at) => [path, at]))
  }

  /** @returns undefined for a file that must be read */
  recall(path: string, body: PropertyDescriptor): KnownArticle | undefined {
    if (!this.#reusable.isUnchanged(path)) return undefined
    const found = this.#at(path, body)
    if (!found || found.undated) return undefined
    return found.usesOwnFiles && !this.#reusable.otherFilesUnchanged ? undefined : found
  }

  compare(path: string, article: Article | undefined): Renewed {
    const before = article && this.#at(path, noBody)?.article
    return before && fieldsOf(before) === fieldsOf(article) ? 'body' : 'fields'
  }

  #at(path: string, body: PropertyDescriptor): KnownArticle | undefined {
    const place = this.#places.get(path)
    const { now, sections } = this.#context
    return place === undefined ? undefined : this.#recall(place, { now, sections, body })
  }
}

/** Everything but the body, in one order. */
function fieldsOf(article: Article): string {
  const keys = Object.keys(article).filter(key => key !== 'body') as (keyof Article)[]
  return JSON.stringify(keys.sort().map(key => [key, article[key]]))
}
