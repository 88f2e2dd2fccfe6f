// A publication's folder → `out/`, and what was made of it.

import { EXIT } from '../errors.ts'
import { buildPublication } from '../publish/index.ts'
import type { Context } from './context.ts'
import { describeBuild } from './describe-build.ts'
import { formats, toldOf } from './report-diagnostics.ts'

export async function run(context: Context) {
  const report = await buildPublication(context)
  const told = toldOf(report.diagnostics, context.quiet)
  if (told.length > 0) context.sayError(formats.pretty!(told))
  context.result(report, () => describeBuild(report))
  return report.diagnostics.some(found => found.severity === 'error') ? EXIT.content : EXIT.done
}
