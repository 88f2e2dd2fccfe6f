// What a build left of the folder and of `out/` ⇄ two files of the cache: names, and the numbers by which a change of what
// they name shows. Where only texts were edited, the numbers alone are written again.

import type { Listing } from '../../content/index.ts'
import type { Look } from './look.ts'
import { readSealed, writeSealed } from './sealed-file.ts'

export interface State<Report> {
  /** What the file of the names bears. */
  readonly names: string
  /** Name of each part → what it must bear to be of this very state. */
  readonly ids: Readonly<Record<string, string>>
  readonly look: Look
  readonly from: number
  readonly until: number
  readonly made: readonly string[]
  readonly copies: readonly string[]
  readonly bodies: readonly string[]
  /** Of what was made. */
  readonly stamps: Float64Array
  readonly report: Report
}

interface Names<Report> extends Pick<State<Report>, 'made' | 'copies' | 'bodies' | 'report'> {
  readonly id: string
  readonly articles: Unnumbered
  readonly templates: Unnumbered
}

type Unnumbered = Omit<Listing, 'stamps'>

interface Numbers extends Pick<State<unknown>, 'names' | 'ids' | 'from' | 'until' | 'stamps'> {
  readonly look: { readonly [Key in keyof Look]: ArrayLike<number> }
}

/** @param place of a file of the cache, by its name @returns undefined for any doubt at all */
export function readState<Report>(place: (name: string) => string, key: string): State<Report> | undefined {
  const numbers = readSealed(place('state'), key) as Numbers | undefined
  const names = numbers && (readSealed(place('names'), key) as Names<Report> | undefined)
  if (!names || names.id !== numbers.names) return undefined
  const { articles, templates, made, copies, bodies, report } = names
  const { look, ...others } = numbers
  return {
    ...others,
    look: {
      articles: { ...articles, stamps: look.articles },
      templates: { ...templates, stamps: look.templates },
      settings: look.settings,
    },
    made,
    copies,
    bodies,
    report,
  }
}

export function writeState<Report>(place: (name: string) => string, key: string, state: State<Report>): void {
  const { names: id, look, made, copies, bodies, report } = state
  const articles = unnumbered(look.articles)
  const templates = unnumbered(look.templates)
  const names: Names<Report> = { id, articles, templates, made, copies, bodies, report }
  writeSealed(place('names'), key, names)
  writeNumbers(place, key, state)
}

/** Of a state whose names are kept already. */
export function writeNumbers(
  place: (name: string) => string,
  key: string,
  { names, ids, from, until, stamps, look }: State<unknown>,
): void {
  const numbers: Numbers = {
    names,
    ids,
    from,
    until,
    stamps,
    look: {
      articles: look.articles.stamps,
      templates: look.templates.stamps,
      settings: look.settings,
    },
  }
  writeSealed(place('state'), key, numbers)
}

function unnumbered({ paths, links, problems }: Listing): Unnumbered {
  return { paths, links, problems }
}
