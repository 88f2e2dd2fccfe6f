// Text of a Markdown file, split or not → its front matter sorted into fields, its body, and where problems go, each with
// the line of its field.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { cutShort, once, openZone, type Zone } from '../../base/index.ts'
import type { Author, Diagnostic, Publication, Section } from '../../model.ts'
import type { FoundFiles } from '../list-folder.ts'
import type { OwnFiles } from '../own-files.ts'
import { readText } from '../read-file.ts'
import { type Content, type Split, type SplitProblem, splitFrontMatter } from '../split-front-matter.ts'
import { type HoldingKey, keyOf, type Misspelt, sortFields, type Values, withInherited } from './fields.ts'
import { type FolderFields, openFolderFields } from './folder-fields.ts'
import { type Fields, illegalLine, parseFrontMatter } from './parse-front-matter.ts'
import type { Field } from './spellings.ts'

/** The front matter of one article, note or author, with what it is read with. */
export interface FrontMatter extends LoadContext {
  /** Relative to the publication's folder. */
  readonly file: string
  /** As the front matter has them. */
  readonly values: Values
  /** What is none of the fields. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly misspelt: readonly Misspelt[]
  readonly heldBackBy: readonly HoldingKey[]
  readonly releases: readonly unknown[]
  /** The key from which a field is read, as the file has it. */
  keyOf(field: Field): string | undefined
  /** How many have been reported. */
  errors: number
  problem(at: Fault, severity: Diagnostic['severity'], rule: Rule, message: string, advice: string): void
}

const RULES = [
  ...['article-address', 'article-author', 'article-date', 'article-title', 'field-length', 'held-back'],
  ...['no-article', 'page-address', 'template-code', 'too-long', 'unknown-field', 'unknown-section'],
  'updated-before-date',
] as const

/** Those that have a rule of their own: `article-image`. */
const FIELDS_WITH_RULE = [
  ...['audio', 'canonical', 'categories', 'comments', 'direction', 'draft', 'id', 'image', 'keywords'],
  ...['language', 'place', 'section', 'slug', 'source', 'summary', 'tags', 'unlisted'],
] as const satisfies readonly Field[]
type FieldWithRule = (typeof FIELDS_WITH_RULE)[number]

/** By which front matter is judged; `check --rule` takes them. */
type Rule = (typeof RULES)[number] | `article-${FieldWithRule}`
export const frontMatterRules: readonly Rule[] = [
  ...RULES,
  ...FIELDS_WITH_RULE.map(field => `article-${field}` as const),
]

/** What is at fault: a field, a key as the file has it, or a line. */
type Fault = Field | { readonly key: string; readonly group?: string | undefined } | number

interface MarkdownFile {
  readonly front: FrontMatter
  readonly fields: Fields
  readonly content: Content
}

/**
 * @param options.optional a file without front matter is all body, not a mistake
 * @param options.inherited what counts where the file itself says nothing
 */
export function readFrontMatter(
  file: string,
  text: string | Split,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
  { optional = false, inherited }: { optional?: boolean; inherited?: Fields | undefined } = {},
): MarkdownFile | undefined {
  const split = typeof text === 'string' ? splitFrontMatter(text) : text
  const problem = (line: number, message: string, advice: string) =>
    void report({ file, line, rule: 'front-matter', severity: 'error', message, advice })

  if ('problem' in split) {
    if (split.problem !== 'none' || !optional) return problem(1, ...describeSplit(split, `${text}`))
    const content = { body: `${text}`, bodyLine: 1 }
    const fields = inherited ?? {}
    return { front: openFrontMatter(file, NO_BLOCK, fields, context, report), fields, content }
  }
  const { language, block, linesBefore } = split
  const parsed = parseFrontMatter(language, block)
  if ('message' in parsed)
    return problem(parsed.line + linesBefore, parsed.message, parsed.advice ?? ADVICE[language]!)
  if (parsed.repeated) {
    const { line, message, advice = '' } = parsed.repeated
    report({ file, line: line + linesBefore, rule: 'front-matter', severity: 'warning', message, advice })
  }
  const badLine = parsed.plain ? 0 : illegalLine(block)
  if (badLine > 0)
    report({
      file,
      line: badLine + linesBefore,
      rule: 'control-characters',
      severity: 'warning',
      message: 'contains a control character, which is left out',
      advice: 'Delete it.',
    })
  const fields = inherited ? withInherited(parsed.fields, inherited) : parsed.fields
  return { front: openFrontMatter(file, split, fields, context, report), fields, content: split }
}

const NO_BLOCK = { block: '', linesBefore: 1 }

function describeSplit({ problem, language }: SplitProblem, text: string): [message: string, advice: string] {
  if (problem === 'open') return ['the front matter does not end', 'Close it with a line of its own: ---']
  if (problem === 'language')
    return [
      `front matter in ${cutShort(language, 40)} is refused; nothing of it was run`,
      'Write it in YAML (---), TOML (+++) or JSON (;;;).',
    ]
  return [
    text.trim() === '' ? 'the file is empty' : 'has no front matter',
    'Begin the file with ---, title: Harbour reopens, ---',
  ]
}

/** Language of front matter → what right looks like. */
const ADVICE: Readonly<Record<string, string>> = {
  yaml: 'Correct that line; quote a value that contains a colon: title: "Live: the vote"',
  toml: 'Correct that line; text goes in quotes: title = "Harbour reopens"',
  json: 'Correct that line; put keys and texts in double quotes: "title": "Harbour reopens",',
}

function openFrontMatter(
  file: string,
  { block, linesBefore }: Pick<Split, 'block' | 'linesBefore'>,
  fields: Fields,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): FrontMatter {
  const { values, extra, misspelt, heldBackBy, releases } = sortFields(fields)
  const { publication, zone, sections, authors, ownFiles, files, folderFields, gitDates, now } = context
  // Named one by one: a spread costs more than all that is read here of an article.
  const front: FrontMatter = {
    publication,
    zone,
    sections,
    authors,
    ownFiles,
    files,
    folderFields,
    gitDates,
    now,
    file,
    values,
    extra,
    misspelt,
    heldBackBy,
    releases,
    keyOf: field => keyOf(fields, field),
    errors: 0,
    problem(at, severity, rule, message, advice) {
      const keyAt = typeof at === 'string' ? (keyOf(fields, at) ?? at) : typeof at === 'object' ? at.key : ''
      const group = typeof at === 'object' ? at.group : undefined
      const line = typeof at === 'number' ? at : keyLine(block, linesBefore, keyAt, group)
      if (severity === 'error') front.errors++
      report({ file, line, rule, severity, message, advice })
    },
  }
  return front
}

/**
 * The line of a field of a file, for the few problems that are seen only when it has long been read.
 *
 * @param path absolute
 * @param fields the first of them that is there
 * @returns 1 where none of them is there, or the file cannot be read
 */
export function frontMatterLine(path: string, fields: readonly Field[]): number {
  const content = readText(path)
  const split = 'text' in content ? splitFrontMatter(content.text) : undefined
  if (!split || 'problem' in split) return 1
  const parsed = parseFrontMatter(split.language, split.block)
  if ('message' in parsed) return 1
  const key = fields.map(field => keyOf(parsed.fields, field)).find(found => found !== undefined)
  return key === undefined ? 1 : keyLine(split.block, split.linesBefore, key)
}

/** 1-based line of a key in the file, else of the table that it is in; the first line when it cannot be found. */
function keyLine(block: string, linesBefore: number, key: string, group?: string): number {
  const at = block.split('\n').findIndex(line => {
    const start = line.trimStart().replace(/^(?:\.\. |[{"'\s])+/, '')
    return start.startsWith(key) && /^["']?\s*[:=]/.test(start.slice(key.length))
  })
  if (at === -1 && group !== undefined) return keyLine(block, linesBefore, group)
  return at === -1 ? 1 : at + 1 + linesBefore
}

/** Reports what a field says that cannot be used, by the field's own rule: `article-image`. */
export function warn(
  front: FrontMatter,
  field: FieldWithRule | 'authors',
  message: string,
  advice: string,
): void {
  front.problem(
    field,
    'warning',
    field === 'authors' ? 'article-author' : `article-${field}`,
    message,
    advice,
  )
}

/** The value of a field, as text for a message: short, on one line. */
export function quote(value: unknown): string {
  let text: string | undefined
  try {
    text = typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    text = String(value)
  }
  text = (text ?? String(value)).replace(/\s+/g, ' ')
  const short = cutShort(text, 80)
  // Lists and tables have quotes of their own.
  return typeof value === 'object' ? short : `"${short}"`
}

/** 'a list', for a message. */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a table of keys and values' : `a ${typeof value}`
}

/** Text of a scalar on one line, or undefined for a list, an object, true, false and nothing. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

// ─── What every file is read with ────────────────────────────────────────────────────────────────────────────────────
//
// Publication → what every file of its folder is read with: time zone, sections, its own files; what an article's folders say
// of it, and when it was first committed.

/** What every file of a folder is read with. */
export interface LoadContext {
  readonly publication: Publication
  readonly zone: Zone
  /** Slug and title, in small letters → section. */
  readonly sections: ReadonlyMap<string, Section>
  /** Id and name, in small letters → author. */
  readonly authors: ReadonlyMap<string, Author>
  readonly ownFiles: OwnFiles
  /** Of articles, authors and notes. */
  readonly files: FoundFiles
  readonly folderFields: FolderFields
  readonly gitDates: (which: GitDate) => GitDates
  /** ms since epoch. */
  readonly now: number
}

/** Authors are added when they have been read. */
export function openContext(
  publication: Publication,
  ownFiles: OwnFiles,
  files: FoundFiles,
  now: number,
): LoadContext {
  const dates: { [which in GitDate]?: GitDates } = {}
  return {
    publication,
    zone: openZone(publication.timezone),
    sections: new Map(
      publication.sections.flatMap(section => [
        [section.title.toLowerCase(), section],
        [section.slug.toLowerCase(), section],
      ]),
    ),
    authors: new Map(),
    ownFiles,
    files,
    folderFields: openFolderFields(publication.dir, files),
    gitDates: which => (dates[which] ??= gitDates(publication.dir, which)),
    now,
  }
}

// ─── When a file was committed ───────────────────────────────────────────────────────────────────────────────────────────
//
// The dates of articles that have no other, where the settings or they themselves ask for it.

/** Its first commit, or its last. */
type GitDate = 'first' | 'last'

interface GitDates {
  /** Path relative to the publication's folder → ISO 8601 with the offset of who committed. */
  readonly dates: ReadonlyMap<string, string>
  /** The repository has only the last commits: what was in the oldest of these may have been there before. */
  readonly isShallow: boolean
}

const MAX_LOG_BYTES = 1024 * 1024 * 1024

/**
 * @param root absolute path of the publication's folder
 * @returns no dates where there is no git or no repository
 */
function gitDates(root: string, which: GitDate): GitDates {
  const dates = new Map<string, string>()
  const cwd = join(root, 'articles')
  let log: string
  let oldest: string[]
  try {
    oldest = oldestOfShallow(cwd)
    const options = [
      'log',
      '-z',
      '--no-renames',
      ...(which === 'first' ? ['--diff-filter=A'] : []),
      '--name-only',
      '--relative',
      '--no-show-signature',
      '--format=%x01%H %aI',
    ]
    // There, as git does not look behind a link to another folder.
    log = git(cwd, ['-c', 'core.quotePath=false', ...options, '--', '.'])
  } catch {
    return { dates, isShallow: false }
  }
  let date: string | undefined
  const add = (file: string) => {
    const path = `articles/${file.normalize()}`
    // The newest commit comes first: of two that added a file, the older one counts.
    if (date !== undefined && (which === 'first' || !dates.has(path))) dates.set(path, date)
  }
  for (const entry of log.split('\0')) {
    const line = entry.replace(/^\n+/, '')
    if (line.startsWith('\x01')) {
      const [stamp = '', file] = line
        .slice(1)
        .split('\n')
        .filter(part => part !== '')
      const [commit = '', time = ''] = stamp.split(' ')
      date = oldest.includes(commit) ? undefined : time
      if (file !== undefined) add(file)
    } else if (line !== '') add(line)
  }
  return { dates, isShallow: oldest.length > 0 }
}

/** As CI has it, unless it is told to fetch all: git takes everything for made by the oldest commit that it knows. */
function oldestOfShallow(cwd: string): string[] {
  if (git(cwd, ['rev-parse', '--is-shallow-repository']).trim() !== 'true') return []
  const path = git(cwd, ['rev-parse', '--git-path', 'shallow']).trim()
  return readFileSync(resolve(cwd, path), 'utf8').split('\n').filter(Boolean)
}

/** Few folders ask git, and Node takes 2 ms to load it. */
const childProcess = once(
  () => createRequire(import.meta.url)('node:child_process') as typeof import('node:child_process'),
)

function git(cwd: string, args: readonly string[]): string {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  return childProcess().execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: MAX_LOG_BYTES, stdio })
}
