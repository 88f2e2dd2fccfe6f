// What one load found, for the next: nothing that did not change is read or parsed again. Kept in shares, so that a few
// articles come back without the other ten thousand.

import { deserialize, serialize } from 'node:v8'
import type { Author, Diagnostic } from '../model.ts'
import { type Columns, type Fresh, type KnownArticle, packColumns, recall } from './articles/columns.ts'
import type { Settings } from './settings/settings-schema.ts'

/** A plain value: what the cache keeps. */
export interface LoadMemory {
  /** Relative path and text of the settings, and what they were read as. */
  readonly settings: { readonly file: string; readonly text: string; readonly value: Settings }
  /** By id, in the order of their paths. Articles name these very objects. */
  readonly authors: ReadonlyMap<string, Author>
  /** Told while the authors' files were read. */
  readonly authorProblems: readonly Diagnostic[]
  readonly paths: readonly string[]
  /** Columns of so many files each, as the engine writes them, with ids in the place of those authors. */
  readonly shares: readonly Uint8Array[]
}

const SHARE = 256

/** @param files those at the paths, in their order */
export function packMemory(shared: Omit<LoadMemory, 'shares'>, files: readonly KnownArticle[]): LoadMemory {
  const ids = new Map([...shared.authors].map(([id, author]) => [author, id]))
  const shares: Uint8Array[] = []
  for (let at = 0; at < files.length; at += SHARE) {
    const columns = packColumns(shared.paths.slice(at, at + SHARE), files.slice(at, at + SHARE))
    shares.push(serialize(withBylines(columns, author => ids.get(author as Author) ?? author)))
  }
  return { ...shared, shares }
}

/** @returns what was read of the file at a place among the paths, as it is now */
export function openMemory({ authors, shares }: LoadMemory): (place: number, fresh: Fresh) => KnownArticle {
  const opened: Columns[] = []
  function open(share: number): Columns {
    const columns = deserialize(shares[share]!) as Columns
    return withBylines(columns, author => (typeof author === 'string' ? authors.get(author)! : author))
  }
  return (place, fresh) => {
    const share = Math.floor(place / SHARE)
    opened[share] ??= open(share)
    return recall(opened[share], place % SHARE, fresh)
  }
}

function withBylines(columns: Columns, named: (author: Author | string) => Author | string): Columns {
  const authors = columns.dense.authors.map(byline => byline?.map(named))
  return { ...columns, dense: { ...columns.dense, authors: authors as Columns['dense']['authors'] } }
}
