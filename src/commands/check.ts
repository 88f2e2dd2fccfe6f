// Everything that is wrong with a publication's articles, in one run.

import { EXIT, UserError } from '../errors.ts'
import type { Diagnostic } from '../model.ts'
import type { Context } from './context.ts'
import { countDiagnostics, formats } from './report-diagnostics.ts'

export async function run(context: Context) {
  const format = formats[context.json ? 'json' : String(context.options.format ?? 'pretty')]
  if (!format)
    throw new UserError(`--format ${context.options.format} is none`, 'It is pretty, json or github.')
  const { loadPublication } = await import('../load/index.ts')
  const { createRenderer } = await import('../render/index.ts')
  const { check } = await import('../check/index.ts')
  const loaded = loadPublication(context.dir, { now: context.now() })
  const diagnostics: Diagnostic[] = [...loaded.diagnostics, ...check(loaded, createRenderer(loaded))]
  context.result(diagnostics, () => format(diagnostics))
  context.say(
    countDiagnostics(diagnostics) || `${loaded.read} article${loaded.read === 1 ? '' : 's'}, no problem`,
  )
  return diagnostics.some(found => found.severity === 'error') ? EXIT.content : EXIT.done
}
