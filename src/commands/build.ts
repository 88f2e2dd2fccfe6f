// `build`: a publication's folder → `out/`, and what was made of it.

import { type FeedReport, feedFormatNames } from '../content/index.ts'
import { EXIT, type ExitCode } from '../errors.ts'
import { type BuildReport, buildPublication, type EditionReport } from '../publish/index.ts'
import { countDiagnostics, formats, reportedOf } from './check.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const report = await buildPublication(context)
  const reported = reportedOf(report.diagnostics, context.quiet)
  if (reported.length > 0) context.sayError(formats.pretty!(reported))
  context.result(report, () => describeBuild(report))
  return report.diagnostics.some(found => found.severity === 'error') ? EXIT.content : EXIT.done
}

/** In the few lines that a person reads. */
export function describeBuild({ articles, feeds, editions, files, check, diagnostics }: BuildReport): string {
  const { read, built, ...others } = articles
  const newest = newestEdition(editions)
  const left = Object.entries(others).filter(([, count]) => count > 0)
  const rows = [
    [
      'articles',
      `${built} of ${read}${left.length > 0 ? `; not in feeds: ${left.map(([why, n]) => `${n} ${why}`).join(', ')}` : ''}`,
    ],
    ...feeds.filter(({ scope }) => scope === 'main').map(feed => ['feeds', describeFeed(feed)]),
    ['editions', newest ? `${editions.length}, the newest ${newest.path}` : 'none'],
    ['files', `${files.written} written, ${files.unchanged} unchanged, ${files.removed} removed`],
    ...(diagnostics.length > 0
      ? [['problems', countDiagnostics(diagnostics) || `${diagnostics.length} remarks`]]
      : []),
    ...(check.warnings > 0 ? [['check', describeFindings(check, built + articles.unlisted)]] : []),
  ]
  return rows.map(([name, text]) => `${name!.padEnd(10)}${text}\n`).join('')
}

/** @param all how many articles there are to check */
function describeFindings({ articles, warnings }: BuildReport['check'], all: number): string {
  const where = articles < all ? ` in the newest ${articles} articles` : ''
  return `${warnings} more warning${warnings === 1 ? '' : 's'}${where}: broadsheet check`
}

function describeFeed(feed: FeedReport): string {
  const files = feedFormatNames().map(name => feed[name])
  return `${files.join(' · ')} (${feed.items} item${feed.items === 1 ? '' : 's'})`
}

/** Of all newsletters, the one whose window ended last. */
export function newestEdition(editions: readonly EditionReport[]): EditionReport | undefined {
  return [...editions].sort((left, right) => (left.until < right.until ? 1 : -1))[0]
}
