// A licence as settings and articles write it → its name, its address and its terms.

import { oneLine } from '../../base/index.ts'
import type { Licence } from '../../model.ts'
import { webAddress } from '../text-values.ts'

/** `licence: CC-BY-4.0`, an address, or terms: of the settings, and of an article. */
export function readLicence(value: unknown): Licence | undefined {
  if (typeof value === 'string') {
    const name = oneLine(value)
    if (name === '') return undefined
    const own = webAddress(name)?.href
    const creative = /^CC-(BY(?:-(?:NC|SA|ND|NC-SA|NC-ND))?)-(\d\.\d)$/i.exec(name)
    const url = creative
      ? `https://creativecommons.org/licenses/${creative[1]!.toLowerCase()}/${creative[2]}/`
      : /^CC0-1\.0$/i.test(name)
        ? 'https://creativecommons.org/publicdomain/zero/1.0/'
        : own
    // RSL 1.0 §3.6.1: the terms of such a licence are those of its text, and naming the author is one.
    const payment = creative ? 'attribution' : /^CC0/i.test(name) ? 'free' : undefined
    return { name, permits: [], prohibits: [], ...(url && { url }), ...(payment && { payment }) }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { name, url, permits, prohibits, payment } = value as Record<string, unknown>
  const list = (given: unknown) => (Array.isArray(given) ? given.filter(one => typeof one === 'string') : [])
  const known = readLicence(name ?? url) ?? { name: '', permits: [], prohibits: [] }
  return {
    ...known,
    ...(typeof url === 'string' && webAddress(url) && { url: webAddress(url)!.href }),
    permits: list(permits),
    prohibits: list(prohibits),
    ...(typeof payment === 'string' && { payment }),
  }
}
