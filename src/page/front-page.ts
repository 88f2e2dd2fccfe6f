// Loaded folder → index.html: the newest articles, every feed, and how to subscribe.

import type { Article, FeedReport, Loaded, Picture, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { pageFeeds } from './page-feeds.ts'
import { readableAccent } from './readable-accent.ts'
import { subscribeOffers } from './subscribe-offers.ts'

/** One to lead, the others below it. */
const SHOWN = 13

export function frontPage(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
): string {
  const { publication, articles } = loaded
  const { language, timezone } = publication
  const stories = articles
    .filter(article => article.state === 'published')
    .slice(0, SHOWN)
    .map(article => story(article, loaded, renderer))
  const lead = stories.find(({ picture }) => picture) ?? stories[0]
  const data = {
    publication,
    accent: readableAccent(publication.accent),
    logo: publication.logo && masthead(publication.logo),
    icon: publication.icon && local(publication.icon),
    description: publication.tagline || publication.title,
    lead,
    stories: stories.filter(other => other !== lead),
    feeds: pageFeeds(loaded, feeds),
    offers: subscribeOffers(loaded, templates.words(language)),
  }
  return templates.render('pages/index.html.hbs', data, { language, timezone })
}

function story(article: Article, { publication }: Loaded, renderer: Renderer) {
  const { summary, minutes } = renderer.body(article)
  const foreign = article.language !== publication.language || article.direction !== publication.direction
  return {
    ...article,
    summary,
    minutes,
    picture: article.image && local(article.image),
    names: article.authors.map(author => author.name),
    foreign,
  }
}

/** A logo this wide is the name itself, drawn: it stands in the heading instead of the text. */
function masthead(logo: Picture) {
  const { width, height } = logo
  return { ...local(logo), wordmark: width !== undefined && height !== undefined && width >= height * 2.5 }
}

/** Own files lie beside the page, so that it shows them from a folder as well as from the web. */
function local(picture: Picture): Picture & { src: string } {
  const src = picture.file ? picture.file.split('/').map(encodeURIComponent).join('/') : picture.url
  return { ...picture, src }
}
