// A section, a tag or an author → the page for people beside its feeds: who or what it is, its newest articles.

import type { Channel } from '../channels.ts'
import type { Site } from './open-site.ts'
import { storyView } from './story-view.ts'

/** @param path below `out/`, where the page will lie */
export function channelPage(channel: Channel, path: string, site: Site): string {
  const { publication } = site.loaded
  const { language, timezone, feeds } = publication
  const frame = site.frame(path)
  const [newest] = channel.articles
  const writer = newest?.authors.find(author => author.name.trim() === channel.name)
  const author = channel.scope === 'author' && writer ? site.authorBox(writer, frame.prefix) : undefined
  const words = site.templates.words(language)
  const data = {
    publication,
    frame,
    pageTitle: `${channel.name} · ${publication.title}`,
    description: `${publication.title}: ${channel.name}`,
    canonical: site.links.urlOf(channel),
    feeds: site.feeds(channel),
    name: channel.name,
    label: channel.scope === 'tag' ? words('page.tag') : '',
    author,
    stories: channel.articles.slice(0, feeds.items).map(article => storyView(article, site, frame.prefix)),
  }
  return site.templates.render('pages/channel.html.hbs', data, { language, timezone })
}
