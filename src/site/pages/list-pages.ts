// The whole publication, a section, a tag or an author, and the editions of newsletters → the pages that list what there is
// of each. A page is made only where what it shows is not what it showed when it was last made.

import { directionOf, isoTime, requestMail } from '../../base/index.ts'
import {
  type Channel,
  newestEditions,
  newsletterChannels,
  pageUrl,
  prefixOf,
  webPicture,
} from '../../content/index.ts'
import type { ArchivedEdition, Article, Loaded, Newsletter, OutputFile } from '../../model.ts'
import type { Words } from '../../templates/index.ts'
import { type ArticleSummary, pageKey, type Site } from './open-site.ts'
import { type LocalPicture, localPicture } from './page-html.ts'

/** The page beside a channel's feeds: who or what it is, its newest articles. */
export function channelPage(channel: Channel, site: Site): OutputFile {
  const { publication } = site.loaded
  const path = `${channel.path}index.html`
  const prefix = prefixOf(path)
  const [newest] = channel.articles
  const writer = newest?.authors.find(author => author.name.trim() === channel.name)
  const shown = {
    pageTitle: `${channel.name} · ${publication.title}`,
    description: `${publication.title}: ${channel.name}`,
    canonical: site.links.urlOf(channel),
    feeds: site.feeds(channel),
    language: channel.language ?? publication.language,
    direction: channel.language ? directionOf(channel.language) : publication.direction,
    translations: channel.language ? translationsOf(channel.path, site) : [],
    name: channel.name,
    author: channel.scope === 'author' && writer ? site.authorBox(writer, prefix) : undefined,
    stories: channel.articles
      .slice(0, channel.items ?? publication.feeds.items)
      .map(article => listedArticle(article, site, prefix)),
  }
  const language = channel.language && site.templates.speaks(channel.language) ? channel.language : undefined
  const more = () => ({
    label: channel.scope === 'tag' ? site.templates.words(publication.language)('page.tag') : '',
  })
  return listPage({ path, template: 'channel', shown, more, language }, site)
}

/** Front pages of languages: each of the others, and the whole (RFC 8288 §3.4.1). */
function translationsOf(path: string, { channels, links }: Site) {
  const others = channels.filter(channel => channel.language !== undefined && channel.path !== path)
  return others.map(channel => ({ language: channel.language!, url: links.urlOf(channel) }))
}

/** So many of each newsletter on the page of all. */
const EDITIONS_OF_EACH = 5

/** The web archive: one page of all newsletters, and one of every edition of each. */
export function editionsPages(editions: readonly ArchivedEdition[], site: Site): OutputFile[] {
  const { publication } = site.loaded
  const { newsletters } = publication
  if (newsletters.length === 0) return []
  const words = site.templates.words(publication.language)
  const archive = `${publication.url}editions/`
  const lists = newsletters.map(newsletter => editionList(newsletter, editions, site))
  const feeds = newsletterChannels(site.loaded).map(site.feeds)
  const named = (name: string) => ({ name, pageTitle: `${name} · ${publication.title}`, description: name })
  const all = {
    ...named(words('page.editions')),
    canonical: archive,
    // A choice of three for each of them is none.
    feeds: feeds.flatMap(([best]) => best ?? []),
    newsletters: lists.map(list => ({
      ...list,
      editions: list.editions.slice(0, EDITIONS_OF_EACH),
      more: list.editions.length > EDITIONS_OF_EACH,
    })),
  }
  const each = lists.map(({ title, rhythm, ...list }, index) => ({
    ...named(title),
    rhythm,
    label: words('page.editions'),
    archive,
    canonical: list.url,
    feeds: feeds[index]!,
    newsletters: [list],
  }))
  return [
    page('editions/index.html', all, site),
    ...each.map((data, index) => page(`editions/${newsletters[index]!.id}/index.html`, data, site)),
  ]
}

function page(path: string, shown: object, site: Site): OutputFile {
  return listPage({ path, template: 'editions', shown, more: () => ({}) }, site)
}

function editionList(newsletter: Newsletter, editions: readonly ArchivedEdition[], site: Site) {
  const { url, language } = site.loaded.publication
  const { id, title, every } = newsletter
  const own = editions.filter(edition => edition.newsletter === id)
  return {
    title,
    rhythm: site.templates.words(language)(`page.every_${every}`),
    url: pageUrl(url, `editions/${id}/`),
    editions: newestEditions(own).map(edition => ({
      ...edition,
      url: pageUrl(url, `editions/${id}/${edition.id}/`),
      when: isoTime(edition.until, site.zone),
      number: numberOf(edition.id, newsletter),
      language: newsletter.language,
      direction: directionOf(newsletter.language),
    })),
  }
}

/** Of the week, which the letter shows, too; other editions have their date. */
function numberOf(id: string, { every }: Newsletter): number | undefined {
  const digits = every === 'week' ? /^\d{4}-W(\d{2})$/.exec(id)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

interface ListPage {
  /** Below `out/`, where it will lie. */
  readonly path: string
  /** Of the template, below `templates/pages/`. */
  readonly template: string
  /** Everything of its articles and channels that the template is given. What else it is given follows from the settings. */
  readonly shown: object
  /** Of its words, where that is not the publication's. */
  readonly language?: string | undefined
  /** The rest of what the template is given: words, and the frame of every page. */
  more(): object
}

function listPage({ path, template, shown, more, ...page }: ListPage, site: Site): OutputFile {
  const { publication } = site.loaded
  const { timezone } = publication
  const language = page.language ?? publication.language
  if (site.cache.isUpToDate(path, pageKey(shown))) return { path, body: '' }
  const data = { publication, frame: site.frame(path), ...shown, ...more() }
  return { path, body: site.templates.render(`pages/${template}.html.hbs`, data, { language, timezone }) }
}

// ─── The front page ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// Loaded folder → index.html: the newest articles, the feeds, and how to subscribe.

/** One to lead, the others below it. */
const SHOWN_ARTICLES = 13
/** Of tags and authors, so many of those with most articles; the others are in feeds.opml. */
const LISTED_CHANNELS = 40

export function frontPage(site: Site): OutputFile {
  const { loaded, templates } = site
  const { publication } = loaded
  const path = 'index.html'
  const stories = site.published
    .slice(0, SHOWN_ARTICLES)
    .map(article => listedArticle(article, site, prefixOf(path)))
  const lead = stories.find(({ picture }) => picture) ?? stories[0]
  const main = site.channels.filter(({ scope }) => scope === 'main').flatMap(site.feeds)
  const sections = site.channels.filter(({ scope }) => scope === 'section')
  const of = (scope: Channel['scope']) => site.channels.filter(channel => channel.scope === scope)
  const others = [...of('podcast'), ...of('language'), ...of('own')]
  const groups = [
    { title: 'page.languages', channels: listed(of('language'), site) },
    { title: 'page.sections', channels: listed(sections, site) },
    { title: 'page.own_feeds', channels: listed([...of('podcast'), ...of('own')], site) },
    { title: 'page.tags', channels: listed(largest(site, 'tag'), site) },
    { title: 'page.authors', channels: listed(largest(site, 'author'), site) },
  ].filter(({ channels }) => channels.length > 0)
  const shown = {
    lead,
    stories: stories.filter(other => other !== lead),
    // A publication has hundreds of tags: readers are offered the whole and its sections, the others on their own pages.
    feeds: [...main, ...[...others, ...sections].flatMap(channel => site.feeds(channel).slice(0, 1))],
    main,
    groups,
    translations: translationsOf('', site),
  }
  const more = () => {
    const words = templates.words(publication.language)
    return {
      accent: site.frame(path).accent,
      description: publication.tagline || publication.title,
      groups: groups.map(group => ({ ...group, title: words(group.title) })),
      offers: subscribeOffers(loaded, words),
    }
  }
  return listPage({ path, template: 'index', shown, more }, site)
}

/** Those with most articles. */
function largest({ channels }: Site, scope: Channel['scope']): Channel[] {
  return channels
    .filter(channel => channel.scope === scope)
    .sort((left, right) => right.articles.length - left.articles.length)
    .slice(0, LISTED_CHANNELS)
    .sort((left, right) => (left.slug < right.slug ? -1 : 1))
}

/** Its page, where it has one, else its feed. */
function listed(channels: readonly Channel[], { loaded, links, feeds }: Site) {
  const { pages } = loaded.publication.articles
  return channels.flatMap(channel => {
    const url = pages ? links.urlOf(channel) : feeds(channel)[0]?.url
    return url ? { name: channel.name, url } : []
  })
}

interface SubscribeOffers {
  /** Where the form posts to; undefined without a service. */
  readonly action?: string | undefined
  readonly newsletters: readonly {
    readonly id: string
    readonly title: string
    readonly rhythm: string
    readonly mailto: string
  }[]
  /** The address of a mail that asks to leave, for who has no letter at hand; undefined with a service. */
  readonly leave?: string | undefined
}

/** How a reader asks for each newsletter: a form where the publication has a service, a mail where it has none. */
function subscribeOffers({ publication }: Loaded, words: Words): SubscribeOffers {
  const { service, newsletters } = publication
  const [first] = newsletters
  const asItIs = words('page.mail_as_it_is')
  return {
    leave:
      service === undefined && first ? requestMail(publication, first, 'unsubscribe', asItIs) : undefined,
    action: service && `${service}subscribe`,
    newsletters: newsletters.map(newsletter => ({
      id: newsletter.id,
      title: newsletter.title,
      rhythm: words(`page.every_${newsletter.every}`),
      mailto: requestMail(publication, newsletter, `subscribe ${newsletter.id}`, asItIs),
    })),
  }
}

// ─── An article as other pages show it ───────────────────────────────────────────────────────────────────────────────
//
// Article → what other pages show of it.

/** On the front page, and on the pages of sections, tags and authors. */
interface ListedArticle extends ArticleSummary {
  readonly summary: string
  readonly minutes: number
  readonly picture: LocalPicture | undefined
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly published: string
  /** Language of the words, dates and numbers around it. */
  readonly spoken: string
  /** Whether it is in another language than the page. */
  readonly foreign: boolean
}

/** @param prefix from the page to the top of `out/` */
function listedArticle(article: Article, site: Site, prefix: string): ListedArticle {
  const { language, direction, url } = site.loaded.publication
  const { summary, minutes } = site.renderer.body(article)
  return {
    ...site.summaryOf(article),
    summary,
    minutes,
    picture: article.image && localPicture(webPicture(article.image, url), prefix),
    names: article.authors.map(author => author.name),
    published: isoTime(article.date.at, site.zone),
    spoken: site.wordsAround(article).language,
    foreign: article.language !== language || article.direction !== direction,
  }
}
