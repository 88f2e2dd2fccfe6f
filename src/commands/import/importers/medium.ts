// Medium's archive, a page of HTML for each post, draft and response → articles. Title and subtitle stand in the text once
// more, and are taken out there.

import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import {
  attribute,
  classesOf,
  type Element,
  findElement,
  innerHtml,
  parseHtml,
  visibleText,
} from '../html-tree.ts'
import { type Finding, type ImportedArticle, type Importer, LeftOut } from '../imported.ts'

export const medium: Importer = {
  name: 'medium',
  title: 'Medium',
  recognises: files => pagesOf(files).some(({ head }) => /h-entry/.test(head) && /medium\.com/.test(head)),
  async open(files) {
    const leftOut = new LeftOut()
    return {
      hosts: ['medium.com'],
      leftOut: leftOut.counts,
      feeds: [],
      lists: [],
      async *articles() {
        leftOut.reset()
        for (const file of pagesOf(files)) {
          const article = await pageArticle(file)
          if (article) yield article
          else leftOut.add('pages without a text')
        }
      },
    }
  },
}

function pagesOf({ files }: ExportFiles): ExportFile[] {
  const posts = files.filter(({ path }) => /(?:^|\/)posts\/[^/]+\.html$/i.test(path))
  if (posts.length > 0) return posts
  return files.filter(
    ({ path, head }) =>
      /\.html$/i.test(path) && /class="h-entry"|\bh-entry\b/.test(head) && /medium\.com/.test(head),
  )
}

async function pageArticle(file: ExportFile): Promise<ImportedArticle | undefined> {
  const html = decodeText(await file.read(), 'utf-8')
  const page = parseHtml(html, { isPage: true, positions: true })
  const byClass = (name: string) => findElement(page, node => classesOf(node).split(' ').includes(name))
  const content = byClass('e-content')
  if (!content) return undefined
  const name = file.path.replace(/^.*\/|\.html$/gi, '')
  const time = byClass('dt-published')
  const parent = time && findElement(page, node => node.tagName === 'a' && node.children.includes(time))
  const key =
    /\/p\/([0-9a-f]+)/.exec(parent ? attribute(parent, 'href') : '')?.[1] ??
    /-+([0-9a-f]{8,})$/.exec(name)?.[1]
  const id = key === undefined ? `https://medium.com/${name}` : `https://medium.com/p/${key}`
  const canonical = hrefOf(byClass('p-canonical'))
  const isDraft = /^draft_/i.test(name)
  const title = visibleText(byClass('p-name') ?? { type: 'text', value: '' })
  const isTitled = findElement(content, node => /\bgraf--title\b/.test(classesOf(node))) !== undefined
  const { text, line } = innerHtml(html, content)
  const place = { file: file.path, line }
  const findings: Finding[] = []
  const isResponse =
    !isDraft && !isTitled && visibleText(content).startsWith(title.replace(/…$/, '').slice(0, 40))
  if (isResponse) {
    const message = 'has no title of its own, as a response to somebody else’s post has none: it is a draft'
    findings.push({ ...place, kind: 'responses', message })
  }
  const author = byClass('p-author')
  return {
    place,
    id,
    url: canonical ?? id,
    slug:
      name
        .replace(/^(?:draft|\d{4}-\d\d-\d\d)_/i, '')
        .replace(/-+[0-9a-f]{8,}$/, '')
        .toLowerCase() || undefined,
    title,
    date: time ? attribute(time, 'dateTime') || undefined : undefined,
    authors: author ? [{ name: visibleText(author), slug: undefined }] : [],
    summary: visibleText(byClass('p-summary') ?? { type: 'text', value: '' }) || undefined,
    heldBack: isDraft ? 'draft' : isResponse ? 'a response' : undefined,
    body: { syntax: 'html', text, line },
    findings,
  }
}

function hrefOf(link: Element | undefined): string | undefined {
  const href = link ? attribute(link, 'href') : ''
  return /^https?:/.test(href) ? href : undefined
}
