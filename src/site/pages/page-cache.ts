// What the last build made of pages → which of them stand as they would be made; and what is kept for the next build.

import type { Article } from '../../model.ts'
import type { Link } from './open-frames.ts'

/** A plain value: what the cache keeps. */
export interface KeptPages {
  /** Links to the sections, which stand above every page. */
  readonly sections: readonly Link[]
  /** Path below `out/` → of everything that the page shows besides what follows from settings, templates and faces. */
  readonly keys: ReadonlyMap<string, string>
}

/** The last build of the same settings, templates and authors. */
export interface PagesBefore {
  readonly kept: Omit<KeptPages, 'keys'> & { readonly keys: Pick<KeptPages['keys'], 'get'> }
  /** Whether an article is for certain what it was then, with its text. */
  isSame(article: Article): boolean
  /** Whether what its text refers to is as well, and what is said of those who wrote it. */
  holds(article: Article): boolean
  /** Whether all that others show of an article is. */
  hasSameFace(article: Article): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  stands(path: string): boolean
}

export interface KnownPages {
  /** Whether the page stands as it would be made. @param key of everything that it shows */
  stands(path: string, key: string): boolean
  /** The same of an article's page. @param key of everything but the article @param beside whose faces it shows */
  articleStands(path: string, key: string, article: Article, beside: readonly Article[]): boolean
  readonly standing: ReadonlySet<string>
  kept(): KeptPages
}

export function knownPages(before: PagesBefore | undefined, sections: readonly Link[]): KnownPages {
  const keys = new Map<string, string>()
  const standing = new Set<string>()
  const last = JSON.stringify(before?.kept.sections) === JSON.stringify(sections) ? before : undefined

  function note(path: string, stands: boolean): boolean {
    if (stands) standing.add(path)
    return stands
  }

  return {
    stands(path, key) {
      keys.set(path, key)
      return note(path, last !== undefined && last.kept.keys.get(path) === key && last.stands(path))
    },
    articleStands(path, key, article, beside) {
      keys.set(path, key)
      if (!last || last.kept.keys.get(path) !== key || !last.stands(path)) return false
      const same = article.state === 'withdrawn' ? last.isSame(article) : last.holds(article)
      return note(path, same && beside.every(last.hasSameFace))
    },
    standing,
    kept: () => ({ sections, keys }),
  }
}
