// Medium's archive, a page of HTML for each post, draft and response → articles. Title and subtitle are in the text once
// more, and are taken out there.

import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import {
  attribute,
  classesOf,
  type Element,
  findElement,
  innerHtml,
  parseHtml,
  pictureSourceOf,
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
        const keys = new Set(pagesOf(files).flatMap(file => keyOf(file) ?? []))
        for (const file of pagesOf(files)) {
          const article = await pageArticle(file, keys)
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

/** The id of a post: the number at the end of its address, and of its file's name. */
function keyOf({ path }: ExportFile): string | undefined {
  return /-+([0-9a-f]{8,})\.html$/i.exec(path)?.[1]
}

/** @param keys of all posts in the export: links to them are recognised by it, whatever is before it */
async function pageArticle(
  file: ExportFile,
  keys: ReadonlySet<string>,
): Promise<ImportedArticle | undefined> {
  const html = decodeText(await file.read(), 'utf-8')
  const page = parseHtml(html, { isPage: true, positions: true })
  const byClass = (name: string) => findElement(page, node => classesOf(node).split(' ').includes(name))
  const content = byClass('e-content')
  if (!content) return undefined
  const name = file.path.replace(/^.*\/|\.html$/gi, '')
  const time = byClass('dt-published')
  const parent = time && findElement(page, node => node.tagName === 'a' && node.children.includes(time))
  const key = /\/p\/([0-9a-f]+)/.exec(parent ? attribute(parent, 'href') : '')?.[1] ?? keyOf(file)
  const id = key === undefined ? `https://medium.com/${name}` : `https://medium.com/p/${key}`
  const canonical = hrefOf(byClass('p-canonical'))
  const isDraft = /^draft_/i.test(name)
  const title = visibleText(byClass('p-name') ?? { type: 'text', value: '' })
  const isTitled = findElement(content, node => /\bgraf--title\b/.test(classesOf(node))) !== undefined
  const { text: written, line } = innerHtml(html, content)
  const text = written.replace(
    /(\shref=")https:\/\/(?:[\w-]+\.)?medium\.com\/[^"?#]*?-?([0-9a-f]{8,})(?=["?#])/g,
    (whole, before: string, key: string) => (keys.has(key) ? `${before}https://medium.com/p/${key}` : whole),
  )
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
    image: leadPicture(content),
    heldBack: isDraft ? 'draft' : isResponse ? 'a response' : undefined,
    body: { syntax: 'html', text: isUnderKicker(content) ? withoutTitle(text) : text, line },
    findings,
  }
}

/** A line above the title, which hides that the title and subtitle are repeated. */
function isUnderKicker(content: Element): boolean {
  return findElement(content, node => /\bgraf--kicker\b/.test(classesOf(node))) !== undefined
}

function withoutTitle(html: string): string {
  return html.replace(
    /<(h[1-6])\b[^<>]*\bgraf--(?:title|subtitle)\b[^<>]*>(?:(?!<\/?h\d)[\s\S])*<\/\1>/g,
    title => title.replace(/[^\n]+/g, ''),
  )
}

/** The one that was chosen, when it is the first. */
function leadPicture(content: Element): ImportedArticle['image'] {
  const first = findElement(content, ({ tagName }) => tagName === 'img')
  const src = first && pictureSourceOf(first)
  if (!first || !src || attribute(first, 'dataIsFeatured') !== 'true') return undefined
  return { src, alt: attribute(first, 'alt') || undefined }
}

function hrefOf(link: Element | undefined): string | undefined {
  const href = link ? attribute(link, 'href') : ''
  return /^https?:/.test(href) ? href : undefined
}
