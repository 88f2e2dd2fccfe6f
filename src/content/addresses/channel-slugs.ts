// Names of sections, tags or authors → the slug of each, and which of them come too near to another. Of those the one that
// has been in use the longest keeps the slug: nothing that is published later moves a feed, nor what is withdrawn.

import { foldedName, portableName, shortHash } from '../../base/index.ts'

export interface ChannelSlug {
  /** One path segment in any script, lower case, NFC; no two are one folder on any disk. */
  readonly slug: string
  /** The name that has the slug which this one would have had. */
  readonly rival?: string | undefined
}

/**
 * @param names all that are in use, each once: NFC, lower case, trimmed
 * @param since the date of the first article of a name, whatever its state: ms since epoch
 */
export function channelSlugs(
  names: readonly string[],
  since: (name: string) => number,
): ReadonlyMap<string, ChannelSlug> {
  const slugs = new Map<string, ChannelSlug>()
  const owners = new Map<string, string>()
  const others: Wanted[] = []
  for (const [place, wanted] of byPlace(names)) {
    const [first, ...later] = wanted.length > 1 ? wanted.sort(longestInUse(since)) : wanted
    owners.set(place, first!.name)
    slugs.set(first!.name, { slug: first!.plain })
    others.push(...later)
  }
  for (const { name, plain } of others) {
    let slug = plain
    for (let turn = ''; owners.has(foldedName(slug)); turn += '+') slug = `${plain}-${shortHash(name + turn)}`
    slugs.set(name, { slug, rival: owners.get(foldedName(plain)) })
    owners.set(foldedName(slug), name)
  }
  return slugs
}

interface Wanted {
  readonly name: string
  readonly plain: string
}

function byPlace(names: readonly string[]): Map<string, Wanted[]> {
  const places = new Map<string, Wanted[]>()
  for (const name of names) {
    const plain = slugOf(name) || shortHash(name)
    const place = foldedName(plain)
    const there = places.get(place)
    if (there) there.push({ name, plain })
    else places.set(place, [{ name, plain }])
  }
  return places
}

/** Of one day, who is called as the slug is, then the shortest, then in the order of the letters. */
function longestInUse(since: (name: string) => number): (left: Wanted, right: Wanted) => number {
  const far = ({ name, plain }: Wanted) => (name === plain ? 0 : 1)
  return (left, right) =>
    since(left.name) - since(right.name) ||
    far(left) - far(right) ||
    left.name.length - right.name.length ||
    (left.name < right.name ? -1 : 1)
}

/** No file system takes a name of more than 255 bytes. */
const MAX_SLUG_BYTES = 180

/** 'C++' → 'c-plus-plus', 'R&D' → 'r-d', 'नदी जोड़ो' → 'नदी-जोड़ो'; '' when nothing is left. */
function slugOf(text: string): string {
  const slug = text
    .normalize()
    .toLowerCase()
    .replace(/(?<=[\p{L}\p{N}+])\+/gu, '-plus')
    .replace(/(?<=[\p{L}\p{N}])#/gu, '-sharp')
    // Joiners stay: words of Persian and Hindi are written with them.
    .replace(/(?:(?!\u200c|\u200d)[^\p{L}\p{M}\p{N}\p{Emoji_Presentation}._-])+/gu, '-')
    .normalize()
    .replace(/-{2,}/g, '-')
    // Windows takes no dot at the end.
    .replace(/^(?:[-.\p{M}]|\u200c|\u200d)+|(?:[-.]|\u200c|\u200d)+$/gu, '')
  return portableName(shorten(slug))
}

function shorten(slug: string): string {
  if (Buffer.byteLength(slug) <= MAX_SLUG_BYTES) return slug
  let [cut, bytes] = ['', 0]
  for (const sign of slug) {
    bytes += Buffer.byteLength(sign)
    if (bytes > MAX_SLUG_BYTES) break
    cut += sign
  }
  return `${cut.replace(/[-.]+$/, '')}-${shortHash(slug)}`
}
