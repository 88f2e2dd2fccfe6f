// A filled `.mjml.hbs` template → the HTML of a mail: checked, compiled by MJML 5, its faults repaired, white space collapsed.

import { createRequire } from 'node:module'
import { chdir, cwd } from 'node:process'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import type { Direction } from '../model.ts'
import { type Origin, type Templates, takeOrigins } from '../templates/index.ts'
import { checkMjml } from './check-mjml.ts'
import { collapse, repairHtml } from './tidy-html.ts'

/**
 * @param filled what `templates.render` made of `name`, with its marks of origin
 * @throws UserError with the template and line of a mistake in it
 */
export async function finishMjml(
  filled: string,
  name: string,
  direction: Direction,
  templates: Templates,
): Promise<string> {
  const { mjml, origins } = takeOrigins(filled)
  const locate = (origin: Origin | undefined) => {
    const { path } = templates.read(origin?.template ?? name)
    return origin ? `${path}:${origin.line}` : path
  }
  checkMjml(mjml, origins, locate)
  const html = await compileMjml(mjml, origins, locate)
  return `${collapse(repairHtml(html, direction)).trimEnd()}\n`
}

/**
 * @param origins of the start tags, for messages
 * @throws UserError for what MJML's strict validation finds
 */
async function compileMjml(
  mjml: string,
  origins: readonly Origin[],
  locate: (origin: Origin | undefined) => string,
): Promise<string> {
  const compile = loadMjml()
  try {
    const { html } = await compile(mjml, {
      validationLevel: 'strict',
      ignoreIncludes: true,
      fonts: {},
      minify: false,
      beautify: false,
      keepComments: false,
    })
    return html
  } catch (error) {
    const [first] = (error as { errors?: { line: number; message: string; tagName: string }[] }).errors ?? []
    if (!first) throw error
    throw new UserError(
      `template ${locate(originOfLine(mjml, first.line, origins))}: <${first.tagName}>: ${first.message}`,
      'The documentation of MJML says what each tag may have: https://documentation.mjml.io/',
    )
  }
}

type Compile = typeof import('mjml')

let compiler: Compile | undefined

/**
 * Loaded when the first letter is made: half a second that nothing else should wait.
 *
 * MJML runs what a `.mjmlconfig` in the working folder names, when it is imported. The working folder may be anybody's
 * pull request, so for the time of the import (which is synchronous) it is our own folder of source files.
 */
function loadMjml(): Compile {
  if (compiler) return compiler
  const before = cwd()
  chdir(fileURLToPath(new URL('.', import.meta.url)))
  try {
    const loaded = createRequire(import.meta.url)('mjml') as Compile | { default: Compile }
    compiler = 'default' in loaded ? loaded.default : loaded
  } finally {
    chdir(before)
  }
  return compiler
}

/** The last tag that begins on or before a line of the filled MJML. */
function originOfLine(mjml: string, line: number, origins: readonly Origin[]): Origin | undefined {
  const head = mjml.split('\n').slice(0, line).join('\n')
  return origins[Math.max(0, (head.match(/<mj[a-z-]*(?=[\s/>])/g) ?? []).length - 1)]
}
