// What is asked of the preview → what its pages have in common: how something is to be shown, frames side by side, problems.

import { join } from 'node:path'
import { once } from '../../base/index.ts'
import type { Diagnostic } from '../../model.ts'
import { builtinTemplates, openTemplates } from '../../templates/index.ts'
import { type Look, SCHEMES, type Scheme } from './as-shown.ts'

/** What a page shows: a template of templates/preview/ and its data. */
export interface View {
  readonly title: string
  readonly template: string
  readonly data: object
}

/** The preview's own: a mistake in the publication's templates does not reach them. */
const own = once(() => openTemplates(join(builtinTemplates, 'none')))

/** @param name of a template of templates/preview/ */
export function render(name: string, data: object): string {
  return own().render(`preview/${name}.html.hbs`, data, { language: 'en', timezone: 'UTC' })
}

/** CSS pixels: small and common phones, a large one, a mail in a desktop client, a page. */
const WIDTHS = [320, 360, 414, 640, 900] as const

/** How one frame is shown. */
export function lookOf(query: URLSearchParams): Look {
  const wanted = query.get('look') ?? 'light'
  return {
    scheme: Object.hasOwn(SCHEMES, wanted) ? (wanted as Scheme) : 'light',
    images: query.get('images') !== 'off',
    styles: query.get('styles') !== 'off',
    remote: query.get('remote') === 'on',
  }
}

/** One switch of the form above the frames. */
interface Choice {
  readonly name: string
  readonly value: string
  readonly text: string
  readonly chosen: boolean
}

export interface Frames {
  readonly widths: readonly Choice[]
  readonly looks: readonly Choice[]
  readonly switches: readonly Choice[]
  readonly frames: readonly { readonly caption: string; readonly width: number; readonly src: string }[]
}

/**
 * The same thing side by side, in each width and each scheme that was asked for.
 *
 * @param source address of what is shown; the look is added to it
 * @param usual what is shown when nothing is asked for
 */
export function framesOf(
  query: URLSearchParams,
  source: string,
  usual: { readonly widths: readonly number[]; readonly looks: readonly Scheme[] },
): Frames {
  const asked = query.getAll('width').map(Number)
  const widths = WIDTHS.filter(width => (asked.length > 0 ? asked : usual.widths).includes(width))
  const askedLooks = query.getAll('look')
  const known = Object.keys(SCHEMES) as Scheme[]
  const looks = known.filter(look => (askedLooks.length > 0 ? askedLooks : usual.looks).includes(look))
  const switches = SWITCHES.map(({ name, value, text }) => ({
    name,
    value,
    text,
    chosen: query.get(name) === value,
  }))
  const extra = switches.filter(({ chosen }) => chosen).map(({ name, value }) => `&${name}=${value}`)
  const join = source.includes('?') ? '&' : '?'
  return {
    widths: WIDTHS.map(width => ({
      name: 'width',
      value: String(width),
      text: String(width),
      chosen: widths.includes(width),
    })),
    looks: known.map(look => ({
      name: 'look',
      value: look,
      text: SCHEMES[look],
      chosen: looks.includes(look),
    })),
    switches,
    frames: looks.flatMap(look =>
      widths.map(width => ({
        caption: `${width} px, ${SCHEMES[look]}`,
        width,
        src: `${source}${join}look=${look}${extra.join('')}`,
      })),
    ),
  }
}

const SWITCHES = [
  { name: 'images', value: 'off', text: 'Images off' },
  { name: 'styles', value: 'off', text: 'Styles off' },
  { name: 'remote', value: 'on', text: 'Load pictures from other servers' },
] as const

/** Links to other views of the same thing. */
export function viewLinks(query: URLSearchParams, path: string, views: Readonly<Record<string, string>>) {
  const [first] = Object.keys(views)
  const current = Object.hasOwn(views, query.get('view') ?? '') ? query.get('view') : first
  return Object.entries(views).map(([view, name]) => {
    const other = new URLSearchParams(query)
    other.set('view', view)
    return { view, name, address: `${path}?${other}`, current: view === current }
  })
}

/** Which of them is looked at. */
export function currentView(links: ReturnType<typeof viewLinks>): string {
  return links.find(({ current }) => current)!.view
}

export interface ShownProblem {
  /** 'articles/a.md:12', as editors open it. */
  readonly place: string
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly advice: string
  readonly rule: string
}

/** Errors first. */
export function problemsOf(diagnostics: readonly Diagnostic[]): ShownProblem[] {
  const rank = { error: 0, warning: 1, info: 2 }
  return [...diagnostics]
    .sort((left, right) => rank[left.severity] - rank[right.severity])
    .map(({ file, line, severity, message, advice, rule }) => ({
      place: line > 0 ? `${file}:${line}` : file,
      severity,
      message,
      advice,
      rule,
    }))
}
