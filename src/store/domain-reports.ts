// What receivers report of our domains: DMARC aggregate reports and TLS reports, each counted once; and their sums.

import { type Database, jsonRows } from './database.ts'

export interface DomainReport {
  readonly kind: 'dmarc' | 'tls'
  /** The organisation that reports. */
  readonly reporter: string
  /** Unique to the reporter. */
  readonly id: string
  readonly domain: string
  /** ms since epoch */
  readonly from: number
  readonly until: number
  /** Messages, or sessions of TLS. */
  readonly passed: number
  readonly failed: number
  /** Those that failed: from or to which server, and what was done or wrong. */
  readonly failures: readonly { readonly source: string; readonly why: string; readonly count: number }[]
}

/** @returns false when this report of this organisation has been recorded before */
export function recordDomainReport(db: Database, report: DomainReport, now: number): Promise<boolean> {
  const { kind, reporter, id, domain, from, until, passed, failed, failures } = report
  return db.transaction(async tx => {
    const [row] = await tx.query<{ id: number }>(
      `INSERT INTO domain_reports (kind, reporter, report, domain, from_at, until_at, passed, failed, received)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, reporter, report, domain) DO NOTHING RETURNING id`,
      [kind, reporter, id, domain, from, until, passed, failed, now],
    )
    if (!row) return false
    await tx.query(
      `INSERT INTO domain_report_failures (report, source, why, count)
SELECT CAST($1 AS BIGINT), value->>'source', value->>'why', CAST(value->>'count' AS BIGINT) FROM json_each($2) WHERE true`,
      [row.id, jsonRows(failures.entries())],
    )
    return true
  })
}

/** The reports on one domain in some time, summed. */
export interface DomainSum {
  readonly kind: DomainReport['kind']
  readonly domain: string
  readonly reports: number
  /** How many organisations reported. */
  readonly reporters: number
  readonly passed: number
  readonly failed: number
  /** The largest first. */
  readonly failures: DomainReport['failures']
}

/** @param since ms since epoch: reports on a time that ended before are left out @param limit of failures of each */
export async function sumDomainReports(db: Database, since: number, limit: number): Promise<DomainSum[]> {
  const sums = await db.query<Omit<DomainSum, 'failures'>>(
    `SELECT kind, domain, COUNT(*) AS reports, COUNT(DISTINCT reporter) AS reporters,
  CAST(SUM(passed) AS BIGINT) AS passed, CAST(SUM(failed) AS BIGINT) AS failed
FROM domain_reports WHERE until_at >= $1 GROUP BY kind, domain ORDER BY kind, domain`,
    [since],
  )
  const failures = await db.query<Pick<DomainSum, 'kind' | 'domain'> & DomainReport['failures'][number]>(
    `SELECT r.kind, r.domain, f.source, f.why, CAST(SUM(f.count) AS BIGINT) AS count
FROM domain_reports r JOIN domain_report_failures f ON f.report = r.id
WHERE r.until_at >= $1 GROUP BY r.kind, r.domain, f.source, f.why ORDER BY 5 DESC, f.source, f.why`,
    [since],
  )
  return sums.map(sum => ({
    ...sum,
    failures: failures
      .filter(({ kind, domain }) => kind === sum.kind && domain === sum.domain)
      .slice(0, limit)
      .map(({ source, why, count }) => ({ source, why, count })),
  }))
}
