// What an inbox shows after the subject: the note's own, or the lead's summary and the other headlines, 40 to 200
// characters of real words without filler.

import { shorten } from './shorten.ts'

const LEAST = 40
const MOST = 160

/**
 * @param own what the editor wrote; used as it stands
 * @param offers texts by rank; taken until there is enough
 */
export function preheader(own: string, subject: string, offers: readonly string[]): string {
  if (own) return shorten(own, 200)
  const taken: string[] = []
  for (const offer of offers) {
    if (!offer || offer === subject || taken.includes(offer)) continue
    taken.push(offer)
    if (taken.join(' · ').length >= (LEAST + MOST) / 2) break
  }
  return shorten(taken.join(' · '), MOST)
}
