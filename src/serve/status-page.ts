// The figures of an edition, and those of the publication → one self-contained page with plots drawn as SVG. Its words are
// English, as those of `status` are.

import { DAY_MS, duration, figure, HOUR_MS, lookUpTable } from '../base/index.ts'
import type { EditionFigures } from '../deliver/index.ts'
import { type Group, MIN_GROUP } from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import { type Bar, bars, columnPlot, linePlot, type Plot } from './plots.ts'
import type { EditionInNumbers, Numbers, ProviderInNumbers } from './publication-figures.ts'

interface About {
  /** Of the publication. */
  readonly title: string
  readonly timezone: string
  /** ms since epoch */
  readonly now: number
}

/** What the page shows: an edition, or the publication, or both. */
export interface Shown {
  readonly edition?: { readonly figures: EditionFigures; readonly subject: string } | undefined
  readonly numbers?: Numbers | undefined
}

export function statusPage({ edition, numbers }: Shown, about: About, templates: Templates): string {
  const view = {
    title: about.title,
    now: about.now,
    edition: edition && editionView(edition.figures, edition.subject, about.timezone),
    numbers: numbers && numbersView(numbers, about),
  }
  return templates.render('pages/status.html.hbs', view, { language: 'en', timezone: about.timezone })
}

function editionView(figures: EditionFigures, subject: string, timezone: string) {
  const { counts, seconds, rate, state, finishedAt } = figures
  const failed = counts.rejected + counts.deferred + counts.unknown
  const took = `${finishedAt === undefined ? 'begun' : 'done in'} ${duration(seconds)}`
  return {
    subject,
    edition: figures.edition,
    state,
    frozenAt: figures.frozenAt,
    took: finishedAt === undefined ? `${took} ago` : took,
    tiles: [
      { name: 'audience', value: figure(counts.audience) },
      { name: 'accepted', value: figure(counts.accepted) },
      { name: 'share accepted', value: share(counts.accepted, counts.audience) },
      { name: 'accepted a second', value: rate === null ? '–' : figure(rate) },
    ],
    senders: figures.senders,
    time: acceptedOverTime(figures, timezone),
    outcomes: bars(outcomes(figures), counts.audience),
    domains: bars(domains(figures, failed), failed),
    codes: bars(codes(figures), failed),
    failures: figures.failures.map(({ state, reply, count }) => ({ state, reply, count: figure(count) })),
  }
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

/** Those of few readers, and those beyond the largest, are one. */
function domains(figures: EditionFigures, failed: number): Bar[] {
  const named = figures.domains
    .map(({ domain, ...states }) => ({
      name: domain,
      value: states.rejected + states.deferred + states.unknown,
      kind: mostOf(states),
    }))
    .filter(({ value }) => value >= MIN_GROUP)
  const others = failed - named.reduce((sum, { value }) => sum + value, 0)
  return others > 0 ? [...named, { name: 'all others', value: others, kind: 'skipped' }] : named
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

/** The number accepted, climbing from the first to the last; undefined before there is one. */
function acceptedOverTime(
  { accepted: { from, points } }: EditionFigures,
  timezone: string,
): Plot | undefined {
  const last = points.at(-1)
  if (!last) return undefined
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    second: last.at - from < HOUR_MS ? '2-digit' : undefined,
  })
  const [begins, ends] = [clock.format(from), clock.format(last.at)]
  const lasted = duration((last.at - from) / 1000)
  return linePlot(
    {
      id: 'time',
      title: 'Accepted over time',
      description: `A line from none at ${begins} to ${figure(last.accepted)} at ${ends}, in ${lasted}`,
      begins,
      ends,
    },
    [{ at: from, value: 0 }, ...points.map(({ at, accepted }) => ({ at, value: accepted }))],
  )
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`
}

// ─── The publication ─────────────────────────────────────────────────────────────────────────────────────────────────

function numbersView(numbers: Numbers, { now, timezone }: About) {
  const { growth, newsletters, sources, editions, providers, feeds, feedReaders, reports } = numbers
  const sum = (days: readonly { joined: number; left: number }[]) =>
    days.reduce((all, { joined, left }) => ({ joined: all.joined + joined, left: all.left + left }), {
      joined: 0,
      left: 0,
    })
  const all = sum(growth)
  const lately = sum(growth.filter(({ day }) => day >= now - 30 * DAY_MS))
  const inFeeds = feedReaders.reduce((total, { count }) => total + count, 0)
  return {
    tiles: [
      { name: 'readers by mail', value: figure(all.joined - all.left) },
      { name: 'joined in 30 days', value: figure(lately.joined) },
      { name: 'left in 30 days', value: figure(lately.left) },
      { name: 'subscribers of feeds', value: figure(inFeeds) },
    ],
    growth: growthPlot(growth, now, timezone),
    months: monthsOf(growth, timezone),
    newsletters: groupBars(newsletters),
    sources: groupBars(sources.map(({ name, count }) => ({ name: SOURCES[name] ?? name, count }))),
    after: editions.length > 0 ? afterPlot(editions, timezone) : undefined,
    times: editions.some(({ times }) => times) ? timesPlot(editions, timezone) : undefined,
    editions: editions.map(one => ({
      edition: one.edition,
      accepted: figure(one.accepted),
      left: figure(one.left),
      complaints: figure(one.complaint),
      hard: figure(one.hard),
      soft: figure(one.soft),
      half: one.times ? duration(one.times.half) : '–',
      most: one.times ? duration(one.times.most) : '–',
      all: one.times ? duration(one.times.all) : '–',
    })),
    providers: providers.map(providerRow),
    feeds: groupBars(feeds),
    feedReaders: groupBars(feedReaders),
    reports: reports.map(({ kind, domain, passed, failed, failures, ...about }) => ({
      domain,
      kind: kind === 'dmarc' ? 'DMARC, messages' : 'TLS, sessions',
      reports: figure(about.reports),
      passed: figure(passed),
      failed: figure(failed),
      share: share(passed, passed + failed),
      failures: failures.map(({ source, why, count }) => ({ source, why, count: figure(count) })),
    })),
  }
}

/** As the ledger has them → as people say it. */
const SOURCES = lookUpTable({
  '': 'others, fewer than five each',
  form: 'the form',
  api: 'the API',
  mail: 'by mail',
  add: 'added by hand',
})

function groupBars(groups: readonly Group[]) {
  const most = Math.max(1, ...groups.map(({ count }) => count))
  return bars(
    groups.map(({ name, count }) => ({ name, value: count, kind: 'accepted' })),
    most,
  )
}

const MAX_POINTS = 60

function growthPlot(growth: Numbers['growth'], now: number, timezone: string): Plot | undefined {
  const from = growth[0]?.day
  if (from === undefined || now - from < DAY_MS) return undefined
  const span = Math.max(DAY_MS, (now - from) / MAX_POINTS)
  const points: { at: number; value: number }[] = []
  let [value, index] = [0, 0]
  for (let at = from; at < now + span; at += span) {
    for (; index < growth.length && growth[index]!.day <= at; index++)
      value += growth[index]!.joined - growth[index]!.left
    points.push({ at: Math.min(at, now), value })
  }
  const day = dayFormat(timezone)
  const [begins, ends] = [day.format(from), day.format(now)]
  const [first, last] = [points[0]!.value, points.at(-1)!.value]
  const description = `A line from ${figure(first)} readers on ${begins} to ${figure(last)} on ${ends}`
  return linePlot({ id: 'growth', title: 'Readers by mail', description, begins, ends }, points)
}

/** The last twelve in which somebody came or went, newest first. */
function monthsOf(growth: Numbers['growth'], timezone: string) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, month: 'long', year: 'numeric' })
  const months = new Map<string, { joined: number; left: number; readers: number }>()
  let readers = 0
  for (const { day, joined, left } of growth) {
    readers += joined - left
    const name = format.format(day)
    const before = months.get(name) ?? { joined: 0, left: 0 }
    months.set(name, { joined: before.joined + joined, left: before.left + left, readers })
  }
  return [...months]
    .slice(-12)
    .reverse()
    .map(([month, { joined, left, readers: at }]) => ({
      month,
      joined: figure(joined),
      left: figure(left),
      readers: figure(at),
    }))
}

function afterPlot(editions: readonly EditionInNumbers[], timezone: string): Plot {
  const stacks = [...editions].reverse().map(({ left, complaint }) => [
    { kind: 'rejected', value: complaint },
    { kind: 'deferred', value: left },
  ])
  const total = (of: 'left' | 'complaint') => figure(editions.reduce((sum, one) => sum + one[of], 0))
  return columnPlot(
    {
      id: 'after',
      title: 'Left and complained after each edition',
      description: `A column for each of ${editions.length} editions; in all ${total('left')} left and ${total('complaint')} complained`,
      ...spanOf(editions, timezone),
    },
    stacks,
  )
}

function timesPlot(editions: readonly EditionInNumbers[], timezone: string): Plot {
  const newest = editions.find(({ times }) => times)!
  const [unit, seconds] = unitOf(Math.max(...editions.map(({ times }) => times?.most ?? 0)))
  return columnPlot(
    {
      id: 'times',
      title: `Until nine in ten had the letter, in ${unit}`,
      description: `A column for each of ${editions.length} editions; of ${newest.edition}, ${duration(newest.times!.most)}`,
      ...spanOf(editions, timezone),
    },
    [...editions].reverse().map(({ times }) => [{ kind: 'accepted', value: (times?.most ?? 0) / seconds }]),
    value => `${value}`,
  )
}

/** What so many seconds are read in. */
function unitOf(most: number): readonly [name: string, seconds: number] {
  if (most < 90) return ['seconds', 1]
  return most < 5400 ? ['minutes', 60] : ['hours', 3600]
}

function spanOf(editions: readonly EditionInNumbers[], timezone: string) {
  const day = dayFormat(timezone)
  const [begins, ends] = [day.format(editions.at(-1)!.frozenAt), day.format(editions[0]!.frozenAt)]
  return { begins, ends: editions.length > 1 ? ends : '' }
}

function dayFormat(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

function providerRow({ provider, accepted, hard, soft, complaint, verdict }: ProviderInNumbers) {
  const rate = accepted === 0 ? '–' : `${((100 * complaint) / accepted).toFixed(2)} %`
  const words = { well: '', warning: 'too many', held: 'held' }
  return {
    provider: provider || 'domains of few readers',
    accepted: figure(accepted),
    hard: figure(hard),
    soft: figure(soft),
    complaints: figure(complaint),
    rate,
    verdict: words[verdict],
  }
}
