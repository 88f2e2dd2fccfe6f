// What the last build kept, and what changed since → what of it need not be made again: texts, feeds and pages.

import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedFolder } from '../content/index.ts'
import { ChangedMeanwhile } from '../errors.ts'
import type { FeedsBefore } from '../feed/index.ts'
import type { Article, Loaded } from '../model.ts'
import { type Dependency, type KnownTexts, namesArticle, openTexts } from '../render/index.ts'
import type { PagesBefore } from '../site/index.ts'
import type { KeptBuild } from './cache/build-cache.ts'

export interface LastBuild {
  /** Of the settings and templates of now. */
  readonly global: string
  readonly texts: KnownTexts
  /** Whether an article, and each file of the publication's own that it names, is for certain what it was then. */
  isUntouched(article: Article): boolean
  /** How many warnings `check` had for articles, by file. */
  readonly findings: ReadonlyMap<string, number>
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
  areUnchanged(dependencies: readonly Dependency[]): boolean
}

export function openLastBuild({ out, loaded, kept, differences, areUnchanged }: LastBuildSources): LastBuild {
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

  /** Whether nothing is different but articles, and each of those of then is there. */
  const areOthersSame = differences?.otherFilesUnchanged === true && !differences.gone
  /** Whether each article, with all that others show of it, is to be found where it was, and no other. */
  const areSummariesSame = areOthersSame && loaded.articles.every(hasSameSummary)

  function areTextsUnchanged(dependencies: () => readonly Dependency[]): boolean {
    if (!differences?.otherFilesUnchanged) return areUnchanged(dependencies())
    return (
      areSummariesSame || areUnchanged(dependencies().filter(([, , reference]) => namesArticle(reference)))
    )
  }

  const recall: KeptBuild['recall'] = part => last && kept.recall(part)
  const texts = recall('texts')
  return {
    global,
    findings: last?.findings ?? new Map(),
    isUntouched: article => areOthersSame && isSame(article),
    texts: { texts: texts ? openTexts(texts) : new Map(), isSame, areUnchanged: areTextsUnchanged },
    feeds(isUnchanged) {
      const feeds = recall('feeds')
      const read = (path: string, start: number, end: number) => readPiece(join(out, path), start, end)
      if (!feeds) return undefined
      const { isUpToDate } = kept
      return { kept: feeds, isUnchanged, hasSameSummary, areSummariesSame, isUpToDate, read }
    },
    pages(isUnchanged) {
      const pages = recall('pages')
      return pages && { kept: pages, isSame, isUnchanged, hasSameSummary, isUpToDate: kept.isUpToDate }
    },
  }
}

/** File of each article → its state, which follows from the time and not from the file alone; most are published, and left out. */
export function statesInTime(loaded: Loaded): Map<string, string> {
  const states = new Map<string, string>()
  for (const { file, state } of loaded.articles) {
    const inTime = stateInTime(file, state, loaded)
    if (inTime !== 'published') states.set(file, inTime)
  }
  return states
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

// ─── For how long a build stays true ────────────────────────────────────────────────────────────────────────────────

interface Horizon {
  /** ms since epoch; the span begins here and ends before `until`. */
  readonly from: number
  readonly until: number
}

export async function buildHorizon(loaded: Loaded, now: number): Promise<Horizon> {
  let from = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  for (const at of await turningPoints(loaded, now)) {
    // A rule that says "after" turns a millisecond later than one that says "from".
    for (const instant of [at, at + 1]) {
      if (instant <= now) from = Math.max(from, instant)
      else until = Math.min(until, instant)
    }
  }
  return { from, until }
}

/** Instants at which something comes out otherwise; ms since epoch. */
async function turningPoints(loaded: Loaded, now: number): Promise<number[]> {
  const { publication, articles, notes, turns = [] } = loaded
  const isUndated = ({ state, date }: Article) => state === 'draft' && date.at === now
  const points: number[] = []
  for (const article of articles) if (!isUndated(article)) points.push(article.date.at)
  for (const { expires } of articles) if (expires) points.push(expires.at)
  for (const { sendAt } of notes) if (sendAt) points.push(sendAt.at)
  for (const point of turns) points.push(point)
  for (const point of await slotEnds(loaded, now)) points.push(point)
  if (publication.newsletters.length > 0 && articles.some(isUndated)) points.push(...undatedSteps(now))
  return points
}

async function slotEnds({ publication, articles }: Loaded, now: number): Promise<number[]> {
  const scheduled = publication.newsletters.filter(({ every }) => every !== 'article')
  if (scheduled.length === 0) return []
  const { comingSlot, newestSlot } = await import('../edition/index.ts')
  // Without the editor's notes: their times count for themselves.
  const loaded = { publication, articles } as Loaded
  return scheduled.flatMap(newsletter =>
    [newestSlot(loaded, newsletter, now), comingSlot(loaded, newsletter, now)].flatMap(
      slot => slot?.until ?? [],
    ),
  )
}

/** A draft without a date has the time of the run: what an edition left out is listed with that time, now and then anew. */
const UNDATED_STEP_MS = 15 * 60_000

function undatedSteps(now: number): number[] {
  const step = Math.floor(now / UNDATED_STEP_MS) * UNDATED_STEP_MS
  return [step, step + UNDATED_STEP_MS]
}
