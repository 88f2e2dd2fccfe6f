// Any value of strings, numbers, lists and records → JSON text that both databases take and read back as it was.

/**
 * PostgreSQL has no NUL in text and refuses half surrogates in JSON; both would make a whole batch fail for one row.
 */
export function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD')
}

export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  // Both would stand there as \u…, and hardly anything has one; to look at each part costs more than all the rest.
  if (!text?.includes('\\u')) return text
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storable(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [storable(name), item]))
  })
}

/**
 * Rows for a statement that reads them by `json_each`. An object, never a list: on one `json_each` gives the columns
 * `key` (text) and `value` on both databases, so that the same statement serves.
 */
export function jsonRows(rows: Iterable<readonly [key: number, value: unknown]>): string {
  const pairs: string[] = []
  for (const [key, value] of rows) pairs.push(`"${key}":${jsonText(value)}`)
  return `{${pairs.join(',')}}`
}
