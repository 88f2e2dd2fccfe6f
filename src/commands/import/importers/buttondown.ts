// Buttondown's archive, a table of emails with a Markdown file for each, or its API's JSON → articles. They are Markdown
// already; tags that Buttondown fills for each reader are taken out.

import { UserError } from '../../../errors.ts'
import { hasColumns, readRows } from '../csv-rows.ts'
import { decodeText, type ExportFile, type ExportFiles, openLines } from '../export-files.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedBody,
  type Importer,
  isReaderList,
  LeftOut,
} from '../imported.ts'

export const buttondown: Importer = {
  name: 'buttondown',
  title: 'Buttondown',
  recognises: files => tableOf(files) !== undefined,
  async open(files, { site }) {
    const table = tableOf(files)
    if (!table)
      throw new UserError(`${files.name} contains no emails.csv of Buttondown`, 'Import the whole archive.')
    const texts = new Map(
      files.files.flatMap(file => {
        const name = /(?:^|\/)([^/]+)\.(?:md|html)$/.exec(file.path)?.[1]
        return name === undefined ? [] : [[name, file] as const]
      }),
    )
    const leftOut = new LeftOut()
    const home = site?.replace(/\/+$/, '')
    return {
      hosts: [hostOf(home) ?? 'buttondown.com', 'buttondown.email'],
      leftOut: leftOut.counts,
      feeds: ['/rss'],
      lists: files.files.map(({ path }) => path).filter(isReaderList),
      async *articles() {
        leftOut.reset()
        for await (const email of emailsOf(table)) {
          if (/^(?:deleted|deleting)$/.test(email.cell('status'))) leftOut.add('deleted emails')
          else yield await emailArticle(email, table.path, texts, home)
        }
      },
    }
  },
}

interface Email {
  readonly line: number
  cell(...names: string[]): string
}

function tableOf({ files }: ExportFiles): ExportFile | undefined {
  return files.find(
    file =>
      hasColumns(file, 'subject', 'publish_date') ||
      (/\.json$/i.test(file.path) && /"subject"\s*:/.test(file.head) && /"publish_date"\s*:/.test(file.head)),
  )
}

async function* emailsOf(table: ExportFile): AsyncGenerator<Email> {
  if (/\.csv$/i.test(table.path)) {
    yield* readRows(table)
    return
  }
  let json: unknown
  const source = decodeText(await table.read(), 'utf-8')
  try {
    json = JSON.parse(source)
  } catch (error) {
    throw new UserError(
      `${table.path} is no JSON: ${(error as Error).message.slice(0, 80)}`,
      'Export it again.',
    )
  }
  const lineOf = openLines(source)
  const rows = Array.isArray(json) ? json : ((json as { results?: unknown[] }).results ?? [])
  for (const row of rows as Record<string, unknown>[])
    yield {
      line: lineOf(typeof row.id === 'string' ? row.id : String(row.subject ?? '')),
      cell: (...names) =>
        names
          .map(name => (typeof row[name] === 'string' ? row[name].trim() : ''))
          .find(text => text !== '') ?? '',
    }
}

const TYPES: Readonly<Record<string, string>> = {
  private: 'for subscribers',
  premium: 'for paying readers',
  free: 'for readers who do not pay',
  churned: 'for readers who left',
  hidden: 'hidden',
}

async function emailArticle(
  email: Email,
  table: string,
  texts: ReadonlyMap<string, ExportFile>,
  home: string | undefined,
): Promise<ImportedArticle> {
  const slug = email.cell('slug') || email.cell('id')
  const url = email.cell('absolute_url', 'url') || (home === undefined ? '' : `${home}/${slug}/`)
  if (url === '')
    throw new UserError(
      'the export does not say where the archive was, and feed readers know its emails by their addresses',
      'Add its address: --site https://buttondown.com/name/archive',
    )
  const file = texts.get(slug) ?? texts.get(email.cell('id'))
  const place = { file: file?.path ?? table, line: file ? 1 : email.line }
  const findings: Finding[] = []
  const source = file ? decodeText(await file.read(), 'utf-8') : email.cell('body')
  const status = email.cell('status')
  const type = email.cell('email_type', 'type')
  const image = email.cell('image')
  return {
    place,
    id: url,
    url,
    slug,
    title: email.cell('subject'),
    date: email.cell('publish_date') || undefined,
    updated: email.cell('modification_date') || undefined,
    authors: [],
    tags: email.cell('tags').split(/[;,]/),
    summary: email.cell('description') || undefined,
    image: /^https?:/.test(image) ? { src: image } : undefined,
    heldBack: /^(?:sent|imported|published|in_flight|)$/.test(status)
      ? TYPES[type]
      : status.replace(/_/g, ' '),
    body: readBody(source, found => findings.push({ ...place, ...found })),
    findings,
  }
}

function readBody(source: string, lost: (finding: Pick<Finding, 'kind' | 'message'>) => void): ImportedBody {
  const isHtml = /<!--\s*buttondown-editor-mode:\s*fancy\s*-->/.test(source)
  const text = source
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--\s*buttondown-editor-mode:[^>]*-->\s*/g, '')
    .split(/(^(?:```|~~~)[\s\S]*?^(?:```|~~~)|`[^`\n]*`)/m)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part.replace(/\{\{[^{}]*\}\}|\{%[^%]*%\}/g, tag => {
            lost({ kind: 'tags filled for each reader', message: `${tag.slice(0, 60)} is left out` })
            return ''
          }),
    )
    .join('')
  return {
    syntax: isHtml || /^\s*<(?:p|div|h[1-6]|table)\b/i.test(text) ? 'html' : 'markdown',
    text,
    line: 0,
  }
}
