// Settings of the right shape → what is wrong between their parts, and with names that stand in a list: ids used twice,
// sections that are none.

import { didYouMean } from '../../base/index.ts'
import { lineProblem } from '../../templates/index.ts'
import type { Settings } from './settings-schema.ts'
import { weekday } from './weekday.ts'

export interface SettingsProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The key at `path` itself is at fault, not its value. */
  readonly key?: boolean
}

export function settingsProblems(settings: Settings): SettingsProblem[] {
  return [
    ...settings.newsletters.flatMap((newsletter, at) => [
      ...idUsedBefore(settings, at),
      ...unknownSections(settings, at),
      ...wrongDay(newsletter, ['newsletters', at, 'on']),
      ...wrongSubject(newsletter, ['newsletters', at, 'subject']),
    ]),
  ]
}

function idUsedBefore({ newsletters }: Settings, at: number): SettingsProblem[] {
  const { id } = newsletters[at]!
  // Ids name folders, and some file systems take upper and lower case for one.
  const first = newsletters.findIndex(other => other.id.toLowerCase() === id.toLowerCase())
  return first === at
    ? []
    : [{ path: ['newsletters', at, 'id'], message: `is also the id of newsletter ${first + 1}; ids differ` }]
}

function unknownSections({ newsletters, sections }: Settings, at: number): SettingsProblem[] {
  const known = Object.keys(sections)
  if (known.length === 0) return []
  return (newsletters[at]!.sections ?? []).flatMap((section, index) => {
    if (known.includes(section)) return []
    const meant = didYouMean(section, known)
    const advice = meant ? `did you mean "${meant}"?` : `known are ${known.join(', ')}`
    return [{ path: ['newsletters', at, 'sections', index], message: `is not among the sections; ${advice}` }]
  })
}

function wrongDay({ every, on }: Settings['newsletters'][number], path: PropertyKey[]): SettingsProblem[] {
  if (on === undefined) return []
  if (every === 'week' && (typeof on === 'number' ? on > 7 : weekday(on) === undefined))
    return [{ path, message: 'is not a weekday' }]
  if (every === 'month' && typeof on === 'string')
    return [{ path, message: 'is not a day of the month, 1 to 31' }]
  return []
}

/** Filled with nothing it would go out as the newsletter's title and the date, and nobody would know why. */
function wrongSubject({ subject }: Settings['newsletters'][number], path: PropertyKey[]): SettingsProblem[] {
  const message = lineProblem(subject)
  return message ? [{ path, message: message.replace(/^there is/, 'cannot be filled: there is') }] : []
}
