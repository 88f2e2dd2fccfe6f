// What the ledger must keep of what receivers report, on every database.

import { describe, expect, test } from 'vitest'
import { type DomainReport, recordDomainReport, sumDomainReports } from '../../src/store/domain-reports.ts'
import { open } from './database.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 29)

const aReport = (given: Partial<DomainReport> = {}): DomainReport => ({
  kind: 'dmarc',
  reporter: 'receiver.example',
  id: '1',
  domain: 'meridian.example',
  from: NOW - 2 * DAY,
  until: NOW - DAY,
  passed: 90,
  failed: 10,
  failures: [
    { source: '192.0.2.1', why: 'reject', count: 7 },
    { source: '2001:db8::1', why: 'none (forwarded)', count: 3 },
  ],
  ...given,
})

export function reportsContract(empty: () => Promise<string>): void {
  describe('reports on our domains', () => {
    test('each counts once, whoever sends it again; another reporter may use the same number', async () => {
      const db = await open(await empty())
      expect(await recordDomainReport(db, aReport(), NOW)).toBe(true)
      expect(await recordDomainReport(db, aReport(), NOW)).toBe(false)
      expect(await recordDomainReport(db, aReport({ passed: 5 }), NOW + 1)).toBe(false)
      expect(await recordDomainReport(db, aReport({ reporter: 'another.example' }), NOW)).toBe(true)
      expect(await recordDomainReport(db, aReport({ kind: 'tls', failures: [] }), NOW)).toBe(true)
      expect(await sumDomainReports(db, 0, 1)).toEqual([
        {
          kind: 'dmarc',
          domain: 'meridian.example',
          reports: 2,
          reporters: 2,
          passed: 180,
          failed: 20,
          failures: [{ source: '192.0.2.1', why: 'reject', count: 14 }],
        },
        {
          kind: 'tls',
          domain: 'meridian.example',
          reports: 1,
          reporters: 1,
          passed: 90,
          failed: 10,
          failures: [],
        },
      ])
    })

    test('what was before is left out, domains are apart, and numbers are numbers', async () => {
      const db = await open(await empty())
      const large = { passed: 8_000_000_000, failed: 0, failures: [] }
      await recordDomainReport(db, aReport({ id: 'old', until: NOW - 40 * DAY }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '2', domain: 'b.example' }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '3', domain: 'b.example' }), NOW)
      await recordDomainReport(db, aReport({ ...large, id: '4', domain: 'a.example' }), NOW)
      const sums = await sumDomainReports(db, NOW - 30 * DAY, 5)
      expect(sums.map(({ domain, passed }) => [domain, passed])).toEqual([
        ['a.example', 8_000_000_000],
        ['b.example', 16_000_000_000],
      ])
    })
  })
}
