// The cells of one column, one after another → whether the column speaks of states, and whether all of it is understood.

import { parseAddress } from '../../base/index.ts'
import { isBlank, type Standing, saysGone, stateOfWord, yesOrNo } from './cell-values.ts'
import { isPlace } from './columns.ts'
import { ofWords, type Reading, type StateReader } from './state-columns.ts'

/** More different values are text, not states. */
const MAX_VALUES = 60
const MAX_SHOWN_VALUES = 12

export class ColumnTally {
  readonly title: string
  readonly #reader: StateReader | undefined
  readonly readings = new Map<Reading, number>()
  filled = 0
  blanks = 0
  addresses = 0
  /** Of a column that may be a choice. */
  #yesOrNo = 0
  /** Of a column with a reader: values that it does not understand. Of any other: all values, if they are few. */
  readonly #values = new Map<string, { line: number; rows: number }>()
  /** Of a column with a reader: all values, if they are few. */
  readonly #read = new Map<string, number>()
  #hasMoreValues = false
  #gone: { readonly value: string; readonly line: number } | undefined

  /** @param reader how its cells are read, if its title, a dialect or a person says that it speaks of states */
  constructor(title: string, reader: StateReader | undefined) {
    this.title = title
    this.#reader = reader
  }

  count(cell: string, line: number): void {
    const reading = this.#reader?.read(cell)
    if (this.#reader) this.readings.set(reading, (this.readings.get(reading) ?? 0) + 1)
    if (isBlank(cell)) {
      this.blanks += 1
      return
    }
    this.filled += 1
    if (cell.includes('@') && parseAddress(cell)) this.addresses += 1
    if (this.#reader?.doubt === 'choice' && yesOrNo(cell) !== undefined) this.#yesOrNo += 1
    if (this.#reader && this.#read.size <= MAX_SHOWN_VALUES)
      this.#read.set(cell, (this.#read.get(cell) ?? 0) + 1)
    if (this.#reader && reading !== undefined) return
    const known = this.#values.get(cell)
    if (known) known.rows += 1
    else {
      if (this.#values.size < MAX_VALUES) this.#values.set(cell, { line, rows: 1 })
      else this.#hasMoreValues = true
      if (!this.#gone && saysGone(cell)) this.#gone = { value: cell, line }
    }
  }

  /** How many rows it calls something else than active, as far as it is understood. */
  get notActive(): number {
    let rows = 0
    for (const [reading, count] of this.readings) {
      if (reading !== undefined && !['active', 'nothing', 'blank'].includes(reading)) rows += count
    }
    if (this.#reader || this.readings.size > 0) return rows
    for (const [value, { rows: count }] of this.#values) {
      if (saysGone(value) || (stateOfWord(value) ?? 'active') !== 'active') rows += count
    }
    return rows
  }

  /** Different values and how often they occur; none where they are many, as times are. */
  get values(): ReadonlyMap<string, number> {
    if (!this.#reader) return new Map([...this.#values].map(([value, { rows }]) => [value, rows]))
    return this.#read.size > MAX_SHOWN_VALUES ? new Map() : this.#read
  }

  /** Whether it is filled, and none of its values is like that. */
  isWithout(isLike: (value: string) => boolean): boolean {
    return this.filled > 0 && !this.#hasMoreValues && ![...this.#values.keys()].some(isLike)
  }

  /** How it is read; undefined when it does not speak of states; text when it does, and is not understood. */
  judge(titles: readonly string[]): StateReader | string | undefined {
    if (!this.#reader) return this.#judgeValues()
    const { doubt } = this.#reader
    if (doubt === 'choice' && this.#yesOrNo < this.filled) return this.#judgeValues()
    if (doubt === 'place' && this.#isPlace(titles)) return undefined
    return this.#values.size > 0 ? this.#examples() : this.#reader
  }

  /** A title that says nothing: do the values? */
  #judgeValues(): StateReader | string | undefined {
    const said = new Set<Standing | undefined>([...this.#values.keys()].map(stateOfWord))
    const areWords = !this.#hasMoreValues && !said.has(undefined)
    if (areWords && said.size > 0 && (this.#gone || (said.has('active') && said.size > 1))) {
      // Read once more, now as words.
      const reader = ofWords()
      for (const [value, { rows }] of this.#values) this.readings.set(reader.read(value), rows)
      return reader
    }
    return this.#gone && `'${this.#gone.value}' (line ${this.#gone.line})`
  }

  #isPlace(titles: readonly string[]): boolean {
    const isSpoken = [...this.readings.keys()].some(reading => reading !== undefined && reading !== 'blank')
    if (isSpoken) return false
    const areCodes = [...this.#values.keys()].every(value => /^[A-Z]{2,3}$/.test(value))
    return titles.some(isPlace) || (areCodes && this.filled > 0)
  }

  /** The first few values that are not understood. */
  #examples(): string {
    const all = [...this.#values]
    const shown = all
      .slice(0, 5)
      .map(([value, { line, rows }]) => `'${value}' (line ${line}${rows > 1 ? `, ${rows} rows` : ''})`)
    return shown.join(', ') + (all.length > shown.length ? ' and others' : '')
  }
}
