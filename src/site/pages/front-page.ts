// Loaded folder → index.html: the newest articles, the feeds, and how to subscribe.

import { requestMail } from '../../base/index.ts'
import { type Channel, prefixOf } from '../../content/index.ts'
import type { Loaded, OutputFile } from '../../model.ts'
import type { Words } from '../../templates/index.ts'
import { listedArticle } from './article-summary.ts'
import { listPage } from './list-pages.ts'
import type { Site } from './open-site.ts'

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
  const groups = [
    { title: 'page.sections', channels: listed(sections, site) },
    { title: 'page.tags', channels: listed(largest(site, 'tag'), site) },
    { title: 'page.authors', channels: listed(largest(site, 'author'), site) },
  ].filter(({ channels }) => channels.length > 0)
  const shown = {
    lead,
    stories: stories.filter(other => other !== lead),
    // A publication has hundreds of tags: readers are offered the whole and its sections, the others on their own pages.
    feeds: [...main, ...sections.flatMap(channel => site.feeds(channel).slice(0, 1))],
    main,
    groups,
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
}

/** How a reader asks for each newsletter: a form where the publication has a service, a mail where it has none. */
function subscribeOffers({ publication }: Loaded, words: Words): SubscribeOffers {
  const { service, newsletters } = publication
  return {
    action: service && `${service}subscribe`,
    newsletters: newsletters.map(newsletter => ({
      id: newsletter.id,
      title: newsletter.title,
      rhythm: words(`page.every_${newsletter.every}`),
      mailto: requestMail(publication, newsletter, `subscribe ${newsletter.id}`),
    })),
  }
}
