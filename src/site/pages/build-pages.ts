// Loaded folder → the pages for people in `out/`: the front page; articles, sections, tags and authors; the archive of
// newsletters.

import { isMidnight, isoTime } from '../../base/index.ts'
import { type FeedReport, readLicence, webPicture } from '../../content/index.ts'
import type { ArchivedEdition, Article, Diagnostic, Loaded, OutputFile, Renderer } from '../../model.ts'
import { hasKnownCode } from '../../render/index.ts'
import type { Templates } from '../../templates/index.ts'
import { channelPage, editionsPages, frontPage } from './list-pages.ts'
import {
  articleKey,
  type KeptPages,
  openSite,
  type PagesBefore,
  type Site,
  type WordsAround,
} from './open-site.ts'
import type { Frame } from './page-frames.ts'
import {
  liveBody,
  localPicture,
  markdownTwin,
  newsArticle,
  pageHtml,
  player,
  shownPicture,
} from './page-html.ts'

interface Pages {
  /** Pages of articles are made while they are read: ten thousand of them take no memory. */
  readonly files: OutputFile[]
  /** Paths of those that are in `out/` as they would be made: they are neither made nor compared. */
  readonly upToDate: ReadonlySet<string>
  /** Articles whose page would take another file's place: they have none. */
  readonly diagnostics: readonly Diagnostic[]
  /** Where the page of each article lies below `out/`. */
  readonly paths: ReadonlyMap<Article, string>
  /** For the next build. */
  kept(): KeptPages
}

/**
 * With `articles.pages: false` only the front page and the archive. An article whose page would take another file's
 * place has none: `makePages` says which.
 *
 * @param feeds as the feed stage reported them, the main one first
 * @param editions as the edition stage made them, in any order
 */
export function buildPages(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: readonly ArchivedEdition[] = [],
): OutputFile[] {
  return makePages(loaded, renderer, templates, feeds, editions).files
}

/** @param before what the last build of the same settings, templates and authors left; all is made without it */
export function makePages(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: readonly ArchivedEdition[],
  before?: PagesBefore,
): Pages {
  const site = openSite(loaded, renderer, templates, feeds, before)
  const { cache, places, channels } = site
  const page: MakeText = (article, path) => articlePage(article, path, site)
  const twin: MakeText = article => markdownTwin(article, site)
  const articles = [...places.paths].map(([article, path]) => articleFile(article, path, site, page))
  // A renderer without Markdown makes none.
  tryTemplates(articles)
  const withTwins = renderer.markdown ? [...places.twins] : []
  const twins = withTwins.map(([article, path]) => twinFile(article, path, site, twin))
  const withPages = loaded.publication.articles.pages ? channels.filter(({ scope }) => scope !== 'main') : []
  return {
    files: [
      frontPage(site),
      ...articles,
      ...twins,
      ...formerPages(site),
      ...withPages.map(channel => channelPage(channel, site)),
      ...editionsPages(editions, site),
      ...missingPage(site),
    ],
    upToDate: cache.upToDate,
    diagnostics: places.diagnostics,
    paths: places.paths,
    kept: cache.kept,
  }
}

/** For another thread: the same pages of articles as `makePages` makes, where they have no twins in Markdown. */
export function pageMaker(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
): MakeText {
  const site = openSite(loaded, renderer, templates, feeds, undefined, () => [])
  return (article, path) => articlePage(article, path, site)
}

const MISSING_PAGE = '404.html'

/**
 * What static hosts answer with where there is nothing: without it Cloudflare Pages answers with the front page, and says that
 * all is well. It is read at any address, so that it shows no file beside it.
 */
function missingPage({ places, templates, loaded: { publication } }: Site): OutputFile[] {
  const taken = [...places.paths.values(), ...places.former.keys()]
  const isTaken = taken.some(path => path.toLowerCase() === MISSING_PAGE)
  // Without pages, out/ is a part of another site.
  if (!publication.articles.pages || isTaken) return []
  return [
    {
      path: MISSING_PAGE,
      body: templates.render('pages/missing.html.hbs', { publication }, publication),
    },
  ]
}

/** For hosts that know no `_redirects`. */
function formerPages({ places, templates, loaded }: Site): OutputFile[] {
  const { timezone } = loaded.publication
  return [...places.former].map(([path, article]) => {
    const { language } = article
    return { path, body: templates.render('pages/moved.html.hbs', { article }, { language, timezone }) }
  })
}

function articleFile(article: Article, path: string, site: Site, make: MakeText): OutputFile {
  const beside = site.beside(article)
  const key = articleKey(article, beside, site.links)
  if (site.cache.isArticleUpToDate(path, key, article, beside)) return { path, body: '' }
  return new LateFile(path, article, make)
}

function twinFile(article: Article, path: string, site: Site, make: MakeText): OutputFile {
  if (site.cache.isTwinUpToDate(path, site.places.paths.get(article)!)) return { path, body: '' }
  return new LateFile(path, article, make)
}

type MakeText = (article: Article, path: string) => string

/** Made when it is read. A class, since an object with functions of its own takes four times the memory. */
class LateFile implements OutputFile {
  readonly path
  readonly article
  readonly #make
  #early: string | undefined
  constructor(path: string, article: Article, make: MakeText) {
    this.path = path
    this.article = article
    this.#make = make
  }

  makeEarly(): void {
    this.#early = this.#make(this.article, this.path)
  }

  get body(): OutputFile['body'] {
    const make = () => this.#early ?? this.#make(this.article, this.path)
    return { chunks: { [Symbol.iterator]: () => [make()].values() } }
  }
}

/** One page of each template is made now: one that fails for all pages fails before anything is written. */
function tryTemplates(files: readonly OutputFile[]): void {
  const late = files.filter(file => file instanceof LateFile)
  late.find(({ article }) => article.state !== 'withdrawn')?.makeEarly()
  late.find(({ article }) => article.state === 'withdrawn')?.makeEarly()
}

/** Pages that are made one by one, when somebody looks at them. */
export interface PagesOnRequest {
  /** Below `out/`; undefined for an article that has no page. */
  pathOf(article: Article): string | undefined
  /** The front page, then those of sections, tags and authors, the archive of newsletters, and what is shown where nothing is. */
  readonly lists: readonly { readonly name: string; readonly path: string }[]
  /** HTML; undefined where there is no such page. */
  page(path: string): string | undefined
}

/** The same pages as `buildPages` makes, without reading the articles that nobody asks for. */
export function pagesOnRequest(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
  editions: () => readonly ArchivedEdition[],
): PagesOnRequest {
  const site = openSite(loaded, renderer, templates, feeds, undefined, () => [])
  const { paths } = site.places
  const articles = new Map([...paths].map(([article, path]) => [path, article]))
  const channels = new Map(site.channels.map(channel => [`${channel.path}index.html`, channel]))
  const { title, newsletters } = loaded.publication
  const archive = newsletters.map(({ id, title: name }) => ({ name, path: `editions/${id}/index.html` }))
  const words = templates.words(loaded.publication.language)
  const all = { name: words('page.editions'), path: 'editions/index.html' }
  return {
    pathOf: article => paths.get(article),
    lists: [
      { name: title, path: 'index.html' },
      ...[...channels].slice(1).map(([path, { name }]) => ({ name, path })),
      ...(newsletters.length > 0 ? [all, ...archive] : []),
      ...missingPage(site).map(({ path }) => ({ name: words('serve.not_found_title'), path })),
    ],
    page(path) {
      const article = articles.get(path)
      if (article) return articlePage(article, path, site)
      const channel = channels.get(path)
      const file = path === 'index.html' ? frontPage(site) : channel && channelPage(channel, site)
      // A picture that is missing is asked for here, too: all editions need not be found for it.
      const isOfEditions = path.startsWith('editions/')
      const found =
        file ??
        (isOfEditions ? editionsPages(editions(), site) : missingPage(site)).find(page => page.path === path)
      return found && String(found.body)
    },
  }
}

// ─── The page of an article ──────────────────────────────────────────────────────────────────────────────────────────
//
// Article → its page: everything that a newspaper's article page carries, or a notice where it was withdrawn.

/** @param path below `out/`, where the page will lie */
function articlePage(article: Article, path: string, site: Site): string {
  const { publication } = site.loaded
  const { timezone } = publication
  const around = site.wordsAround(article)
  const about = {
    publication,
    article,
    turned: around.turned,
    frame: site.frame(path),
    twin: site.renderer.markdown && site.places.twins.get(article)?.replace(/.*\//, ''),
    published: isoTime(article.date.at, site.zone),
    // Midnight is how a date without a time is read: nobody published then.
    dayOnly: isMidnight(article.date.at, site.zone),
  }
  const options = { language: around.language, timezone }
  if (article.state === 'withdrawn') {
    return site.templates.render(
      'pages/withdrawn.html.hbs',
      { ...about, ...notice(article, site, around) },
      options,
    )
  }
  return site.templates.render(
    'pages/article.html.hbs',
    { ...about, ...story(article, site, about.frame, around) },
    options,
  )
}

function notice({ title, withdrawn }: Article, { loaded, zone, templates }: Site, { language }: WordsAround) {
  const words = templates.words(language)
  return {
    pageTitle: `${words('page.withdrawn')}: ${title} · ${loaded.publication.title}`,
    withdrawn: withdrawn?.at && isoTime(withdrawn.at.at, zone),
  }
}

function story(article: Article, site: Site, { prefix }: Frame, { language, locale, turned }: WordsAround) {
  const { publication } = site.loaded
  const image = article.image && webPicture(article.image, publication.url)
  const body = site.renderer.body(article)
  const live = liveBody(body, site.zone)
  const words = site.templates.words(language)
  const { highlight } = publication.articles
  const local = { home: publication.url, url: article.url, prefix, table: words('page.table'), highlight }
  const html = pageHtml(live ? live.intro : body.html, local)
  const shown = image && shownPicture(body.html, image)
  const channel = site.links.section(article)
  const beside = site.beside(article)
  const related = [...beside.related, ...beside.later]
  return {
    pageTitle: `${article.title} · ${publication.title}`,
    description: body.summary,
    canonical: article.canonical ?? article.url,
    licence: readLicence(article.extra.licence ?? article.extra.license),
    feeds: site.links.feeds(article),
    locale,
    data: newsArticle(article, body, live, site),
    updated: article.updated && isoTime(article.updated.at, site.zone),
    updatedDayOnly: article.updated && isMidnight(article.updated.at, site.zone),
    minutes: body.minutes,
    label: article.live || article.section !== undefined,
    section: article.section && { name: article.section.title, url: channel && site.links.urlOf(channel) },
    byline: site.byline(article, language),
    picture: image && !shown ? localPicture(image, prefix) : undefined,
    // Only what the body does not say of a picture that it shows.
    caption: shown?.caption,
    credit: shown?.credit,
    audio: article.audio && { ...player(article.audio, prefix), turned },
    body: html,
    // The place is printed before the first paragraph: in it, where the body begins with one.
    firstParagraph: html.startsWith('<p>') ? html.slice('<p>'.length) : '',
    entries: live?.entries.map(entry => ({ ...entry, html: pageHtml(entry.html, local) })),
    notes: live && pageHtml(live.notes, local),
    highlighted: highlight !== false && hasKnownCode(body.html),
    tags: [...new Set(article.tags)].map(name => {
      const tag = site.links.tag(name)
      return { name, url: tag && site.links.urlOf(tag) }
    }),
    authors: article.authors.map(author => site.authorBox(author, prefix)).filter(({ boxed }) => boxed),
    beside: [
      { title: words('page.related'), stories: related.map(site.summaryOf), turned },
      {
        title: words('page.top'),
        stories: beside.top.filter(other => !related.includes(other)).map(site.summaryOf),
        turned,
      },
    ].filter(({ stories }) => stories.length > 0),
  }
}
