// How a send ended → its exit code: does a person have to look? Pure.

import { EXIT, type ExitCode } from '../../errors.ts'
import type { LedgerCounts } from '../../model.ts'
import type { Delivered } from '../deliver.ts'

/**
 * More rejections than any list has by itself: ten and more than one in twenty, or more than half. Fewer are the bounces
 * of a living list, and `status` shows them.
 */
export function isBeyondLimit({ accepted, rejected }: LedgerCounts): boolean {
  const tried = accepted + rejected
  return (rejected >= 10 && rejected > tried * 0.05) || rejected > tried / 2
}

export function sendVerdict({ ended, counts }: Pick<Delivered, 'ended' | 'counts'>): ExitCode {
  if (ended === 'interrupted') return EXIT.interrupted
  if (['host-trouble', 'taken-over', 'paused', 'cancelled'].includes(ended)) return EXIT.attention
  // Whoever is deferred waits for time and not for a person.
  return counts.unknown > 0 || isBeyondLimit(counts) ? EXIT.attention : EXIT.done
}
