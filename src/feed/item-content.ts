// Article → what a newspaper's article page carries, as clean HTML for a feed: picture, byline, body, author, links.

import { isMidnight, liveTimes, openZone, readLiveHeading } from '../base/index.ts'
import { publishedArticles } from '../content/index.ts'
import type { Article, Author, Loaded, Picture, Renderer, SocialLink, Timestamp } from '../model.ts'
import { articlesBeside, type Beside, shownPicture } from '../site/index.ts'
import type { Templates } from '../templates/index.ts'
import { plainText, safeHtml, strictUrl } from './feed-text.ts'

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

export function makeContent(
  article: Article,
  { loaded, renderer, templates, beside }: ContentSources,
): string {
  const { publication } = loaded
  const { language, direction, audio, source } = article
  const { html: written, minutes } = renderer.body(article)
  const html = article.live ? newestEntriesFirst(written, article, publication.timezone) : written
  const image = strict(article.image)
  const shown = image && shownPicture(html, article.image!)
  const { related, top } = beside(article)
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
    figure: shown ? undefined : image,
    // The body shows the picture already; its caption and credit are printed all the same.
    caption: shown?.caption,
    credit: shown?.credit,
    authors: article.authors
      .filter(({ name }) => plainText(name))
      .map(author => authorData(author, renderer)),
    audio: audio && strict({ ...audio, transcript: strictUrl(audio.transcript) }),
    source: source && strict(source),
    body: html,
    // The place is printed before the first paragraph: in it, where the body begins with one.
    firstParagraph: html.startsWith('<p>') ? html.slice('<p>'.length) : '',
    // A reader knows nothing of direction unless the content says it; the feed's own language it knows.
    wrapped: foreign || direction === 'rtl',
  }
  // Where no catalogue speaks its language, words and dates are both in the publication's.
  const spoken = templates.speaks(language) ? language : publication.language
  const options = { language: spoken, timezone: publication.timezone }
  return safeHtml(templates.render('feed/content.html.hbs', data, options))
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

function authorData(author: Author, renderer: Renderer) {
  const biography = author.biography ? renderer.prose(author.biography, `authors/${author.id}.md`).html : ''
  const photo = strict(author.photo)
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
