// Article → what a newspaper's article page carries, as clean HTML for a feed: the article's own words first; then byline,
// dates, authors and links. And which template puts other words before the article's.

import { join, relative } from 'node:path'
import { isMidnight, liveTimes, openZone, readLiveHeading } from '../base/index.ts'
import { publishedArticles, webPicture } from '../content/index.ts'
import type {
  Article,
  Author,
  Diagnostic,
  Loaded,
  Picture,
  Renderer,
  SocialLink,
  Timestamp,
} from '../model.ts'
import { articlesBeside, type Beside, shownPicture } from '../site/index.ts'
import { openTemplates, type Templates } from '../templates/index.ts'
import { plainText, safeHtml, strictUrl } from './feed-xml.ts'

/** What a content is made from besides its article. */
export interface ContentSources {
  readonly loaded: Pick<Loaded, 'publication'>
  readonly renderer: Renderer
  readonly templates: Templates
  readonly beside: (article: Article) => Beside
}

/** For another thread: the same bytes as an item has them. */
export function contentMaker(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): (article: Article) => Buffer {
  const beside = articlesBeside(publishedArticles(loaded))
  return article => Buffer.from(makeContent(article, { loaded, renderer, templates, beside }))
}

/**
 * A warning where the publication's own template puts words before the article's: readers preview the first of a content.
 * The articles of the main feed are asked.
 */
export function contentProblems(loaded: Loaded, renderer: Renderer): Diagnostic[] {
  const { dir, feeds } = loaded.publication
  if (feeds.content !== 'full') return []
  const templates = openTemplates(join(dir, 'templates'))
  const path = relative(dir, templates.read(TEMPLATE).path)
  if (path.startsWith('..')) return [] // Ours: a test says what it makes.
  const make = contentMaker(loaded, renderer, templates)
  const found = publishedArticles(loaded)
    .slice(0, feeds.items)
    .filter(article => !beginsWithArticle(make(article).toString(), article, renderer))
  const [first, ...others] = found
  if (!first) return []
  const more = others.length > 0 ? `, and of ${others.length} more` : ''
  return [
    {
      file: path.replaceAll('\\', '/'),
      line: 1,
      rule: 'feed-content-begins',
      severity: 'warning',
      message: `the content of ${first.file}${more} does not begin with the words of the article`,
      advice: 'Readers preview the first words. Print byline, dates and links after {{{body}}}.',
    },
  ]
}

/** As NetNewsWire and Feedbin preview it: the text without its tags, cut off. */
function beginsWithArticle(content: string, article: Article, renderer: Renderer): boolean {
  const { summary = '', place = '', live } = article
  const { html } = renderer.body(article)
  if (live) return true // Its newest entries come first.
  const shown = lettersOf(textOf(content))
  return [html, `${place} ${html}`, `${summary} ${html}`, `${summary} ${place} ${html}`].some(own =>
    shown.startsWith(lettersOf(textOf(own).slice(0, OPENING_CHARACTERS))),
  )
}

/** Without tags and references. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>|&[#\w]+;/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Letters and digits: what a template adds between words is none of either. */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '')
}

const TEMPLATE = 'feed/content.html.hbs'

export function makeContent(
  article: Article,
  { loaded, renderer, templates, beside }: ContentSources,
): string {
  const { publication } = loaded
  const { language, direction, audio, source } = article
  const { html: written, minutes } = renderer.body(article)
  const html = article.live ? newestEntriesFirst(written, article, publication.timezone) : written
  const picture = article.image && webPicture(article.image, publication.url)
  const image = strict(picture)
  const shown = image && shownPicture(html, picture!)
  const { related, top } = beside(article)
  const furniture = publication.feeds.furniture !== 'none'
  const hasWords = !shown && Boolean(image?.caption || image?.credit)
  // Readers preview the first words of a content: the words of a picture come after the first of the article.
  const cut = hasWords ? openingEnd(html, OPENING_CHARACTERS - (article.summary?.length ?? 0)) : html.length
  const opening = html.slice(0, cut).trim()
  const foreign = language !== publication.language || direction !== publication.direction
  const zone = openZone(publication.timezone)
  const dayOnly = (time: Timestamp) => isMidnight(time.at, zone)
  const ending = {
    social: strictLinks(publication.social),
    comments: strictUrl(article.comments),
    tags: [...new Set([...(article.section ? [article.section.title] : []), ...article.tags])],
    related: related.flatMap(({ title, url }) => strict({ title, url }) ?? []),
    top: top.flatMap(({ title, url }) => strict({ title, url }) ?? []),
  }
  const data = {
    publication,
    ...ending,
    ended: publication.rights !== '' || Object.values(ending).some(part => part && part.length > 0),
    publishedDayOnly: dayOnly(article.date),
    updatedDayOnly: article.updated && dayOnly(article.updated),
    article,
    minutes,
    figure: shown || hasWords ? undefined : image,
    laterFigure: hasWords ? image : undefined,
    furniture,
    // The body shows the picture already; its caption and credit are printed all the same.
    caption: shown?.caption,
    credit: shown?.credit,
    authors: article.authors
      .filter(({ name }) => plainText(name))
      .map(author => authorData(author, renderer, publication.url)),
    audio: audio && strict({ ...audio, transcript: strictUrl(audio.transcript) }),
    source: source && strict(source),
    body: html,
    // The same in two: what comes before a picture that has words of its own, and what comes after it.
    opening,
    rest: html.slice(cut).trim(),
    // The place is printed before the first paragraph: in it, where the body begins with one.
    firstParagraph: opening.startsWith('<p>') ? opening.slice('<p>'.length) : '',
    // A reader knows nothing of direction unless the content says it; the feed's own language it knows.
    wrapped: foreign || direction === 'rtl',
  }
  // Where no catalogue speaks its language, words and dates are both in the publication's.
  const spoken = templates.speaks(language) ? language : publication.language
  const options = { language: spoken, timezone: publication.timezone }
  return safeHtml(templates.render(TEMPLATE, data, options))
}

/** NetNewsWire and Feedbin show so many of a content below its title. */
const OPENING_CHARACTERS = 250

/** Where in a body the first elements end that together have so many characters of text; its end, where all have fewer. */
function openingEnd(html: string, characters: number): number {
  if (characters <= 0) return 0
  let [depth, text, last] = [0, 0, 0]
  for (const { 0: whole, index, 1: close, 2: tag } of html.matchAll(TAG)) {
    text += html.slice(last, index).trim().length
    last = index + whole.length
    if (!VOID_ELEMENTS.has(tag!) && !whole.endsWith('/>')) depth += close ? -1 : 1
    if (depth === 0 && text >= characters) return last
  }
  return html.length
}

/**
 * HTML of a live blog's body → the same with its entries newest first: whoever reads a feed looks for what is new, however
 * the article was written down. What comes before the entries stays there; what is no entry comes after them. An entry
 * inside an element of the author's own stays in it, where it was written.
 */
function newestEntriesFirst(html: string, { date }: Pick<Article, 'date'>, timezone: string): string {
  const parts = partsOf(html)
  const entries = parts.flatMap(part => {
    const inner = ENTRY_HEADING.exec(part)?.[1]
    const heading = inner === undefined ? undefined : readLiveHeading(inner.replace(/<[^>]*>/g, '').trim())
    return heading ? [{ part, heading }] : []
  })
  if (entries.length === 0) return html
  const times = liveTimes(
    entries.map(({ heading }) => heading),
    date,
    timezone,
  )
  const sorted = entries
    .map(({ part }, index) => ({ part, at: times[index]!.at }))
    .sort((left, right) => right.at - left.at)
    .map(({ part }) => part)
  const first = parts.indexOf(entries[0]!.part)
  const isEntry = new Set(sorted)
  return [...parts.slice(0, first), ...sorted, ...parts.slice(first).filter(part => !isEntry.has(part))].join(
    '\n',
  )
}

const TAG = /<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g
/** Only Markdown makes headings with an id. */
const ENTRY_HEADING = /^<h2 id="[^"]*">([\s\S]*?)<\/h2>/
const FOOTNOTES = /^<hr ?\/?>\n<ol>\n<li id="fn1">/
const VOID_ELEMENTS = new Set(['br', 'col', 'hr', 'img', 'source', 'track', 'wbr'])

/** Cut before every heading of the first two ranks, and before the footnotes, that are in no other element. */
function partsOf(html: string): string[] {
  const cuts: number[] = []
  let depth = 0
  for (const { index, 1: close, 2: tag } of html.matchAll(TAG)) {
    const begins = tag === 'h1' || tag === 'h2' || (tag === 'hr' && FOOTNOTES.test(html.slice(index)))
    if (depth === 0 && !close && begins) cuts.push(index)
    if (!VOID_ELEMENTS.has(tag!)) depth += close ? -1 : 1
  }
  return [0, ...cuts].map((start, index) => html.slice(start, cuts[index]).trim()).filter(Boolean)
}

function authorData(author: Author, renderer: Renderer, home: string) {
  const biography = author.biography ? renderer.prose(author.biography, `authors/${author.id}.md`).html : ''
  const photo = strict(author.photo && webPicture(author.photo, home))
  const social = strictLinks(author.social)
  const url = strictUrl(author.url) ?? social[0]?.url
  const boxed = Boolean(biography || photo || social.length > 0)
  return { name: author.name, role: author.role, url, photo, social, biography, boxed }
}

function strictLinks(links: readonly SocialLink[]): SocialLink[] {
  return links.flatMap(link => strict(link) ?? [])
}

/** The same with a strict address, or nothing. */
function strict<T extends Pick<Picture, 'url'>>(value: T | undefined): T | undefined {
  const url = strictUrl(value?.url)
  return value && url ? { ...value, url } : undefined
}
