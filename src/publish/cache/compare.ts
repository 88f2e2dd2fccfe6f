// The last build's numbers and those of now → what of that build still stands.

import { type Listing, STAMP, stampAt } from '../../content/index.ts'
import type { Look } from './look.ts'
import { settled, stampsOf } from './stamps.ts'

/** @returns whether a file is for certain the same in both */
export function comparison(before: Listing, now: Listing): (path: string) => boolean {
  const same = new Set<string>()
  const places = new Map(before.paths.map((path, at) => [path, at * STAMP]))
  for (const [index, path] of now.paths.entries()) {
    const was = places.get(path)
    const is = index * STAMP
    if (was === undefined) continue
    let at = 0
    while (at < STAMP && before.stamps[was + at] === now.stamps[is + at]) at++
    if (at === STAMP) same.add(path)
  }
  return path => same.has(path)
}

/** @returns those of the paths that stand below the folder as their numbers say */
export function standingOf(folder: string, paths: readonly string[], stamps: ArrayLike<number>): Set<string> {
  const now = stampsOf(folder, paths)
  return new Set(
    paths.filter((_, place) => {
      for (let at = place * STAMP; at < (place + 1) * STAMP; at++) if (stamps[at] !== now[at]) return false
      return true
    }),
  )
}

export interface Marks {
  file(path: string): string
  templates(): string
}

/** Texts that change with the files. One that cannot be believed yet is like no other, now or later. */
export function marksOf({ articles, templates }: Look, lookedAt: number): Marks {
  let places: Map<string, number> | undefined
  const write = (listing: Listing, place: number) => {
    const numbers = settled(stampAt(listing, place), lookedAt)
    return numbers.some(Number.isNaN) ? `doubt at ${lookedAt}` : numbers.join(' ')
  }
  return {
    file(path) {
      places ??= new Map(articles.paths.map((known, at) => [known, at]))
      const place = places.get(path)
      // What is in no listing is there by a way that was not looked at, or is not there.
      return place === undefined ? `doubt at ${lookedAt}` : write(articles, place)
    },
    templates: () => templates.paths.map((path, place) => `${path} ${write(templates, place)}`).join('\n'),
  }
}
