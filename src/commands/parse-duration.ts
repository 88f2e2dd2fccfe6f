// '90s', '2m', '1h30m' → milliseconds.

import { UserError } from '../errors.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** @param option the option's name, for the error: '--wait' */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)]
  if (text === '0') return 0
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new UserError(
      `${option} ${text} is not a duration`,
      `Write it like ${option} 90s, ${option} 10m or ${option} 2h.`,
    )
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0)
}
