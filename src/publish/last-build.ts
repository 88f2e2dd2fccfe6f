// What the last build left, and what differs from it → what of it need not be made again: texts, feeds and pages.

import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedFolder } from '../content/index.ts'
import { ChangedMeanwhile } from '../errors.ts'
import type { FeedsBefore } from '../feed/index.ts'
import type { Article, Loaded } from '../model.ts'
import { type Asked, type KnownTexts, namesArticle } from '../render/index.ts'
import type { PagesBefore } from '../site/index.ts'
import type { KeptBuild } from './cache/kept-build.ts'

export interface LastBuild {
  /** Of the settings and templates of now. */
  readonly global: string
  readonly texts: KnownTexts
  /** @param isUnchanged whether an article's text, and what that refers to, is what it was */
  feeds(isUnchanged: (article: Article) => boolean): FeedsBefore | undefined
  pages(isUnchanged: (article: Article) => boolean): PagesBefore | undefined
}

interface LastBuildSources {
  /** Absolute path. */
  readonly out: string
  readonly loaded: Loaded
  readonly kept: KeptBuild
  /** From what the last build loaded; undefined for everything. */
  readonly differences: LoadedFolder['differences']
  /** Whether every question has the answer that it had. */
  sameAnswers(asked: readonly Asked[]): boolean
}

export function openLastBuild({ out, loaded, kept, differences, sameAnswers }: LastBuildSources): LastBuild {
  const global = createHash('sha256')
    .update(JSON.stringify([loaded.publication, kept.mark()]))
    .digest('hex')
  // With other settings or templates nothing is the same.
  const last = differences && kept.state?.global === global ? kept.state : undefined
  const renewed = differences?.renewed ?? new Map()
  const hasSameState = ({ file, state }: Article) =>
    (last?.states.get(file) ?? 'published') === stateInTime(file, state, loaded)
  const isSame = (article: Article) =>
    last !== undefined && !renewed.has(article.file) && hasSameState(article)
  const hasSameSummary = (article: Article) =>
    last !== undefined && renewed.get(article.file) !== 'fields' && hasSameState(article)

  /** Whether each article is to be found where it was, and no other. */
  const sameAddresses =
    differences !== undefined && !differences.gone && loaded.articles.every(hasSameSummary)

  function hasSameAnswers(asked: readonly Asked[]): boolean {
    if (!differences?.otherFilesUnchanged) return sameAnswers(asked)
    return sameAddresses || sameAnswers(asked.filter(([, , reference]) => namesArticle(reference)))
  }

  const recall: KeptBuild['recall'] = part => last && kept.recall(part)
  return {
    global,
    texts: { texts: recall('texts') ?? new Map(), isSame, sameAnswers: hasSameAnswers },
    feeds(isUnchanged) {
      const feeds = recall('feeds')
      const read = (path: string, start: number, end: number) => readPiece(join(out, path), start, end)
      return feeds && { kept: feeds, isUnchanged, hasSameSummary, isUpToDate: kept.isUpToDate, read }
    },
    pages(isUnchanged) {
      const pages = recall('pages')
      return pages && { kept: pages, isSame, isUnchanged, hasSameSummary, isUpToDate: kept.isUpToDate }
    },
  }
}

/** File of each article → its state, which follows from the time and not from the file alone; most are published, and left out. */
export function statesInTime(loaded: Loaded): Map<string, string> {
  const states = loaded.articles.map(({ file, state }) => [file, stateInTime(file, state, loaded)] as const)
  return new Map(states.filter(([, state]) => state !== 'published'))
}

function stateInTime(file: string, state: Article['state'], { early }: Loaded): string {
  return early?.has(file) ? `${state}, changed later` : state
}

/** @throws ChangedMeanwhile when the file is shorter: it is not what it was a moment ago */
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
