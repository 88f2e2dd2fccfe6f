// A filled `.mjml.hbs` template → the HTML of a mail: checked, compiled by MJML 5, repaired, white space collapsed.

import { createRequire } from 'node:module'
import { chdir, cwd } from 'node:process'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'
import type { Direction } from '../model.ts'
import { type Origin, type Templates, takeOrigins } from '../templates/index.ts'
import { checkMjml } from './check-mjml.ts'
import { collapse, repairHtml } from './tidy-html.ts'

/**
 * @param filled the output of `templates.render` for `name`, with its origin marks
 * @throws UserError with the template and line of a mistake
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
 * @throws UserError for what MJML's strict validation rejects
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
 * Loaded with the first letter, because it takes half a second.
 *
 * When MJML is imported it runs the modules that a `.mjmlconfig` in the working folder names, and the working folder may be
 * anybody's pull request. So during the import, which is synchronous, the working folder is the one of this file.
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
