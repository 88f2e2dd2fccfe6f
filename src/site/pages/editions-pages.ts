// Editions → the web archive: one page of all newsletters, and one of every edition of each.

import { newestEditions, newsletterChannels, pageUrl } from '../../content/index.ts'
import type { ArchivedEdition, Newsletter, OutputFile } from '../../model.ts'
import { directionOf } from '../../templates/index.ts'
import { isoTime } from './iso-time.ts'
import { listPage } from './list-page.ts'
import type { Site } from './open-site.ts'

/** So many of each newsletter on the page of all. */
const NEWEST = 5

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
      editions: list.editions.slice(0, NEWEST),
      more: list.editions.length > NEWEST,
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

/** Of the week or the month, as the letter says it; the date of a daily one says it all. */
function numberOf(id: string, { every }: Newsletter): number | undefined {
  const digits = every === 'week' || every === 'month' ? /^\d{4}-W?(\d{2})$/.exec(id)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}
