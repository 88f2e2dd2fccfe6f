// The figures of an edition → one self-contained page with plots.

import { duration, figure } from '../base/index.ts'
import type { EditionFigures } from '../deliver/index.ts'
import type { Templates } from '../templates/index.ts'

/** px: its size, and the room for labels around it. */
const PLOT_WIDTH = 560
const PLOT_HEIGHT = 220
const PLOT_LEFT = 64
const PLOT_BOTTOM = 28
const PLOT_TOP = 12

/** 10K, 1M: there is little room beside the plot. */
const short = new Intl.NumberFormat('en', { notation: 'compact' })

/** One self-contained HTML page, with plots drawn as SVG. Its words are English, as those of `status` are. */
export function statusPage(
  figures: EditionFigures,
  about: { readonly title: string; readonly subject: string; readonly timezone: string },
  templates: Templates,
): string {
  const { counts, seconds, rate, state, finishedAt } = figures
  const failed = counts.rejected + counts.deferred + counts.unknown
  const view = {
    ...about,
    edition: figures.edition,
    state,
    frozenAt: figures.frozenAt,
    took: `${finishedAt === undefined ? 'begun' : 'done in'} ${duration(seconds)}${finishedAt === undefined ? ' ago' : ''}`,
    tiles: [
      { name: 'audience', value: figure(counts.audience) },
      { name: 'accepted', value: figure(counts.accepted) },
      { name: 'share accepted', value: share(counts.accepted, counts.audience) },
      { name: 'accepted a second', value: rate === null ? '–' : figure(rate) },
    ],
    senders: figures.senders,
    time: overTime(figures, about.timezone),
    outcomes: bars(outcomes(figures), counts.audience),
    domains: bars(
      figures.domains.map(({ domain, ...states }) => ({
        name: domain,
        value: states.rejected + states.deferred + states.unknown,
        kind: mostOf(states),
      })),
      failed,
    ),
    codes: bars(codes(figures), failed),
    failures: figures.failures.map(({ state, reply, count }) => ({ state, reply, count: figure(count) })),
  }
  return templates.render('pages/status.html.hbs', view, { language: 'en', timezone: about.timezone })
}

interface Bar {
  readonly name: string
  readonly value: number
  /** Which colour. */
  readonly kind: string
}

function outcomes({ counts }: EditionFigures): Bar[] {
  const { accepted, pending, deferred, rejected, unknown, skipped } = counts
  const states = { accepted, pending, deferred, rejected, unknown }
  const left = Object.entries(skipped).map(([why, value]) => ({
    name: `skipped: ${why}`,
    value,
    kind: 'skipped',
  }))
  return [...Object.entries(states).map(([name, value]) => ({ name, value, kind: name })), ...left].filter(
    ({ value, name }) => value > 0 || name === 'accepted',
  )
}

/** '550 5.1.1' and the like, largest first. */
function codes({ failures }: EditionFigures): Bar[] {
  const groups = new Map<string, { value: number; kind: string }>()
  for (const { code, enhanced, count, state } of failures) {
    const name = code === undefined ? 'no answer' : [code, enhanced].filter(Boolean).join(' ')
    const group = groups.get(name) ?? { value: 0, kind: state }
    group.value += count
    groups.set(name, group)
  }
  return [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
    .slice(0, 10)
}

function mostOf(failed: Readonly<Record<string, number>>): string {
  return Object.entries(failed).reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

/** @param whole of which each is a share */
function bars(list: readonly Bar[], whole: number) {
  return list.map(({ name, value, kind }) => ({
    name,
    kind,
    value: figure(value),
    width: value === 0 ? 0 : Math.max(0.5, Math.round((value / whole) * 1000) / 10),
  }))
}

/** The number accepted, climbing from the first to the last; undefined before there is one. */
function overTime({ accepted: { from, points }, counts }: EditionFigures, timezone: string) {
  const last = points.at(-1)
  if (!last) return undefined
  const top = niceTop(Math.max(counts.accepted, 1))
  const x = (at: number) =>
    round(PLOT_LEFT + ((at - from) / (last.at - from)) * (PLOT_WIDTH - PLOT_LEFT - 16))
  const y = (value: number) => round(PLOT_TOP + (1 - value / top) * (PLOT_HEIGHT - PLOT_TOP - PLOT_BOTTOM))
  const line = [`M${x(from)} ${y(0)}`, ...points.map(({ at, accepted }) => `L${x(at)} ${y(accepted)}`)].join(
    '',
  )
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    second: last.at - from < 3_600_000 ? '2-digit' : undefined,
  })
  return {
    width: PLOT_WIDTH,
    height: PLOT_HEIGHT,
    left: PLOT_LEFT,
    right: PLOT_WIDTH - 16,
    base: y(0),
    line,
    area: `${line}L${x(last.at)} ${y(0)}Z`,
    rules: [0, top / 2, top].map(value => ({ y: y(value), text: y(value) + 4, label: short.format(value) })),
    begins: clock.format(from),
    ends: clock.format(last.at),
    labelY: PLOT_HEIGHT - 6,
    accepted: figure(last.accepted),
    lasted: duration((last.at - from) / 1000),
  }
}

/** The next of 2, 4, 6, 8, 10, 20 … so that half of it is a whole number. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [2, 4, 6, 8, 10].map(step => step * power).find(step => step >= value) ?? value
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
