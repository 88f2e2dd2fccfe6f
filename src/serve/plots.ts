// Figures → plots as templates draw them: a line that climbs, columns side by side, bars in a table. Pure.

import { figure } from '../base/index.ts'

/** px: a plot's size, and the room for labels around it. */
const WIDTH = 560
const HEIGHT = 220
const LEFT = 64
const RIGHT = WIDTH - 16
const BOTTOM = 28
const TOP = 12

/** 10K, 1M: there is little room beside the plot. */
const short = new Intl.NumberFormat('en', { notation: 'compact' })

/** What a plot says to those who do not see it, and what is below it. */
export interface PlotWords {
  /** Unique on its page. */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly begins: string
  readonly ends: string
}

export interface Plot extends PlotWords {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly labelY: number
  readonly rules: readonly { readonly y: number; readonly text: number; readonly label: string }[]
  readonly line?: string
  readonly area?: string
  readonly columns?: readonly Column[]
}

interface Column {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly kind: string
}

/** @param points in the order of time, two or more at different times */
export function linePlot(
  words: PlotWords,
  points: readonly { readonly at: number; readonly value: number }[],
): Plot {
  const [from, to] = [points[0]!.at, points.at(-1)!.at]
  const { frame, y } = frameOf(words, Math.max(...points.map(({ value }) => value)))
  const x = (at: number) => round(LEFT + ((at - from) / (to - from)) * (RIGHT - LEFT))
  const line = `M${points.map(({ at, value }) => `${x(at)} ${y(value)}`).join('L')}`
  return { ...frame, line, area: `${line}L${x(to)} ${y(0)}L${x(from)} ${y(0)}Z` }
}

/** @param stacks from left to right: of each, the parts that lie on one another, with their colours */
export function columnPlot(
  words: PlotWords,
  stacks: readonly (readonly { readonly kind: string; readonly value: number }[])[],
  label?: (value: number) => string,
): Plot {
  const sums = stacks.map(parts => parts.reduce((sum, { value }) => sum + value, 0))
  const { frame, y } = frameOf(words, Math.max(...sums), label)
  const step = (RIGHT - LEFT) / stacks.length
  const width = round(Math.min(40, step * 0.7))
  const columns = stacks.flatMap((parts, index) => {
    let below = 0
    return parts.flatMap(({ kind, value }) => {
      const [bottom, top] = [y(below), y(below + value)]
      below += value
      if (value === 0) return []
      const x = round(LEFT + (index + 0.5) * step - width / 2)
      return [{ x, y: top, width, height: round(Math.max(1, bottom - top)), kind }]
    })
  })
  return { ...frame, columns }
}

function frameOf(words: PlotWords, most: number, label: (value: number) => string = short.format) {
  const top = niceTop(Math.max(1, most))
  const y = (value: number) => round(TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM))
  const rules = [0, top / 2, top].map(value => ({ y: y(value), text: y(value) + 4, label: label(value) }))
  return {
    frame: { ...words, width: WIDTH, height: HEIGHT, left: LEFT, right: RIGHT, labelY: HEIGHT - 6, rules },
    y,
  }
}

/** The next of 2, 4, 6, 8, 10, 20 … so that half of it is a whole number. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [2, 4, 6, 8, 10].map(step => step * power).find(step => step >= value) ?? value
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A row of a table with a bar in it. */
export interface Bar {
  readonly name: string
  readonly value: number
  /** Which colour. */
  readonly kind: string
}

/** @param whole of which each is a share */
export function bars(list: readonly Bar[], whole: number) {
  return list.map(({ name, value, kind }) => ({
    name,
    kind,
    value: figure(value),
    width: value === 0 ? 0 : Math.max(0.5, Math.round((value / whole) * 1000) / 10),
  }))
}
