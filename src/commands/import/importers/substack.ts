// Substack's archive, a table of posts and a file of HTML for each → articles. It does not say where the site was: that is
// found in links from one post to another, or told with --site.

import { UserError } from '../../../errors.ts'
import { type CsvRow, hasColumns, readRows } from '../csv-rows.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type Importer,
  isReaderList,
  LeftOut,
} from '../imported.ts'
import { withEmbeds } from './substack-embeds.ts'
import { plain } from './wordpress.ts'

export const substack: Importer = {
  name: 'substack',
  title: 'Substack',
  recognises: files => tableOf(files) !== undefined,
  async open(files, { site }) {
    const table = tableOf(files)
    if (!table)
      throw new UserError(`${files.name} contains no posts.csv of Substack`, 'Import the whole archive.')
    const bodies = new Map(
      files.files.flatMap(file => {
        const id = /(?:^|\/)posts\/([^/]+)\.html$/.exec(file.path)?.[1]
        return id === undefined ? [] : [[id, file] as const]
      }),
    )
    const home = (site ?? (await findSite(bodies)))?.replace(/\/+$/, '')
    if (home === undefined)
      throw new UserError(
        'the export does not say where the newsletter was, and feed readers know its articles by their addresses',
        'Add its address: --site https://name.substack.com',
      )
    const leftOut = new LeftOut()
    return {
      hosts: [hostOf(home)!],
      leftOut: leftOut.counts,
      feeds: ['/feed'],
      lists: files.files.map(({ path }) => path).filter(isReaderList),
      async *articles() {
        leftOut.reset()
        for await (const row of readRows(table)) {
          const type = row.cell('type') || 'newsletter'
          if (type !== 'newsletter' && type !== 'podcast') leftOut.add(`posts of the type ${type}`)
          else yield await rowArticle(row, table.path, bodies.get(row.cell('post_id')), home)
        }
      },
    }
  },
}

function tableOf({ files }: ExportFiles): ExportFile | undefined {
  return files.find(file => hasColumns(file, 'post_id', 'is_published', 'audience'))
}

/** The host that most posts name when they lead to one of themselves. */
async function findSite(bodies: ReadonlyMap<string, ExportFile>): Promise<string | undefined> {
  const slugs = new Set([...bodies.keys()].map(id => id.replace(/^\d+\./, '')))
  const counts = new Map<string, number>()
  for (const file of [...bodies.values()].slice(0, 400)) {
    const html = decodeText(await file.read(), 'utf-8')
    for (const [, home, slug] of html.matchAll(/["'](https:\/\/[\w.-]+)\/p\/([\w-]+)/g))
      if (slugs.has(slug!)) counts.set(home!, (counts.get(home!) ?? 0) + 1)
    for (const [, home] of html.matchAll(/["'](https:\/\/[\w.-]+)\/(?:subscribe\?|action\/disable_email)/g))
      if (!/open\.substack\.com$/.test(home!)) counts.set(home!, (counts.get(home!) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

const AUDIENCES: Readonly<Record<string, string>> = {
  only_paid: 'for paying readers',
  only_free: 'for subscribers',
  founding: 'for founding members',
}

async function rowArticle(
  row: CsvRow,
  table: string,
  file: ExportFile | undefined,
  home: string,
): Promise<ImportedArticle> {
  const id = row.cell('post_id')
  const slug = id.replace(/^\d+\./, '')
  const url = `${home}/p/${slug}`
  const audience = row.cell('audience')
  const isPublished = /^true$/i.test(row.cell('is_published'))
  const audio = row.cell('podcast_url')
  const findings: Finding[] = []
  const place = { file: file?.path ?? table, line: file ? 1 : row.line }
  if (!file && isPublished) {
    const message = `the text of "${slug}" is not in the export`
    findings.push({ ...place, kind: 'texts that are missing', message, needsPerson: true })
  }
  return {
    place,
    id: url,
    url,
    slug,
    title: plain(row.cell('title')),
    date: row.cell('post_date') || undefined,
    authors: [],
    summary: plain(row.cell('subtitle')) || undefined,
    audio: /^https?:/.test(audio) ? { src: audio } : undefined,
    heldBack: isPublished
      ? (AUDIENCES[audience] ?? (/^(?:everyone|)$/.test(audience) ? undefined : `for ${audience}`))
      : 'draft',
    body: {
      syntax: 'html',
      text: withEmbeds(file ? decodeText(await file.read(), 'utf-8') : '', (kind, message, line) =>
        findings.push({ ...place, line, kind, message }),
      ),
      line: 1,
    },
    findings,
  }
}
