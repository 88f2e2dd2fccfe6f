// Two or more things to run → each run in turn, round after round, so that whatever else the machine does meets all alike;
// and the medians of the ratios within rounds, which say more than any time.

import type { Measured } from './measure.ts'

export interface Contender {
  readonly name: string
  run(): Measured | Promise<Measured>
}

export interface Standing {
  readonly name: string
  /** Median, ms. */
  readonly wall: number
  /** Median, ms of processors. */
  readonly work?: number | undefined
  /** Median of its time over that of the first contender in the same round. */
  readonly ratio: number
  /** Most of all rounds, MiB. */
  readonly memory: number | undefined
}

/** One round before the first is not counted: disks and caches warm up. */
export async function inTurns(contenders: readonly Contender[], rounds: number): Promise<Standing[]> {
  const found = contenders.map((): Measured[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const measured = await contender.run()
      if (round > 0) found[index]!.push(measured)
    }
  }
  return contenders.map(({ name }, index) => {
    const mine = found[index]!
    const memory = mine.map(each => each.memory).filter(each => each !== undefined)
    const work = mine.map(each => each.work).filter(each => each !== undefined)
    return {
      name,
      work: work.length > 0 ? median(work) : undefined,
      wall: median(mine.map(each => each.wall)),
      ratio: median(mine.map((each, round) => each.wall / found[0]![round]!.wall)),
      memory: memory.length > 0 ? Math.max(...memory) : undefined,
    }
  })
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
