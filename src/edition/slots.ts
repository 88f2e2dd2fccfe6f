// Schedule and time → slots: the windows that a newsletter's editions cover. They tile time without gap or overlap and
// follow from the settings alone, so that every machine agrees.

import { openZone } from '../base/index.ts'
import type { Newsletter, Slot } from '../model.ts'
import { firstInstant } from './first-instant.ts'
import { slotCalendar } from './slot-calendar.ts'

type Schedule = Pick<Newsletter, 'every' | 'on' | 'at'>

/**
 * Slots whose `until` is in (after, until], ascending; none for a newsletter that comes with every article (article-slots.ts).
 *
 * @param timezone IANA name of the publication's zone
 * @param after @param until ms since epoch
 */
export function slotsBetween(newsletter: Schedule, timezone: string, after: number, until: number): Slot[] {
  const timeline = openTimeline(newsletter, timezone)
  const slots: Slot[] = []
  if (!timeline) return slots
  for (let number = timeline.numberAt(after); timeline.instant(number) <= until; number++) {
    const slot = timeline.instant(number) > after ? timeline.slot(number) : undefined
    if (slot) slots.push(slot)
  }
  return slots
}

/** The slot called `id`; undefined when the schedule has none of that name. */
export function slotById(newsletter: Schedule, timezone: string, id: string): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  const number = timeline?.numberOf(id)
  return number === undefined ? undefined : timeline!.slot(number)
}

/** The first slot that ends after this time. */
export function nextSlot(newsletter: Schedule, timezone: string, after: number): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  if (!timeline) return undefined
  for (let number = timeline.numberAt(after); ; number++) {
    const slot = timeline.instant(number) > after ? timeline.slot(number) : undefined
    if (slot) return slot
  }
}

/** The last slot that ended at or before this time. */
export function lastSlot(newsletter: Schedule, timezone: string, at: number): Slot | undefined {
  const timeline = openTimeline(newsletter, timezone)
  if (!timeline) return undefined
  // A clock put back over midnight shows yesterday again although today's slot has been.
  for (let number = timeline.numberAt(at) + 1; ; number--) {
    const slot = timeline.instant(number) <= at ? timeline.slot(number) : undefined
    if (slot) return slot
  }
}

function openTimeline(schedule: Schedule, timezone: string) {
  const calendar = slotCalendar(schedule)
  if (!calendar) return undefined
  const zone = openZone(timezone)
  const instants = new Map<number, number>()

  function instant(number: number): number {
    let at = instants.get(number)
    if (at === undefined) {
      at = firstInstant(zone, calendar!.wall(number))
      instants.set(number, at)
    }
    return at
  }

  /** Undefined where a whole day was skipped (Samoa, 30 December 2011) and two slots would fall on one instant. */
  function slot(number: number): Slot | undefined {
    const until = instant(number)
    if (instant(number + 1) === until) return undefined
    let before = number - 1
    while (instant(before) === until) before--
    return { id: calendar!.id(number), from: instant(before), until }
  }

  return {
    slot,
    instant,
    numberOf: calendar.numberOf,
    /** All slots before this one have been, whatever the clocks did: their times are earlier on the wall. */
    numberAt: (at: number) => calendar.numberAt(at + zone.offsetAt(at) * 60_000),
  }
}
