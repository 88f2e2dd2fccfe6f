// One line of Handlebars out of the settings, as subjects are → filled with data; and why it can never be filled as it is
// meant, if so.

import { UserError } from '../errors.ts'
import { checkPaths } from './check-template.ts'
import { BUILT_IN, handlebars, visitCalls } from './handlebars.ts'
import { EDITION, PUBLICATION, type Shape } from './shapes.ts'

const compiled = new Map<string, HandlebarsTemplateDelegate>()

/**
 * Plain text: nothing is escaped.
 *
 * @param where how people find the line: 'subject of newsletter weekly'
 * @param reader what `{{reader "name" "there"}}` becomes
 * @throws UserError when the line is no Handlebars
 */
export function fillLine(
  source: string,
  data: object,
  where: string,
  reader: (name: string, fallback: string) => string,
): string {
  try {
    let template = compiled.get(source)
    if (!template) {
      template = handlebars().compile(source, { noEscape: true })
      compiled.set(source, template)
    }
    const text = (value: unknown) => (typeof value === 'string' ? value : '')
    const helpers = { reader: (name: unknown, fallback: unknown) => reader(text(name), text(fallback)) }
    return template(data, { helpers })
  } catch (error) {
    throw new UserError(`${where}: ${(error as Error).message}`, "Write it like '{{edition.lead.title}}'.")
  }
}

const SUBJECT = { edition: EDITION, publication: PUBLICATION }
const CALLED = new Set<string>(['reader', ...BUILT_IN])

/** @param line a subject: `edition`, `publication` and `{{reader "name" "there"}}` have a meaning in it */
export function lineProblem(line: string): string | undefined {
  if (isPlain(line)) return undefined
  let tree: hbs.AST.Program
  try {
    tree = handlebars().parse(line)
  } catch (error) {
    return `is not Handlebars: ${plainReason((error as Error).message)}`
  }
  const helper = otherHelper(tree)
  if (helper) return `calls ${helper}; in this line there is {{reader "name" "there"}} and nothing else`
  return checkPaths(tree, SUBJECT)[0]?.message
}

/** Whether it is only text and known names: for these, loading the engine would cost every command its time. */
function isPlain(line: string): boolean {
  if (!line.includes('{{')) return true
  const names = /\{\{([a-z]+(?:\.[a-z]+)*)\}\}/gi
  const hasMore = /[{}\\]/.test(line.replace(names, ''))
  return !hasMore && [...line.matchAll(names)].every(([, path]) => isKnown(path!.split('.')))
}

function isKnown(path: readonly string[]): boolean {
  let shape: Shape = SUBJECT
  for (const name of path) {
    if (typeof shape !== 'object' || Array.isArray(shape) || !Object.hasOwn(shape, name)) return false
    shape = (shape as Readonly<Record<string, Shape>>)[name]!
  }
  return true
}

/** The parser names its own tokens; where it stumbled is what helps. */
function plainReason(message: string): string {
  const [first, near] = message.split('\n')
  return near === undefined
    ? first!.replace(/ - \d+:\d+$/, '')
    : `a tag is not closed, or not written right, near ${near}`
}

/** The first that is called and that nobody fills here. */
function otherHelper(tree: hbs.AST.Program): string | undefined {
  let found: string | undefined
  visitCalls(tree, {
    helper(name) {
      if (!CALLED.has(name)) found ??= name
    },
    partial(name) {
      found ??= `> ${name}`
    },
  })
  return found
}
