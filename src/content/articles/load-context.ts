// Publication → what every file of its folder is read with: time zone, sections, its own files; what an article's folders say
// of it, and when it was first committed.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { once, openZone, type Zone } from '../../base/index.ts'
import type { Author, Publication, Section } from '../../model.ts'
import type { FoundFiles } from '../list-folder.ts'
import { type OwnFiles, readText } from '../read-file.ts'
import { sortFields } from './fields.ts'
import { type Hold, truth } from './held-back.ts'
import { type Fields, parseFrontMatter } from './parse-front-matter.ts'
import { splitFrontMatter } from './split-front-matter.ts'

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
  readonly folderHolds: FolderHolds
  /** When a file was first committed. */
  readonly gitDates: () => ReadonlyMap<string, string>
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
    folderHolds: folderHolds(publication.dir, files.folderData),
    gitDates: once(() => gitDates(publication.dir)),
    now,
  }
}

// ─── What a folder says of its articles ──────────────────────────────────────────────────────────────────────────────────
//
// Front matter of a whole folder → which of its articles are held back: Hugo's `cascade:` in `_index.md`, Eleventy's
// `<folder>.json`.

/** @returns what an article's folders say of it; nothing for nearly all */
type FolderHolds = (file: string) => readonly Hold[]

const NOTHING: readonly Hold[] = []

/** @param files those with a folder's front matter, relative to the publication's folder */
function folderHolds(root: string, files: readonly string[]): FolderHolds {
  if (files.length === 0) return () => NOTHING
  const byFolder = once(() => readHolds(root, files))
  return file => {
    const holds = byFolder()
    if (holds.size === 0) return NOTHING
    const found: Hold[] = []
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1))
      found.push(...(holds.get(file.slice(0, at)) ?? []))
    return found
  }
}

function readHolds(root: string, files: readonly string[]): Map<string, Hold[]> {
  const found = new Map<string, Hold[]>()
  for (const file of files) {
    const content = readText(join(root, file))
    const holds = 'text' in content ? parts(file, content.text).flatMap(holdsOf) : []
    const folder = file.slice(0, file.lastIndexOf('/'))
    if (holds.length > 0) found.set(folder, [...(found.get(folder) ?? []), ...holds])
  }
  return found
}

/** The tables of fields that are everybody's in the folder. */
function parts(file: string, text: string): Fields[] {
  const split = file.endsWith('.json') ? { language: 'json', block: text } : splitFrontMatter(text)
  const parsed = 'problem' in split ? undefined : parseFrontMatter(split.language, split.block)
  if (parsed === undefined || 'message' in parsed) return []
  if (file.endsWith('.json')) return [parsed.fields]
  const { cascade } = parsed.fields
  const tables = (Array.isArray(cascade) ? cascade : [cascade]) as unknown[]
  return tables.filter(isTable).filter(({ target, _target }) => target === undefined && _target === undefined)
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function holdsOf(fields: Fields): Hold[] {
  const { values, holds } = sortFields(fields)
  return [
    ...holds.filter(({ isGuess }) => !isGuess).map(({ hold }) => hold),
    ...(truth(values.draft) === true ? (['draft'] as const) : []),
    ...(truth(values.unlisted) === true ? (['unlisted'] as const) : []),
  ]
}

// ─── When a file was first committed ─────────────────────────────────────────────────────────────────────────────────────
//
// The dates of articles that have no other, where the settings ask for it.

const MAX_LOG_BYTES = 1024 * 1024 * 1024

/**
 * @param root absolute path of the publication's folder
 * @returns path relative to it → ISO 8601 with the offset of who committed; empty where there is no git or no repository
 */
function gitDates(root: string): ReadonlyMap<string, string> {
  const dates = new Map<string, string>()
  let log: string
  try {
    const options = [
      'log',
      '-z',
      '--no-renames',
      '--diff-filter=A',
      '--name-only',
      '--relative',
      '--no-show-signature',
      '--format=%x01%aI',
    ]
    log = execFileSync('git', ['-c', 'core.quotePath=false', ...options, '--', 'articles'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: MAX_LOG_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return dates
  }
  // The newest commit comes first: of two that added a file, the older one counts.
  let date = ''
  for (const entry of log.split('\0')) {
    const line = entry.replace(/^\n+/, '')
    if (line.startsWith('\x01')) {
      const [stamp, file] = line
        .slice(1)
        .split('\n')
        .filter(part => part !== '')
      date = stamp ?? ''
      if (file !== undefined) dates.set(file.normalize(), date)
    } else if (line !== '') dates.set(line.normalize(), date)
  }
  return dates
}
