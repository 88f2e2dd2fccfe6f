// A section, a tag or an author, and the editions of newsletters → the pages that list what there is of each. A page is made
// only where what it shows is not what it showed when it was last made.

import { isoTime } from '../../base/index.ts'
import { type Channel, newestEditions, newsletterChannels, pageUrl, prefixOf } from '../../content/index.ts'
import type { ArchivedEdition, Newsletter, OutputFile } from '../../model.ts'
import { directionOf } from '../../templates/index.ts'
import { listedArticle } from './article-summary.ts'
import type { Site } from './open-site.ts'
import { pageKey } from './page-cache.ts'

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
    name: channel.name,
    author: channel.scope === 'author' && writer ? site.authorBox(writer, prefix) : undefined,
    stories: channel.articles
      .slice(0, publication.feeds.items)
      .map(article => listedArticle(article, site, prefix)),
  }
  const more = () => ({
    label: channel.scope === 'tag' ? site.templates.words(publication.language)('page.tag') : '',
  })
  return listPage({ path, template: 'channel', shown, more }, site)
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

/** The number of the week or the month, which the letter shows, too; a daily edition has its date. */
function numberOf(id: string, { every }: Newsletter): number | undefined {
  const digits = every === 'week' || every === 'month' ? /^\d{4}-W?(\d{2})$/.exec(id)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

interface ListPage {
  /** Below `out/`, where it will lie. */
  readonly path: string
  /** Of the template, below `templates/pages/`. */
  readonly template: string
  /** Everything of its articles and channels that the template is given. What else it is given follows from the settings. */
  readonly shown: object
  /** The rest of what the template is given: words, and the frame of every page. */
  more(): object
}

export function listPage({ path, template, shown, more }: ListPage, site: Site): OutputFile {
  const { publication } = site.loaded
  const { language, timezone } = publication
  if (site.cache.isUpToDate(path, pageKey(shown))) return { path, body: '' }
  const data = { publication, frame: site.frame(path), ...shown, ...more() }
  return { path, body: site.templates.render(`pages/${template}.html.hbs`, data, { language, timezone }) }
}
