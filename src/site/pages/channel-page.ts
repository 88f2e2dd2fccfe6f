// A section, a tag or an author → the page for people beside its feeds: who or what it is, its newest articles.

import { type Channel, prefixOf } from '../../content/index.ts'
import type { OutputFile } from '../../model.ts'
import { listPage } from './list-page.ts'
import type { Site } from './open-site.ts'
import { storyView } from './story-view.ts'

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
      .map(article => storyView(article, site, prefix)),
  }
  const more = () => ({
    label: channel.scope === 'tag' ? site.templates.words(publication.language)('page.tag') : '',
  })
  return listPage({ path, template: 'channel', shown, more }, site)
}
