// Figures of an edition to be drawn: what was accepted when, and which domains failed.

import type { Database } from './database.ts'

export interface AcceptedUntil {
  /** End of the span, ms since epoch. */
  readonly at: number
  /** Accepted until then, in all. */
  readonly accepted: number
}

/** From the first acceptance to the last, in as many spans of the same length; empty when there is none. */
export async function acceptedOverTime(
  db: Database,
  edition: string,
  spans: number,
): Promise<{ readonly from: number; readonly points: AcceptedUntil[] }> {
  const [row] = await db.query<{ first: number | null; last: number | null }>(
    `SELECT MIN(at) AS first, MAX(at) AS last FROM attempts
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = 'accepted'`,
    [edition],
  )
  if (row?.first == null || row.last === null) return { from: 0, points: [] }
  const from = row.first
  const length = Math.max(1, Math.ceil((row.last - from + 1) / spans))
  const counted = await db.query<{ span: number; count: number }>(
    `SELECT (at - CAST($2 AS BIGINT)) / CAST($3 AS BIGINT) AS span, COUNT(*) AS count FROM attempts
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state = 'accepted' GROUP BY 1 ORDER BY 1`,
    [edition, from, length],
  )
  const bySpan = new Map(counted.map(({ span, count }) => [span, count]))
  let accepted = 0
  const points = Array.from({ length: spans }, (_, span) => {
    accepted += bySpan.get(span) ?? 0
    return { at: from + (span + 1) * length, accepted }
  })
  return { from, points }
}

export interface DomainFailures {
  readonly domain: string
  readonly rejected: number
  readonly deferred: number
  readonly unknown: number
}

// `rtrim(email, all of its letters but @)` is the address up to its @, on both databases.
/** Most failures first. */
export async function failuresByDomain(
  db: Database,
  edition: string,
  limit: number,
): Promise<DomainFailures[]> {
  const rows = await db.query<{ domain: string; state: keyof Omit<DomainFailures, 'domain'>; count: number }>(
    `SELECT LOWER(SUBSTR(email, LENGTH(RTRIM(email, REPLACE(email, '@', ''))) + 1)) AS domain, state, COUNT(*) AS count
FROM deliveries
WHERE edition = (SELECT id FROM editions WHERE name = $1) AND state IN ('rejected', 'deferred', 'unknown')
GROUP BY 1, 2`,
    [edition],
  )
  const domains = new Map<string, { rejected: number; deferred: number; unknown: number }>()
  for (const { domain, state, count } of rows) {
    const found = domains.get(domain) ?? { rejected: 0, deferred: 0, unknown: 0 }
    found[state] += count
    domains.set(domain, found)
  }
  const sum = (one: DomainFailures) => one.rejected + one.deferred + one.unknown
  return [...domains]
    .map(([domain, counts]) => ({ domain, ...counts }))
    .sort((a, b) => sum(b) - sum(a) || (a.domain < b.domain ? -1 : 1))
    .slice(0, limit)
}
