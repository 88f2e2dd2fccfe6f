// Article → the item that all formats write: the same id, title, dates, authors, tags and content in each.

import type { Beside } from '../articles-beside.ts'
import type { Article, Audio, Loaded, Picture, Renderer, Timestamp } from '../model.ts'
import type { Templates } from '../templates.ts'
import { plainText } from './feed-text.ts'
import { makeContent } from './make-content.ts'
import { strictUrl } from './strict-url.ts'

export interface Item {
  readonly id: string
  readonly url: string
  /** Plain text, never empty. */
  readonly title: string
  /** Plain text, never empty. */
  readonly summary: string
  /** HTML; undefined where feeds carry summaries only. */
  readonly content?: string | undefined
  readonly date: Timestamp
  /** When it last changed: the first publication, unless it was edited. */
  readonly updated: Timestamp
  readonly edited: boolean
  readonly authors: readonly ItemAuthor[]
  /** Its section, then its tags; each once. */
  readonly tags: readonly string[]
  /** Only where it differs from the feed's. */
  readonly language?: string | undefined
  readonly picture?: Picture | undefined
  readonly audio?: Audio | undefined
  readonly comments?: string | undefined
  /** What a link post points at. */
  readonly external?: string | undefined
}

export interface ItemAuthor {
  readonly name: string
  readonly url?: string | undefined
  readonly photo?: string | undefined
}

/** What an item is made from besides its article. */
export interface Sources {
  readonly loaded: Loaded
  readonly renderer: Renderer
  readonly templates: Templates
  /** As `permanentIds` and `updatedTimes` settled them. */
  readonly ids: ReadonlyMap<Article, string>
  readonly times: ReadonlyMap<Article, Timestamp>
  readonly beside: (article: Article) => Beside
}

export function makeItem(article: Article, sources: Sources): Item {
  const { publication } = sources.loaded
  const url = strictUrl(article.url) ?? publication.url
  const written = plainText(article.title)
  const summary = plainText(sources.renderer.body(article).summary) || written || url
  return {
    id: sources.ids.get(article)!,
    url,
    title: written || summary,
    summary,
    content: publication.feeds.content === 'full' ? makeContent(article, sources) : undefined,
    date: article.date,
    updated: sources.times.get(article)!,
    edited: article.updated !== undefined,
    authors: itemAuthors(article),
    tags: itemTags(article),
    language: article.language === publication.language ? undefined : article.language,
    picture: itemPicture(article),
    audio: itemAudio(article),
    comments: strictUrl(article.comments),
    external: strictUrl(article.source?.url),
  }
}

function itemAuthors({ authors }: Article): ItemAuthor[] {
  return authors
    .map(author => ({
      name: plainText(author.name),
      url: strictUrl(author.url) ?? strictUrl(author.social[0]?.url),
      photo: strictUrl(author.photo?.url),
    }))
    .filter(author => author.name !== '')
}

function itemTags({ section, tags }: Article): string[] {
  const words = [section?.title ?? '', ...tags].map(plainText).filter(Boolean)
  return [...new Set(words)]
}

function itemPicture({ image }: Article): Picture | undefined {
  const url = strictUrl(image?.url)
  if (!image || !url) return undefined
  return {
    ...image,
    url,
    alt: plainText(image.alt),
    caption: image.caption && plainText(image.caption),
    credit: image.credit && plainText(image.credit),
    creditRole: plainText(image.creditRole ?? '').toLowerCase() || 'photographer',
    type: image.type && MEDIA_TYPE.test(image.type) ? image.type : undefined,
  }
}

function itemAudio({ audio }: Article): Audio | undefined {
  const url = strictUrl(audio?.url)
  if (!audio || !url) return undefined
  return { ...audio, url, type: MEDIA_TYPE.test(audio.type) ? audio.type : 'application/octet-stream' }
}

// RFC 6838 §4.2
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i
