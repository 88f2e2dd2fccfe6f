// Buttondown's archive, a table of emails with a Markdown file for each, or its API's JSON → articles. They are Markdown
// already; tags that Buttondown fills for each reader are taken out.

import { lookUpTable, oneLine } from '../../../base/index.ts'
import { UserError } from '../../../errors.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedBody,
  type Importer,
  isReaderList,
  LeftOut,
} from '../imported.ts'
import { hasColumns, openLines, parseJson, readRows, rowsOf } from '../records.ts'

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
    const home = (site ?? (await archiveOf(table)))?.replace(/\/+$/, '')
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

/** Where an email of the table is says where one without an address, a draft, would be. */
async function archiveOf(table: ExportFile): Promise<string | undefined> {
  for await (const email of emailsOf(table)) {
    const [url, slug] = [email.cell('absolute_url', 'url').replace(/\/+$/, ''), email.cell('slug')]
    if (slug !== '' && url.endsWith(`/${slug}`)) return url.slice(0, -slug.length - 1)
  }
  return undefined
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
  const source = decodeText(await table.read(), 'utf-8')
  const json = parseJson(source, table)
  const lineOf = openLines(source)
  for (const row of rowsOf(Array.isArray(json) ? json : (json as { results?: unknown } | null)?.results))
    yield {
      line: lineOf(typeof row.id === 'string' ? row.id : String(row.subject ?? '')),
      cell: (...names) =>
        names
          .map(name => (typeof row[name] === 'string' ? row[name].trim() : ''))
          .find(text => text !== '') ?? '',
    }
}

const TYPES = lookUpTable({
  private: 'for subscribers',
  premium: 'for paying readers',
  free: 'for readers who do not pay',
  churned: 'for readers who left',
  hidden: 'hidden',
})

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
      ? (TYPES[type] ??
        (email.cell('archival_mode') === 'disabled' ? 'not in the archive' : undefined) ??
        (FOR_SOME.test(source) ? 'a part is for paying readers' : undefined))
      : status.replace(/_/g, ' '),
    body: readBody(source, (line, found) => findings.push({ ...place, ...(file ? { line } : {}), ...found })),
    findings,
  }
}

/** Parts that depend on what a reader pays for, or on her tags. */
const FOR_SOME =
  /\{%\s*(?:el)?if\b[^%]*(?:premium|paid|subscriber_?type|subscriber\.(?:type|tags?)\b|churned)|\{\{\s*paywall|data-type=["']paywall|<!--\s*paywall\s*-->/i

const FOR_MAIL_OR_TAG =
  /\{%\s*if\s+medium\s*==\s*["']email["']\s*%\}(?:(?!\{%\s*(?:if|else))[\s\S])*?\{%\s*endif\s*%\}|\{\{[^{}]*\}\}|\{%[^%]*%\}/g

/** @param lost with the line of the text */
function readBody(
  source: string,
  lost: (line: number, finding: Pick<Finding, 'kind' | 'message'>) => void,
): ImportedBody {
  let from = 0
  const tell = (sign: string, message: string) => {
    from = Math.max(from, source.indexOf(sign, from))
    const line = source.slice(0, from).split('\n').length
    from++
    lost(line, { kind: 'tags filled for each reader', message })
  }
  const isHtml = /<!--\s*buttondown-editor-mode:\s*fancy\s*-->/.test(source)
  const text = source
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--\s*buttondown-editor-mode:[^>]*-->\s*/g, '')
    .split(/(^(?:```|~~~)[\s\S]*?^(?:```|~~~)|`[^`\n]*`)/m)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part.replace(FOR_MAIL_OR_TAG, tag => {
            const isPart = /^\{%\s*if/.test(tag) && tag.includes('endif')
            const what = oneLine(tag.slice(0, 60))
            tell(tag, isPart ? `what only mails show is left out: ${what}` : `${what} is left out`)
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
