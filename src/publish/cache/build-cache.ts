// A publication's folder → what the last build left in `.broadsheet/`: whether anything changed since, and what need not
// be done again. Nothing in `out/` depends on it: it may be lost, cut short or overwritten at any time, and any doubt
// about it makes the next build a whole one.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { once } from '../../base/index.ts'
import { IGNORED, type Listing, listFolder, makeIgnoredFolder, STAMP } from '../../content/index.ts'
import { discardHalves } from '../../sealed-bytes.ts'
import { changedFiles, comparison, marksOf, standingOf } from './compare.ts'
import type { Look } from './look.ts'
import { programKey } from './program-key.ts'
import { askClock, readSealed, writeSealed } from './sealed-file.ts'
import { sameListing, sameStamps, settled, settledSoon, stampsOf } from './stamps.ts'
import { readState, type State, writeNumbers, writeState } from './state.ts'

export type { Look } from './look.ts'

/** What a build leaves for the next. */
export interface Left<Report> {
  readonly look: Look
  /** When it looked, by the clock of the file system: ms since epoch. */
  readonly lookedAt: number
  /** The same folder gives the same at any time from here on … */
  readonly from: number
  /** … until before this instant; both ms since epoch. */
  readonly until: number
  /** Everything that it made, relative to `out/`. */
  readonly made: readonly string[]
  /** Those of them that are copies of files below `articles/`. */
  readonly copies: readonly string[]
  /** Articles' files whose bodies something that was made follows from; relative to the publication's folder. */
  readonly bodies: readonly string[]
  /** Parts that the next build may recall, by their names. */
  readonly parts: Readonly<Record<string, unknown>>
  readonly report: Report
}

/** What is known of the last build, as the folder is now. Nothing, when it left nothing that can be trusted. */
export interface Before {
  /** Of `articles/`, as the last build saw it. */
  readonly articles: Listing | undefined
  /** Whether a file is for certain what it was then; relative to the publication's folder. */
  isSame(path: string): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  stands(path: string): boolean
  /** The same of a copy of the publication's own file, which lies at the same place below `articles/`. */
  standsAsCopy(path: string): boolean
  /** A text that changes when the file does; when any of the publication's templates does, if none is named. */
  mark(path?: string): string
  /** A part by its name. @returns undefined when there is none from that very build */
  recall(part: string): unknown
}

export interface BuildCache<Report> {
  look(): Look
  /** Whether another build has ended since this one first asked what the last one left. */
  isOvertaken(): boolean
  /** What the last build reported, when one now would make the very same: every file of `out/` stands as it was made. */
  unchanged(look: Look, now: number): Report | undefined
  /** Undefined where anything else changed than a few articles' files, in the folder or in `out/`. */
  edits(look: Look, now: number): Edits<Report> | undefined
  /** Keeps that the folder as it was looked at gives what the last build made, but for what was made anew since. */
  settleAgain(look: Look, lookedAt: number, anew?: Anew): void
  /** @param lookedAt by the clock of the file system: ms since epoch */
  before(look: Look, lookedAt: number): Before
  settle(left: Left<Report>): void
}

/** Articles' files that changed: everything else is as the last build found and left it. */
export interface Edits<Report> {
  readonly files: readonly string[]
  /** Those of them from whose text something that was made follows. */
  readonly shown: readonly string[]
  readonly report: Report
}

export interface Anew {
  /** Files that were written, relative to `out/`. */
  readonly written: readonly string[]
  /** Parts that take the place of those of the last build. */
  readonly parts: Readonly<Record<string, unknown>>
}

/** More files than this are no edit: reading all is as quick. */
const FEW = 50
const SETTINGS = ['publication.yaml', 'publication.yml']

/** @param dir absolute path of the publication's folder */
export function openBuildCache<Report>(dir: string): BuildCache<Report> {
  const key = [programKey(), dir, realpathSync.native(dir), realpathSync.native(join(dir, 'articles'))].join(
    '\n',
  )
  const out = join(dir, 'out')
  const place = (part: string) => join(dir, IGNORED, 'build', part)
  const clock = () => askClock(place('clock'))
  const stampOfState = () => stampsOf(place(''), ['state'], 0)
  let stamp: number[] | undefined
  let state: State<Report> | undefined | 'unread' = 'unread'

  function last(): State<Report> | undefined {
    if (state === 'unread') {
      stamp = stampOfState()
      state = readState<Report>(place, key)
    }
    return state
  }

  /** @returns what each bears */
  function writeParts(parts: Anew['parts'], lookedAt: number): State<Report>['ids'] {
    const id = idOf(lookedAt)
    discardHalves(place(''))
    for (const [part, value] of Object.entries(parts))
      writeSealed(place(part), key, { id, value } satisfies Kept)
    return Object.fromEntries(Object.keys(parts).map(part => [part, id]))
  }

  return {
    look: () => ({
      articles: listFolder(dir, 'articles'),
      templates: existsSync(join(dir, 'templates')) ? listFolder(dir, 'templates') : nothing,
      settings: stampsOf(dir, SETTINGS, 0, statSync),
    }),
    isOvertaken: () => stamp !== undefined && !sameStamps(stamp, stampOfState()),
    unchanged(look, now) {
      const before = last()
      if (!before || now < before.from || now >= before.until) return undefined
      if (!sameLook(before.look, look)) return undefined
      return sameStamps(before.stamps, stampsOf(out, before.made)) ? before.report : undefined
    },
    edits(look, now) {
      const before = last()
      if (!before || now < before.from || now >= before.until) return undefined
      if (!sameGround(before.look, look)) return undefined
      const files = changedFiles(before.look.articles, look.articles)
      if (!files?.length || files.length > FEW || !files.every(isText)) return undefined
      if (!sameStamps(before.stamps, stampsOf(out, before.made))) return undefined
      return { files, shown: files.filter(file => before.bodies.includes(file)), report: before.report }
    },
    settleAgain(look, lookedAt, { written, parts } = { written: [], parts: {} }) {
      const before = last()
      if (!before) return
      const ids = writeParts(parts, lookedAt)
      const stamps = Float64Array.from(before.stamps)
      const places = new Map(written.length > 0 ? before.made.map((path, place) => [path, place]) : [])
      for (const [index, stamp] of settledSoon(out, written, clock).entries())
        stamps[places.get(written[Math.floor(index / STAMP)]!)! * STAMP + (index % STAMP)] = stamp
      const kept = { ...before, ids: { ...before.ids, ...ids }, look: settledLook(look, lookedAt), stamps }
      writeNumbers(place, key, kept)
    },
    before(look, lookedAt) {
      const before = last()
      const compared = once(() => comparison(before!.look.articles, look.articles))
      const isSame = (path: string) => before !== undefined && compared()(path)
      const standing = once(() => standingOf(out, before?.made ?? [], before?.stamps ?? []))
      const copies = once(() => new Set(before?.copies))
      const marks = marksOf(look, lookedAt)
      return {
        articles: before?.look.articles,
        isSame,
        stands: path => standing().has(path),
        standsAsCopy: path => copies().has(path) && standing().has(path) && isSame(`articles/${path}`),
        mark: path => (path === undefined ? marks.templates() : marks.file(path)),
        recall(part) {
          const kept = before && (readSealed(place(part), key) as Kept | undefined)
          return kept && kept.id === before?.ids[part] ? kept.value : undefined
        },
      }
    },
    settle({ look, lookedAt, from, until, made, copies, bodies, parts, report }) {
      try {
        makeIgnoredFolder(join(dir, IGNORED))
      } catch {
        return // A folder that is read only has no cache.
      }
      const ids = writeParts(parts, lookedAt)
      const stamps = settledSoon(out, made, clock)
      const kept: State<Report> = {
        names: idOf(lookedAt),
        ids,
        look: settledLook(look, lookedAt),
        from,
        until,
        made,
        copies,
        bodies,
        stamps,
        report,
      }
      writeState(place, key, kept)
    },
  }
}

function idOf(lookedAt: number): string {
  return `${process.pid} ${lookedAt}`
}

interface Kept {
  readonly id: string
  readonly value: unknown
}

const nothing: Listing = { paths: [], stamps: [], links: [], problems: [] }

function sameLook(left: Look, right: Look): boolean {
  return sameGround(left, right) && sameListing(left.articles, right.articles)
}

/** Settings and templates. */
function sameGround(left: Look, right: Look): boolean {
  return sameStamps(left.settings, right.settings) && sameListing(left.templates, right.templates)
}

function settledLook({ articles, templates, settings }: Look, lookedAt: number): Look {
  return {
    articles: { ...articles, stamps: settled(articles.stamps, lookedAt) },
    templates: { ...templates, stamps: settled(templates.stamps, lookedAt) },
    settings: settled(settings, lookedAt),
  }
}

/** An article, and neither an author's file nor an editor's note. */
function isText(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path) && !/^articles\/(?:authors|editions)\//.test(path)
}
