// A publication's folder → what files there are and their numbers, without reading any; and what of it is as it was.

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Listing, listFolder, stampAt } from '../../content/index.ts'
import { sameStampAt, sameStamps, stampsOf, trustedStamps } from './stamps.ts'

/** The folder as it was when a build began. */
export interface FolderSnapshot {
  readonly articles: Listing
  readonly templates: Listing
  /** Numbers of the settings, where they lie beside `articles/`. */
  readonly settings: ArrayLike<number>
}

const SETTINGS = ['publication.yaml', 'publication.yml']
const NOTHING: Listing = { paths: [], stamps: [], links: [], problems: [] }

/** @param dir absolute path of the publication's folder */
export function takeSnapshot(dir: string): FolderSnapshot {
  return {
    articles: listFolder(dir, 'articles'),
    templates: existsSync(join(dir, 'templates')) ? listFolder(dir, 'templates') : NOTHING,
    settings: stampsOf(dir, SETTINGS, 0, statSync),
  }
}

/** Whether everything is the same in both, for certain. */
export function sameSnapshot(left: FolderSnapshot, right: FolderSnapshot): boolean {
  return (
    sameStamps(left.settings, right.settings) &&
    sameListing(left.templates, right.templates) &&
    sameListing(left.articles, right.articles)
  )
}

function sameListing(left: Listing, right: Listing): boolean {
  return (
    sameStamps(left.stamps, right.stamps) &&
    sameTexts(left.paths, right.paths) &&
    sameTexts(left.links, right.links) &&
    JSON.stringify(left.problems) === JSON.stringify(right.problems)
  )
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, at) => text === right[at])
}

/** The same without the numbers that cannot be trusted. @param takenAt by the clock of the file system: ms since epoch */
export function trustedSnapshot(
  { articles, templates, settings }: FolderSnapshot,
  takenAt: number,
): FolderSnapshot {
  return {
    articles: { ...articles, stamps: trustedStamps(articles.stamps, takenAt) },
    templates: { ...templates, stamps: trustedStamps(templates.stamps, takenAt) },
    settings: trustedStamps(settings, takenAt),
  }
}

/** Files that are for certain the same in both. */
export function unchangedFiles(before: Listing, now: Listing): Set<string> {
  const places = placesOf(before.paths)
  return new Set(
    now.paths.filter((path, place) => {
      const was = places.get(path)
      return was !== undefined && sameStampAt(before.stamps, was, now.stamps, place)
    }),
  )
}

interface FileMarks {
  /** @param path relative to the publication's folder */
  file(path: string): string
  templates(): string
}

/**
 * Texts that change with the files. One whose numbers cannot be trusted yet is like no other, now or later.
 *
 * @param takenAt by the clock of the file system: ms since epoch
 */
export function fileMarks({ articles, templates }: FolderSnapshot, takenAt: number): FileMarks {
  let places: Map<string, number> | undefined
  const unlikeAnyOther = `unknown at ${takenAt}`
  const write = (listing: Listing, place: number) => {
    const numbers = trustedStamps(stampAt(listing, place), takenAt)
    return numbers.some(Number.isNaN) ? unlikeAnyOther : numbers.join(' ')
  }
  return {
    file(path) {
      places ??= placesOf(articles.paths)
      const place = places.get(path)
      // A file that is not listed is not there, or reached by a link that was not followed.
      return place === undefined ? unlikeAnyOther : write(articles, place)
    },
    templates: () => templates.paths.map((path, place) => `${path} ${write(templates, place)}`).join('\n'),
  }
}

function placesOf(paths: readonly string[]): Map<string, number> {
  return new Map(paths.map((path, place) => [path, place]))
}
