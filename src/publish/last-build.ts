// What the last build left, and what differs from it → what of it still holds: texts, feeds and pages.

import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Differences } from '../content/index.ts'
import { ChangedMeanwhile } from '../errors.ts'
import type { FeedsBefore } from '../feed/index.ts'
import type { Article, Loaded } from '../model.ts'
import { type Asked, type KnownTexts, namesArticle } from '../render/index.ts'
import type { PagesBefore } from '../site/index.ts'
import type { Before } from './cache/build-cache.ts'
import { recallPages, recallPart, recallTexts } from './parts.ts'

export interface LastBuild {
  readonly global: string
  readonly texts: KnownTexts
  /** @param holds whether an article's text, and what that refers to, is what it was */
  feeds(holds: (article: Article) => boolean): FeedsBefore | undefined
  pages(holds: (article: Article) => boolean): PagesBefore | undefined
}

interface Sources {
  /** Absolute path. */
  readonly out: string
  readonly loaded: Loaded
  readonly before: Before
  /** From what the last build loaded; undefined for everything. */
  readonly differences: Differences | undefined
  /** Whether every question has the answer that it had. */
  holds(asked: readonly Asked[]): boolean
}

export function openLastBuild({ out, loaded, before, differences, holds }: Sources): LastBuild {
  const { publication, articles } = loaded
  const global = createHash('sha256')
    .update(JSON.stringify([publication, before.mark()]))
    .digest('hex')
  const kept = differences && recallPart(before, 'made')
  const made = kept?.global === global ? kept : undefined
  const renewed = differences?.renewed ?? new Map()
  const hasSameState = (article: Article) =>
    (made?.states.get(article.file) ?? 'published') === stateOf(article, loaded)
  const isSame = (article: Article) =>
    made !== undefined && !renewed.has(article.file) && hasSameState(article)
  const hasSameFace = (article: Article) =>
    made !== undefined && renewed.get(article.file) !== 'face' && hasSameState(article)

  /** Whether each article is to be found where it was, and no other. */
  const sameAddresses =
    differences !== undefined && !differences.gone && articles.every(article => hasSameFace(article))

  function areThere(asked: readonly Asked[]): boolean {
    if (!differences?.sameOthers) return holds(asked)
    return sameAddresses || holds(asked.filter(([, , reference]) => namesArticle(reference)))
  }

  const last = { isSame, hasSameFace, stands: before.stands }
  return {
    global,
    texts: { texts: (made && recallTexts(before)) ?? new Map(), isSame, areThere },
    feeds(holds) {
      const kept = made && recallPart(before, 'feeds')
      return kept && { ...last, holds, kept, read: pieceReader(out) }
    },
    pages(holds) {
      const kept = made && recallPages(before)
      return kept && { ...last, holds, kept }
    },
  }
}

export function statesOf(loaded: Loaded): Map<string, string> {
  const states = new Map(loaded.articles.map(article => [article.file, stateOf(article, loaded)]))
  for (const [file, state] of states) if (state === 'published') states.delete(file)
  return states
}

/** What of an article follows from the time, and not from its file. */
function stateOf({ file, state }: Article, { early }: Loaded): string {
  return early?.has(file) ? `${state}, changed later` : state
}

/** @throws ChangedMeanwhile when a file is shorter: it is not what it was a moment ago */
export function pieceReader(out: string): (path: string, start: number, end: number) => Uint8Array {
  return (path, start, end) => readPiece(join(out, path), start, end)
}

function readPiece(path: string, start: number, end: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(end - start)
  const handle = openSync(path, 'r')
  try {
    for (let read = 0; read < bytes.length; ) {
      const more = readSync(handle, bytes, read, bytes.length - read, start + read)
      if (more === 0) throw new ChangedMeanwhile(path)
      read += more
    }
    return bytes
  } finally {
    closeSync(handle)
  }
}
