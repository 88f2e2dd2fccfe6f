// The ramp of a new sender → how many readers may be mailed for the first time today, and when the next day begins.

import { DAY_MS, isoTime, openZone, type Zone } from '../base/index.ts'
import type { Publication, WarmUp } from '../model.ts'
import { type Database, readWarmUp, reserveWarmUp, returnWarmUp, type WarmUpDay } from '../store/index.ts'
import type { Clock } from './clock.ts'

export interface WarmUpSettings extends WarmUp {
  /** Whose days they are: an IANA name. */
  readonly timezone: string
}

/** Of a publication; undefined where it has no ramp. */
export function warmUpSettings({
  mail,
  timezone,
}: Pick<Publication, 'mail' | 'timezone'>): WarmUpSettings | undefined {
  return mail.warmUp && { ...mail.warmUp, timezone }
}

/** '2026-01-30' */
function dayAt(at: number, zone: Zone): string {
  return isoTime(at, zone).slice(0, 10)
}

function nextDayAfter(at: number, zone: Zone): number {
  const wall = Date.parse(`${dayAt(at, zone)}T00:00:00Z`)
  return zone.fromWall(wall + DAY_MS).at
}

/** What a day of the ramp allows, for who only looks. */
export interface WarmUpToday extends WarmUpDay {
  /** ms since epoch */
  readonly nextAt: number
}

/** @returns undefined where there is no ramp, or none any more */
export async function warmUpToday(
  db: Database,
  settings: WarmUpSettings | undefined,
  now: number,
): Promise<WarmUpToday | undefined> {
  if (!settings) return undefined
  const zone = openZone(settings.timezone)
  const day = await readWarmUp(db, { warmUp: settings, day: dayAt(now, zone) })
  return day && { ...day, nextAt: nextDayAfter(now, zone) }
}

/**
 * One sender's share of the day. A place is reserved in the ledger before a reader is claimed, and given back when she was
 * not mailed after all; of a sender that dies, what it had reserved is lost to the day. Who has been tried before needs no
 * place: a server that asks to come again counts once.
 */
export class WarmUpGate {
  readonly #db: Database
  readonly #settings: WarmUpSettings
  readonly #clock: Pick<Clock, 'now'>
  readonly #zone: Zone
  #day = ''
  #reserved = 0
  #claimed = 0
  #used = 0
  #spentAt: number | undefined

  constructor(db: Database, settings: WarmUpSettings, clock: Pick<Clock, 'now'>) {
    this.#db = db
    this.#settings = settings
    this.#clock = clock
    this.#zone = openZone(settings.timezone)
  }

  /** @returns how many readers who were not tried before may be claimed, at most `count` */
  async reserve(count: number): Promise<number> {
    const now = this.#clock.now()
    const day = dayAt(now, this.#zone)
    // What is in hand of yesterday's is not today's.
    if (day !== this.#day) {
      await this.giveBack()
      this.#day = day
    }
    const free = this.#reserved - this.#claimed
    if (free >= count) return count
    const more = await reserveWarmUp(this.#db, { warmUp: this.#settings, day }, count - free)
    if (more === undefined) return count
    this.#reserved += more
    this.#spentAt = free + more === 0 ? now : undefined
    return free + more
  }

  /** So many of those that were reserved have been claimed. */
  claim(count: number): void {
    this.#claimed += count
  }

  /** One of them has been mailed, whatever came of it. */
  use(): void {
    this.#used += 1
  }

  /** Once nobody is claimed any more: what was not used is for others, and for later. */
  async giveBack(): Promise<void> {
    const left = this.#reserved - this.#used
    if (left > 0 && this.#day !== '') await returnWarmUp(this.#db, this.#day, left)
    this.#reserved = 0
    this.#claimed = 0
    this.#used = 0
  }

  /** When there will be more; undefined while there is some left of today. ms since epoch */
  nextAt(): number | undefined {
    return this.#spentAt === undefined ? undefined : nextDayAfter(this.#spentAt, this.#zone)
  }
}
