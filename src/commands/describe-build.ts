// What a build made, in the few lines that a person reads.

import type { BuildReport } from './build-publication.ts'
import { countDiagnostics } from './report-diagnostics.ts'

export function describeBuild({ articles, feeds, editions, files, diagnostics }: BuildReport): string {
  const { read, built, ...others } = articles
  const left = Object.entries(others).filter(([, count]) => count > 0)
  const rows = [
    [
      'articles',
      `${built} of ${read}${left.length > 0 ? `; not in feeds: ${left.map(([why, n]) => `${n} ${why}`).join(', ')}` : ''}`,
    ],
    ...feeds
      .filter(({ scope }) => scope === 'main')
      .map(feed => ['feeds', `${feed.rss} · ${feed.atom} · ${feed.json} (${feed.items} items)`]),
    ['editions', editions.length === 0 ? 'none' : `${editions.length}, the newest ${editions.at(-1)!.path}`],
    ['files', `${files.written} written, ${files.unchanged} unchanged, ${files.removed} removed`],
    ...(diagnostics.length > 0
      ? [['problems', countDiagnostics(diagnostics) || `${diagnostics.length} remarks`]]
      : []),
  ]
  return rows.map(([name, text]) => `${name!.padEnd(10)}${text}\n`).join('')
}
