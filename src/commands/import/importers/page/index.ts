// A saved page, as HTML, as MHTML or as text → its one article. What machines read comes first, what people see second; the
// body is by our own rules and the lists of what surrounds articles.

import { createHash } from 'node:crypto'
import { cutShort, escapeHtml } from '../../../../base/index.ts'
import { UserError } from '../../../../errors.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../../export-files.ts'
import {
  attribute,
  type Element,
  elements,
  elementsAmong,
  findElement,
  isElement,
  parseHtml,
  pictureSourceOf,
  plainHtml,
  type Root,
  visibleText,
} from '../../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedPicture,
  type Importer,
  type ImportSettings,
  LeftOut,
} from '../../imported.ts'
import { authorBoxes, namedAuthors } from './author-box.ts'
import { type Block, pageBlocks, textBlocks } from './blocks.ts'
import { named, PageTree } from './furniture.ts'
import { takePlace } from './head-lines.ts'
import { type PageMetadata, readMetadata, titleOf, withoutHouse } from './metadata.ts'
import { asParagraphs, type PageParts, recognise, reportedEntries, shownEntries } from './recognise.ts'
import { copyrightHolder, copyrightOf, isSameHouse, splitCredit, wordCount } from './words.ts'

export const page: Importer = {
  name: 'page',
  title: 'a saved page',
  recognises: files => pagesOf(files).length > 0,
  async open(files, settings) {
    const pages = pagesOf(files)
    const leftOut = new LeftOut()
    return {
      hosts: [],
      leftOut: leftOut.counts,
      feeds: [],
      lists: [],
      async *articles() {
        leftOut.reset()
        for (const file of pages) {
          const article = await pageArticle(file, settings)
          if (article) yield article
          else leftOut.add('pages without an article')
        }
      },
    }
  },
}

/** No page that a person reads is longer; pictures in it are files of their own by now. */
const MAX_PAGE_BYTES = 24 * 2 ** 20
/** Shorter than any article. */
const MIN_WORDS = 40

function pagesOf({ files }: ExportFiles): ExportFile[] {
  const pages = files.filter(
    ({ path, head }) => /\.(?:x?html?|txt|text)$/i.test(path) || /^\s*<!doctype html|^\s*<html/i.test(head),
  )
  // Frames that a browser saved beside the page.
  return pages.filter(({ path }) => !/_files\/|\.frame\d*\.html$/i.test(path))
}

async function pageArticle(file: ExportFile, settings: ImportSettings): Promise<ImportedArticle | undefined> {
  const bytes = await file.read(MAX_PAGE_BYTES).catch(error => {
    if (error instanceof UserError && file.bytes > MAX_PAGE_BYTES)
      throw new UserError(
        `${file.path} is larger than 24 MB, which no page is`,
        'Save the page again, without what it embeds.',
      )
    throw error
  })
  const charset = charsetOf(bytes)
  const text = decodeText(bytes, charset)
  const isHtml =
    /\.x?html?$/i.test(file.path) || /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)/i.test(text)
  return isHtml ? htmlArticle(text, file, settings) : textArticle(text, file, settings)
}

/** As the page says in its first kilobytes. */
function charsetOf(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 4096).toString('latin1')
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1]
}

function textArticle(text: string, file: ExportFile, settings: ImportSettings): ImportedArticle | undefined {
  const blocks = textBlocks(text)
  const parts = recognise(blocks, undefined, {
    title: undefined,
    authors: [],
    boxes: [],
    house: undefined,
    timezone: settings.timezone,
  })
  const words = totalLength(parts.body)
  if (words < MIN_WORDS || parts.title === '') return undefined
  const html = parts.body.map(({ text: words }) => `<p>${escapeHtml(withSpaces(words))}</p>`).join('\n')
  const address = blocks.map(block => /^(https?:\/\/\S+)$/.exec(block.text)?.[1]).find(Boolean)
  return makeArticle({
    file,
    settings,
    parts,
    metadata: undefined,
    address,
    html,
    language: languageOf(text),
  })
}

function htmlArticle(html: string, file: ExportFile, settings: ImportSettings): ImportedArticle | undefined {
  const root = parseHtml(html, { isPage: true, positions: true })
  const metadata = readMetadata(root)
  const title = metadata.title ?? (withoutHouse(titleOf(root), metadata.house) || undefined)
  const container = articleOf(root)
  const scope: Root = container ? { type: 'root', children: [container] } : root
  const tree = new PageTree(scope, hostOf(metadata.address))
  const place = takePlace(root, tree)
  const { house } = metadata
  const shownNames = metadata.authors.length > 0 ? [] : namedAuthors(scope, tree, house)
  const authors = metadata.authors.length > 0 ? metadata.authors : shownNames
  const boxes = authorBoxes(
    root,
    tree,
    authors.map(({ name }) => name),
    house,
  )
  const hints = { title, authors, boxes, house, timezone: settings.timezone }
  const whole = recognise(pageBlocks(root, tree), metadata, hints)
  const found = container ? merged(whole, recognise(pageBlocks(scope, tree), metadata, hints)) : whole
  const parts = {
    ...found,
    tags: found.tags.length > 0 ? found.tags : namedTags(root, tree),
    place: found.place ?? place,
    copyright: found.copyright ?? copyrightOf(root),
  }
  const reported = reportedEntries(metadata, parts.body, settings, blockHtml)
  const words = totalLength(parts.body)
  const linked = totalLength([...parts.body, ...parts.dropped].filter(({ isLinks }) => isLinks))
  const isEnough =
    metadata.isArticle || metadata.isCut || parts.isCut ? words > 5 : words >= MIN_WORDS && linked < words / 3
  // What a script would have shown may be in the metadata.
  if (reported === undefined && !isEnough && lengthOf(metadata.text) < MIN_WORDS) return undefined
  const live = reported ?? shownEntries(parts.body, blockHtml)
  const body = live ?? (isEnough ? parts.body.map(blockHtml).join('\n') : asParagraphs(metadata.text))
  const { address, language } = metadata
  const isLive = live !== undefined
  return makeArticle({ file, settings, parts, metadata, address, html: body, language, isLive })
}

function totalLength(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + lengthOf(text), 0)
}

/** Words, or what a script without spaces has for them. */
function lengthOf(text: string): number {
  return Math.max(wordCount(text), Math.floor((text.match(WITHOUT_SPACES)?.length ?? 0) / 3))
}

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu

/** The first article of a page, or that with its headline; more of them follow where a page goes on without an end. */
function articleOf(root: Root) {
  const prose = (each: Element) => [...elements(each)].filter(({ tagName }) => tagName === 'p').length
  const articles = [...elements(root)].filter(each => each.tagName === 'article' && prose(each) > 1)
  const withHeadline = articles.find(each => findElement(each, ({ tagName }) => tagName === 'h1'))
  // One after another, each with the same kind of words: entries of a live blog, or a list of articles.
  return withHeadline ?? (articles.length > 2 ? undefined : articles[0])
}

/** Links at the foot of the article. */
function namedTags(root: Root, tree: PageTree): string[] {
  for (const element of named(root, 'tags', tree)) {
    const links = [...elements(element)].filter(({ tagName }) => tagName === 'a').map(visibleText)
    const tags = [...new Set(links)].filter(text => text !== '' && wordCount(text) <= 5 && text.length <= 50)
    if (tags.length > 0 && tags.length <= 20) return tags
  }
  return []
}

/** The body from the article, and from around it what is not in it. */
function merged(whole: PageParts, inside: PageParts): PageParts {
  const authors = inside.authors.some(({ biography }) => biography)
    ? inside.authors
    : whole.authors.length > 0
      ? whole.authors
      : inside.authors
  return {
    title: whole.title || inside.title,
    summary: inside.summary ?? whole.summary,
    authors,
    place: inside.place ?? whole.place,
    published: inside.published ?? whole.published,
    updated: inside.updated ?? whole.updated,
    unsureZone: inside.unsureZone ?? whole.unsureZone,
    tags: inside.tags.length > 0 ? inside.tags : whole.tags,
    caption: inside.caption ?? whole.caption,
    credit: inside.credit ?? whole.credit,
    lead: inside.lead ?? whole.lead,
    body: inside.body,
    dropped: inside.dropped,
    isCut: inside.isCut || whole.isCut,
    networks: inside.networks.length > 0 ? inside.networks : whole.networks,
    copyright: whole.copyright ?? inside.copyright,
  }
}

/** Attributes that pictures and links need; tidied like any other HTML afterwards. */
function blockHtml({ nodes, tag, text }: Block): string {
  if (nodes.length === 0) return `<p>${escapeHtml(withSpaces(text))}</p>`
  for (const node of nodes) if (isElement(node)) resolvePictures(node)
  const html = nodes
    .map(node => plainHtml(withSpacesIn(node)))
    .join('')
    .trim()
  return tag === 'text' || tag === 'img' ? `<p>${html}</p>` : html
}

function resolvePictures(node: Element): void {
  for (const each of elementsAmong([node])) {
    // A frame that a browser saved beside the page has lost its address.
    if (each.tagName === 'iframe' && !/^(?:https?:)?\/\//i.test(attribute(each, 'src')))
      each.properties = { title: each.properties.title }
    if (each.tagName !== 'img') continue
    const src = pictureSourceOf(each)
    each.properties = { ...(src ? { src } : {}), alt: attribute(each, 'alt') }
  }
}

function withSpacesIn<Node extends Block['nodes'][number]>(node: Node): Node {
  if (node.type === 'text') node.value = withSpaces(node.value)
  else if (node.type === 'element' && !/^(?:pre|code|a)$/.test(node.tagName))
    for (const child of node.children) withSpacesIn(child)
  return node
}

/** '… on February 4.He is expected …' has lost a space; 'Node.js' and 'U.S.' have not. */
function withSpaces(text: string): string {
  return text.replace(/(?<=[\p{Ll}\d)”"’][.!?])(?=\p{Lu}\p{Ll}*[\s’'])/gu, (_, at: number) => {
    const word = text.slice(0, at).split(/\s/).at(-1)!
    return /[/@]|^\p{L}\.$/u.test(word) ? '' : ' '
  })
}

interface Found {
  readonly file: ExportFile
  readonly settings: ImportSettings
  readonly parts: PageParts
  readonly metadata: PageMetadata | undefined
  readonly address: string | undefined
  readonly html: string
  readonly language: string | undefined
  readonly isLive?: boolean
}

function makeArticle(found: Found): ImportedArticle {
  const { file, settings, parts, metadata, address, html, language, isLive } = found
  const published = metadata?.published ?? parts.published
  const updated = metadata?.updated ?? parts.updated
  const title = metadata?.title ?? parts.title
  const otherHouse = houseOfAnother(found)
  const isOwn = address !== undefined && hostOf(address) === hostOf(settings.site ?? '')
  return {
    place: { file: file.path, line: 0 },
    id: address ?? `urn:sha256:${createHash('sha256').update(title).digest('hex').slice(0, 32)}`,
    url: isOwn ? address : undefined,
    title,
    date: published ?? updated,
    updated: published === undefined ? undefined : updated,
    authors: parts.authors,
    categories: metadata?.section ? [metadata.section] : [],
    tags: metadata && metadata.tags.length > 0 ? metadata.tags : parts.tags,
    summary: summaryOf(parts, metadata),
    dateline: metadata?.place ?? parts.place,
    image: leadPicture(parts, metadata),
    imageWords: { caption: parts.caption, credit: parts.credit },
    language: language?.replace('_', '-'),
    heldBack: otherHouse !== undefined ? `© ${otherHouse}` : isCut(found) ? 'the body is cut' : undefined,
    live: isLive === true,
    source: isOwn ? undefined : address,
    body: { syntax: 'html', text: html, line: 0 },
    findings: findingsOf(found),
  }
}

function isCut({ parts, metadata }: Found): boolean {
  return metadata?.isCut === true || parts.isCut
}

function houseOfAnother({ parts, settings }: Found): string | undefined {
  const house = copyrightHolder(parts.copyright ?? '')
  return house !== '' && !isSameHouse(house, settings.title) ? house : undefined
}

/** What a person should know of it, in the order of the page. */
function findingsOf(found: Found): Finding[] {
  const { file, settings, parts, metadata } = found
  const findings: Finding[] = []
  const say = (kind: string, message: string, needsPerson?: true) =>
    findings.push({ file: file.path, line: 0, kind, message, ...(needsPerson ? { needsPerson } : {}) })
  const published = metadata?.published ?? parts.published
  if (published === undefined && (metadata?.updated ?? parts.updated) !== undefined)
    say(
      'dates that are those of a change',
      'only the time of its last change is given: it serves as the date',
    )
  if (parts.unsureZone !== undefined && metadata?.published === undefined)
    say(
      'zones that are not sure',
      `${parts.unsureZone} means several zones: the publication's own, ${settings.timezone}, is taken`,
    )
  for (const network of parts.networks)
    if (!parts.authors[0]?.social?.length)
      say('profiles without an address', `the author's profile on ${network} has no address in the page`)
  for (const { text, line: at } of parts.dropped)
    findings.push({
      file: file.path,
      line: at,
      kind: 'parts of the page that surround articles',
      message: `"${cutShort(text, 60)}" is left out`,
    })
  if (isCut(found))
    say('texts that were cut', 'the body is cut: the page shows the rest to subscribers', true)
  const house = houseOfAnother(found)
  if (house !== undefined) say('articles of another house', `© ${house}: ask before you publish it`, true)
  const hasWords = parts.caption !== undefined || parts.credit !== undefined
  if (hasWords && !leadPicture(parts, metadata))
    say(
      'pictures that the page does not contain',
      'caption and credit are kept as image_caption and image_credit: add `image:`',
    )
  return findings
}

/** What is below the headline; else the summary in its metadata, unless it is the beginning of the text. */
function summaryOf({ summary, body }: PageParts, metadata: PageMetadata | undefined): string | undefined {
  const given = metadata?.summary
  if (given === undefined || summary !== undefined) return summary
  const start = given.replace(/\s*(?:\.{3}|…|\[…\])$/u, '').slice(0, 120)
  return body.some(({ text }) => text.startsWith(start)) ? undefined : given
}

function leadPicture(
  { lead, caption, credit }: PageParts,
  metadata: PageMetadata | undefined,
): ImportedPicture | undefined {
  const node = lead?.nodes.find(each => isElement(each))
  const img =
    node && isElement(node)
      ? isElement(node, 'img')
        ? node
        : findElement(node, ({ tagName }) => tagName === 'img')
      : undefined
  const src = metadata?.image?.src ?? (img && pictureSourceOf(img))
  if (src === undefined) return undefined
  const said = splitCredit(metadata?.image?.caption ?? '')
  return {
    src,
    alt: metadata?.image?.alt ?? (img ? attribute(img, 'alt') || undefined : undefined),
    caption: said.caption || caption,
    credit: metadata?.image?.credit ?? said.credit ?? credit,
  }
}

/** By its script, where that means one language most of the time. */
function languageOf(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const share = (pattern: RegExp) => (text.match(pattern)?.length ?? 0) / Math.max(1, letters)
  if (share(/\p{Script=Devanagari}/gu) > 0.4) return 'hi'
  return share(/\p{Script=Arabic}/gu) > 0.4 ? 'ar' : undefined
}
