// A scene → its feeds: all there are, one as a reader's list and article show it, and its source; and every other file that the
// build would put into `out/`.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodePath, mediaTypeOf } from '../../base/index.ts'
import {
  COVER_FOLDER,
  FEED_FORMATS,
  feedFormatNames,
  feedPaths,
  openOwnFiles,
  ownFilePath,
  WEB_FOLDER,
} from '../../content/index.ts'
import { withState } from '../../edition/index.ts'
import { buildFeeds } from '../../feed/index.ts'
import type { Article, OutputFile } from '../../model.ts'
import { momentOf } from './article-views.ts'
import { articleOf, type Scene } from './scene.ts'
import { currentView, framesOf, render, type View, viewLinks } from './view.ts'

export function feedsView(scene: Scene): View {
  const feeds = feedPlaces(scene)
  return { title: 'Feeds', template: 'feeds', data: { feeds } }
}

interface FeedPlace {
  readonly name: string
  readonly scope: string
  /** Folder below `out/`: '' or 'tags/x/'. */
  readonly path: string
  readonly items: number
  readonly address: string
}

function feedPlaces(scene: Scene): FeedPlace[] {
  const [format] = feedFormatNames()
  return scene.once('feed places', () =>
    scene.feeds().map(report => {
      const path = report[format!].replace(/^out\//, '').replace(/[^/]*$/, '')
      return {
        name: report.name,
        scope: report.scope,
        path,
        items: report.items,
        address: `/feed?path=${encodeURIComponent(path)}`,
      }
    }),
  )
}

const VIEWS = {
  list: 'In a reader',
  ...Object.fromEntries(feedFormatNames().map(name => [name, FEED_FORMATS[name].label])),
}

/** Of a source, so much is shown: a browser takes seconds for more. */
const MAX_SOURCE_CHARACTERS = 400_000

export function feedView(scene: Scene, query: URLSearchParams): View {
  const path = query.get('path') ?? ''
  const place = feedPlaces(scene).find(one => one.path === path)
  const views = viewLinks(query, '/feed', VIEWS)
  const view = currentView(views)
  const name = feedFormatNames().find(format => format === view)
  const source = name && feedText(scene, path + FEED_FORMATS[name].file)
  const items = view === 'list' ? itemsOf(scene, path) : []
  const chosen = items.find(({ id }) => id === query.get('item')) ?? items[0]
  return {
    title: place?.name ?? path,
    template: 'feed',
    data: {
      path: `out/${path}${name ? FEED_FORMATS[name].file : ''}`,
      name: place?.name ?? path,
      missing: place === undefined,
      views,
      kept: [...query].filter(([key]) => ['path', 'view', 'item'].includes(key)),
      items: items.map(item => ({
        ...item,
        chosen: item === chosen,
        hidden: scene.hidden.get(item.file ?? ''),
        address: `/feed?path=${encodeURIComponent(path)}&item=${encodeURIComponent(item.id)}`,
      })),
      isList: view === 'list',
      frames:
        chosen &&
        framesOf(
          query,
          `/frame/feed?path=${encodeURIComponent(path)}&item=${encodeURIComponent(chosen.id)}`,
          { widths: [640], looks: ['light'] },
        ),
      source: source?.slice(0, MAX_SOURCE_CHARACTERS),
      cut: source !== undefined && source.length > MAX_SOURCE_CHARACTERS,
    },
  }
}

interface FeedItem {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly html: string
  readonly when: string
  readonly author: string
  /** Of the article that it was made of. */
  readonly file: string | undefined
}

function itemsOf(scene: Scene, path: string): FeedItem[] {
  return scene.once(`items ${path}`, () => {
    const files = new Map(scene.loaded.articles.map(({ url, file }) => [url, file]))
    return readItems(scene, feedText(scene, path + FEED_FORMATS.json.file), files)
  })
}

/** @param text a JSON Feed */
function readItems(scene: Scene, text: string | undefined, files: ReadonlyMap<string, string>): FeedItem[] {
  if (text === undefined) return []
  const { items } = JSON.parse(text) as { items: Record<string, unknown>[] }
  return items.map(item => ({
    id: String(item.id),
    title: String(item.title ?? ''),
    summary: String(item.summary ?? ''),
    html: String(item.content_html ?? item.summary ?? ''),
    when: momentOf(Date.parse(String(item.date_published)), scene),
    author: ((item.authors ?? []) as { name?: string }[]).map(({ name }) => name ?? '').join(', '),
    file: files.get(String(item.url ?? '')),
  }))
}

/** The article as feed readers show one: their own plain style around its content. */
export function feedFrame(scene: Scene, query: URLSearchParams): string | undefined {
  const file = query.get('file')
  const item = file === null ? chosenItem(scene, query) : itemOf(scene, file)
  if (!item) return undefined
  const { language, direction } = scene.loaded.publication
  return render('reader', { ...item, language, direction })
}

function chosenItem(scene: Scene, query: URLSearchParams): FeedItem | undefined {
  return itemsOf(scene, query.get('path') ?? '').find(({ id }) => id === query.get('item'))
}

/** How many older articles may be beside it as related. */
const ARTICLES_BESIDE = 60

/** Of one article, wherever it is in the feed. */
function itemOf(scene: Scene, file: string): FeedItem | undefined {
  const article = articleOf(scene, file)
  if (!article) return undefined
  return scene.once(`item ${file}`, () => {
    const text = textIn(mainFeedOf(scene, article), FEED_FORMATS.json.file)
    return readItems(scene, text, new Map())[0]
  })
}

function mainFeedOf({ loaded, renderer, templates }: Scene, article: Article): readonly OutputFile[] {
  const place = loaded.articles.indexOf(article)
  const { publication } = loaded
  const feeds = { ...publication.feeds, per: [], items: 1, complete: false, archive: false }
  const around = [
    withState(article, 'published'),
    ...loaded.articles.slice(place + 1, place + ARTICLES_BESIDE),
  ]
  const alone = { ...loaded, articles: around, publication: { ...publication, feeds } }
  return buildFeeds(alone, renderer, templates).files
}

/** @param path below `out/` @returns undefined where there is no such feed */
function feedText(scene: Scene, path: string): string | undefined {
  if (path === 'feed.css') return scene.templates.read('feed.css').text
  const folder = path.replace(/[^/]*$/, '')
  if (!feedPaths(folder).includes(path)) return undefined
  const { loaded, renderer, templates } = scene
  const { publication } = loaded
  const isMain = folder === ''
  const files = scene.once(isMain ? 'main feed' : 'feeds', () => {
    // All others are left out where only the main one is looked at: of a large folder they take a second.
    const feeds = isMain ? { ...publication.feeds, per: [] } : publication.feeds
    const shown = { ...loaded, publication: { ...publication, feeds } }
    return buildFeeds(shown, renderer, templates, isMain ? undefined : scene.archived()).files
  })
  return textIn(files, path)
}

function textIn(files: readonly OutputFile[], path: string): string | undefined {
  const body = files.find(file => file.path === path)?.body
  if (body === undefined || typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8')
  if ('copy' in body) return undefined
  return Buffer.concat([...body.chunks].map(chunk => Buffer.from(chunk))).toString('utf8')
}

// ─── Every file of the site ──────────────────────────────────────────────────────────────────────────────────────────

/** @param path below `out/`, encoded; that of a folder is its index */
export function sitePage({ pages }: Scene, path: string): string | undefined {
  const decoded = decodePath(path)
  return pages().page(/(^|\/)$/.test(decoded) ? `${decoded}index.html` : decoded)
}

interface SiteFile {
  readonly type: string
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** A feed, a picture that was made for a letter, or the publication's own file; never one of its sources. */
export function siteFile(scene: Scene, path: string): SiteFile | undefined {
  const type = mediaTypeOf(path) ?? 'application/octet-stream'
  const made = scene.made.get(path)?.body
  if (made instanceof Uint8Array) return { type, body: made as Uint8Array<ArrayBuffer> }
  const feed = feedText(scene, path)
  if (feed !== undefined) return { type, body: feed }
  const { publication } = scene.loaded
  const articles = join(publication.dir, 'articles')
  // What the build makes smaller is shown as it is.
  const folder = [WEB_FOLDER, COVER_FOLDER].find(each => path.startsWith(each)) ?? ''
  const own = encodeURI(path.slice(folder.length))
  const found = openOwnFiles(articles, publication.articles.attachments).find(`/${own}`, '')
  return 'file' in found ? { type, body: readFileSync(ownFilePath(articles, found.file)) } : undefined
}
