// Everything that is wrong with a publication's articles and its letters, in one run.

import { join } from 'node:path'
import { EXIT, FileError, type FileProblem, UserError } from '../errors.ts'
import type { Diagnostic, Loaded } from '../model.ts'
import { publishedBefore } from '../publish/index.ts'
import type { Context } from './context.ts'
import { countDiagnostics, type Format, formats, reportedOf } from './report-diagnostics.ts'

export async function run(context: Context) {
  const format = formats[context.json ? 'json' : String(context.options.format ?? 'pretty')]
  if (!format)
    throw new UserError(`--format ${context.options.format} is none`, 'It is pretty, json or github.')
  const { openPublication } = await import('../content/index.ts')
  const { createRenderer } = await import('../render/index.ts')
  const { check, checkNewsletters, leftOut } = await import('../check/index.ts')
  const { changedIdentities, identityFile } = await import('../feed/index.ts')
  const load = () => openPublication(context.dir, { now: context.now() })
  const loaded = await (context.json ? load() : reportedIn(format, context, load))
  const renderer = createRenderer(loaded)
  const diagnostics: Diagnostic[] = [
    ...loaded.diagnostics,
    ...check(loaded, renderer),
    ...changedIdentities(publishedBefore(join(context.dir, 'out'), identityFile()), loaded),
    ...(await checkNewsletters(loaded, renderer, context.now())),
    ...(context.options.leftOut ? leftOut(loaded) : []),
  ]
  const reported = reportedOf(diagnostics, context.quiet)
  context.result(reported, () => format(reported))
  context.say(
    countDiagnostics(diagnostics) || `${loaded.read} article${loaded.read === 1 ? '' : 's'}, no problem`,
  )
  return diagnostics.some(found => found.severity === 'error') ? EXIT.content : EXIT.done
}

/**
 * What is wrong with the settings ends the check as an error on standard error; whoever reads a format reads it there, too.
 *
 * @throws what `load` throws
 */
async function reportedIn(format: Format, context: Context, load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load()
  } catch (error) {
    if (error instanceof UserError && format !== formats.pretty) {
      const found = asDiagnostics(error)
      context.result(found, () => format(found))
    }
    throw error
  }
}

function asDiagnostics(error: UserError): Diagnostic[] {
  // Settings that are missing, or a folder that is no publication, have no line.
  if (!(error instanceof FileError))
    return [inSettings({ file: 'publication.yaml', line: 0, message: error.message }, error.hint)]
  const advice = error.problems.length === 1 ? error.hint : 'Correct that line.'
  return error.problems.map(problem => inSettings(problem, advice))
}

function inSettings({ file, line, message }: FileProblem, advice: string): Diagnostic {
  return { file, line, rule: 'settings', severity: 'error', message, advice }
}
