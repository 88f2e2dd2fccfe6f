// `check`: everything that is wrong with a publication's articles, feeds and letters, in one run; and how diagnostics are
// printed.

import { createHash } from 'node:crypto'
import { join, relative, sep } from 'node:path'
import { didYouMean, lookUpTable } from '../base/index.ts'
import { EXIT, FileError, type FileProblem, UserError } from '../errors.ts'
import type { Diagnostic, Loaded } from '../model.ts'
import { publishedBefore } from '../publish/index.ts'
import type { Context } from './context.ts'

export async function run(context: Context) {
  const named = context.json ? 'json' : String(context.options.format ?? 'pretty')
  const format = formats[named]
  if (!format)
    throw new UserError(`--format ${context.options.format} is none`, 'It is pretty, json, github or gitlab.')
  const { frontMatterRules, openPublication } = await import('../content/index.ts')
  const { createRenderer } = await import('../render/index.ts')
  const { brokenTemplates } = await import('../templates/index.ts')
  const { check, checkNewsletters, leftOut, ruleNames } = await import('../check/index.ts')
  const { changedIdentities, contentProblems, identityFile } = await import('../feed/index.ts')
  const rules = readRules(context.options.rule, [...(await ruleNames()), ...frontMatterRules])
  const load = () => openPublication(context.dir, { now: context.now() })
  const loaded = await (context.json ? load() : reportedIn(named, context, load))
  const renderer = createRenderer(loaded)
  const diagnostics: Diagnostic[] = [
    ...loaded.diagnostics,
    ...check(loaded, renderer),
    ...contentProblems(loaded, renderer),
    ...brokenTemplates(join(context.dir, 'templates')).map(templateProblem),
    ...changedIdentities(publishedBefore(join(context.dir, 'out'), identityFile()), loaded),
    ...(await checkNewsletters(loaded, renderer, context.now())),
    ...(context.options.leftOut || rules?.includes('left-out') ? leftOut(loaded) : []),
  ].filter(({ rule }) => rules?.includes(rule) ?? true)
  const reported = inRepository(reportedOf(diagnostics, context.quiet), named, context)
  const shown = rules && format === pretty ? prettyAll : format
  context.result(reported, () => shown(reported))
  context.say(
    countDiagnostics(diagnostics) ||
      `${loaded.read} article${loaded.read === 1 ? '' : 's'}, no problem${rules ? ` of ${rules.join(', ')}` : ''}`,
  )
  return diagnostics.some(found => found.severity === 'error') ? EXIT.content : EXIT.done
}

function templateProblem({
  name,
  line,
  message,
}: {
  name: string
  line: number
  message: string
}): Diagnostic {
  const file = `templates/${name}`
  return { file, line, rule: 'own-templates', severity: 'error', message, advice: 'Correct the template.' }
}

/**
 * What is wrong with the settings ends the check as an error on standard error; whoever reads a format reads it there, too.
 *
 * @throws what `load` throws
 */
async function reportedIn(named: string, context: Context, load: () => Promise<Loaded>): Promise<Loaded> {
  const format = formats[named]!
  try {
    return await load()
  } catch (error) {
    if (error instanceof UserError && format !== formats.pretty) {
      const found = inRepository(asDiagnostics(error), named, context)
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

/** CI shows them at the lines of files, which it knows by their paths in the repository. */
function inRepository(
  found: readonly Diagnostic[],
  format: string,
  { dir, env }: Context,
): readonly Diagnostic[] {
  const top = { github: env.GITHUB_WORKSPACE, gitlab: env.CI_PROJECT_DIR }[format]
  const folder = top ? relative(top, dir).replaceAll(sep, '/') : ''
  if (folder === '' || folder.startsWith('..')) return found
  return found.map(one => ({ ...one, file: `${folder}/${one.file}` }))
}

export type Format = (diagnostics: readonly Diagnostic[]) => string

export const formats = lookUpTable<Format>({
  pretty,
  json: diagnostics => `${JSON.stringify(diagnostics, null, 2)}\n`,
  github: diagnostics => diagnostics.map(annotation).join(''),
  gitlab: diagnostics => `${JSON.stringify(diagnostics.map(codeQuality), null, 2)}\n`,
})

/** More of one rule than this are counted, and three are shown. */
const MAX_SHOWN = 5
const EXAMPLES = 3

/** One block a rule, errors first: how many, some of them with their places, and what to do. */
function pretty(diagnostics: readonly Diagnostic[]): string {
  return byRule(diagnostics)
    .map(group => block(group, group.length > MAX_SHOWN ? EXAMPLES : group.length))
    .join('\n')
}

/** The same with every one of them. */
function prettyAll(diagnostics: readonly Diagnostic[]): string {
  return byRule(diagnostics)
    .map(group => block(group, group.length))
    .join('\n')
}

type Group = readonly [Diagnostic, ...Diagnostic[]]

/** In the order in which they first occur, within errors, warnings and remarks. */
function byRule(diagnostics: readonly Diagnostic[]): Group[] {
  const groups = new Map<string, [Diagnostic, ...Diagnostic[]]>()
  for (const found of diagnostics) {
    const key = `${found.severity} ${found.rule}`
    const group = groups.get(key)
    if (group) group.push(found)
    else groups.set(key, [found])
  }
  const rank = ([{ severity }]: Group) => ['error', 'warning', 'info'].indexOf(severity)
  return [...groups.values()].sort((left, right) => rank(left) - rank(right))
}

function block(group: Group, count: number): string {
  const [{ severity, rule }] = group
  const shown = group.slice(0, count)
  const lines = shown.flatMap(({ file, line, message, advice }, at) => [
    `  ${file}${line > 0 ? `:${line}` : ''}: ${message}`,
    // Said once for all to which it applies.
    ...(advice && shown[at + 1]?.advice !== advice ? [`      ${advice}`] : []),
  ])
  const more = group.length - count
  const where = BUILD_RULES.includes(rule) ? 'build --json' : `check --rule ${rule}`
  const rest = more > 0 ? [`  … and ${more} more: broadsheet ${where}`] : []
  const head = `${severity}: ${rule}${group.length > 1 ? ` (${group.length} times)` : ''}`
  return printable(`${[head, ...lines, ...rest].join('\n')}\n`)
}

/** Of what is wrong with the files of a folder as such; the others are in the room that checks. */
const LOADING_RULES = [
  'author-file changed-address changed-date changed-host changed-id control-characters edition-note feed-content-begins',
  'front-matter left-out newsletter-since no-articles own-templates podcast-category podcast-settings readable-file settings settings-picture symlink-outside underscored-files',
  'unread-files updated-in-future utf-8 withdrawn-in-future',
].flatMap(names => names.split(' '))
/** Of what only a build finds. */
const BUILD_RULES = ['page-address', 'letter-picture', 'feed-too-large']

/** @throws UserError for a name that is none: whoever asks for it would take silence for success */
function readRules(option: unknown, known: readonly string[]): readonly string[] | undefined {
  if (option === undefined) return undefined
  const names = String(option)
    .split(/[\s,]+/)
    .filter(Boolean)
  const all = [...known, ...LOADING_RULES]
  const wrong = names.find(name => !all.includes(name))
  if (wrong === undefined && names.length > 0) return names
  const meant = didYouMean(wrong ?? '', all)
  throw new UserError(
    `no rule is called ${wrong ?? '""'}`,
    meant ? `Did you mean ${meant}?` : `The rules: ${[...new Set(all)].sort().join(', ')}.`,
  )
}

/** What an article says must not steer the terminal that shows it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, found => (found === '\n' ? found : '\uFFFD'))
}

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
function annotation({ file, line, severity, message, advice, rule }: Diagnostic): string {
  const level = severity === 'info' ? 'notice' : severity
  const place = `file=${property(file)}${line > 0 ? `,line=${line}` : ''},title=${property(rule)}`
  return `::${level} ${place}::${data(`${message}. ${advice}`)}\n`
}

// https://docs.gitlab.com/ci/testing/code_quality/
function codeQuality({ file, line, severity, message, advice, rule }: Diagnostic) {
  return {
    description: `${message}. ${advice}`,
    check_name: rule,
    // The same problem in the next commit is the same, wherever its line has moved.
    fingerprint: createHash('sha256')
      .update(JSON.stringify([file, rule, message]))
      .digest('hex'),
    severity: { error: 'major', warning: 'minor', info: 'info' }[severity],
    location: { path: file, lines: { begin: Math.max(1, line) } },
  }
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}

/** '2 errors, 1 warning'; empty when there is nothing to say. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter(found => found.severity === severity).length
  return [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter(Boolean).join(', ')
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** With `--quiet` only errors are reported. */
export function reportedOf(diagnostics: readonly Diagnostic[], quiet: boolean): readonly Diagnostic[] {
  return quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics
}
