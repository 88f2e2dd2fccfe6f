// A scene → the pages of the preview about articles and the publication as a whole: overview, list, one article, gallery,
// problems.

import { check, checkEditions } from '../../check/index.ts'
import { editionName } from '../../edition/index.ts'
import { FileError } from '../../errors.ts'
import type { Article, Diagnostic } from '../../model.ts'
import { articleOf, type Scene } from './scene.ts'
import { currentView, framesOf, placeOf, problemsOf, type View, viewLinks } from './view.ts'

const NEWEST_ARTICLES = 8

export function overview(scene: Scene): View {
  const { loaded, hidden } = scene
  const newest = loaded.articles.filter(({ file }) => !hidden.has(file)).slice(0, NEWEST_ARTICLES)
  const toCome = loaded.articles.filter(({ file }) => hidden.has(file))
  return {
    title: loaded.publication.title,
    template: 'overview',
    data: {
      publication: loaded.publication,
      count: loaded.articles.length,
      newest: newest.map(article => rowOf(article, scene)),
      toCome: toCome.slice(0, 50).map(article => rowOf(article, scene)),
      next: scene.next().map(edition => ({
        name: editionName(edition.newsletter, edition.id),
        title: edition.newsletter.title,
        when: momentOf(edition.sendAt, scene),
        count: edition.articles.length,
        hold: edition.hold,
      })),
      problems: problemsOf(loaded.diagnostics, loaded.publication.dir, 20),
      more: Math.max(0, loaded.diagnostics.length - 20),
    },
  }
}

const ARTICLES_PER_PAGE = 100

export function articlesView(scene: Scene, query: URLSearchParams): View {
  const words = (query.get('q') ?? '').trim()
  const wanted = words.toLowerCase()
  const state = query.get('state') ?? ''
  const found = scene.loaded.articles.filter(
    article =>
      (state === '' || stateOf(article, scene) === state) &&
      (wanted === '' || `${article.title} ${article.file}`.toLowerCase().includes(wanted)),
  )
  const page = Math.max(1, Number(query.get('page')) || 1)
  const shown = found.slice((page - 1) * ARTICLES_PER_PAGE, page * ARTICLES_PER_PAGE)
  const linkTo = (number: number) => {
    const other = new URLSearchParams(query)
    other.set('page', String(number))
    return `/articles?${other}`
  }
  return {
    title: 'Articles',
    template: 'articles',
    data: {
      words,
      count: found.length,
      states: ['', 'published', 'draft', 'future', 'unlisted', 'expired', 'withdrawn'].map(value => ({
        value,
        text: value || 'all',
        chosen: value === state,
      })),
      articles: shown.map(article => rowOf(article, scene)),
      earlier: page > 1 ? linkTo(page - 1) : undefined,
      later: page * ARTICLES_PER_PAGE < found.length ? linkTo(page + 1) : undefined,
      lists: scene.pages().lists.slice(0, 400),
    },
  }
}

export function rowOf(article: Article, scene: Scene) {
  const { file, title, section, date } = article
  return {
    title: title || file,
    file,
    address: `/article?file=${encodeURIComponent(file)}`,
    section: section?.title,
    when: momentOf(date.at, scene),
    state: stateOf(article, scene),
    isOut: stateOf(article, scene) === 'published',
  }
}

function stateOf({ file, state }: Article, { hidden }: Scene): string {
  return hidden.get(file) ?? state
}

/** In the publication's own time. */
export function momentOf(at: number, scene: Scene): string {
  const { timezone } = scene.loaded.publication
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone } as const
  return scene.once('moments', () => new Intl.DateTimeFormat('en-GB', style)).format(at)
}

/** An article's page, or one of the lists: `file` or `path` says which. */
export function articlePageView(scene: Scene, query: URLSearchParams): View {
  const file = query.get('file')
  return file === null ? listView(scene, query) : oneArticle(scene, query, file)
}

const VIEWS = { page: 'Page', feed: 'In a feed reader', source: 'Source' }

function oneArticle(scene: Scene, query: URLSearchParams, file: string): View {
  const article = articleOf(scene, file)
  const { dir } = scene.loaded.publication
  const own = scene.loaded.diagnostics.filter(found => found.file === file)
  if (!article && own.length > 0) throw new FileError(own, own[0]!.advice)
  if (!article)
    return {
      title: file,
      template: 'article',
      data: { ...placeOf(dir, file), file, missing: true, views: [], problems: problemsOf(own, dir) },
    }
  const views = viewLinks(query, '/article', VIEWS)
  const view = currentView(views)
  const path = scene.pages().pathOf(article)
  const inGallery = query.get('in') === 'gallery' ? '&in=gallery' : ''
  const source =
    view === 'feed'
      ? `/frame/feed?file=${encodeURIComponent(file)}${inGallery}`
      : path && `/site/${encodePath(path)}${inGallery.replace('&', '?')}`
  const found = () => check(scene.loaded, scene.renderer, [article])
  return {
    title: article.title,
    template: 'article',
    data: {
      ...rowOf(article, scene),
      ...placeOf(dir, file),
      views,
      kept: [...query].filter(([name]) => ['file', 'view', 'in'].includes(name)),
      frames:
        view !== 'source' && source
          ? framesOf(query, source, { widths: view === 'feed' ? [640] : [900], looks: ['light'] })
          : undefined,
      source: view === 'source' ? article.body : undefined,
      noPage: view === 'page' && !path,
      pagesOff: view === 'page' && !scene.loaded.publication.articles.pages,
      problems: problemsOf([...own, ...scene.once(`check ${file}`, found)], dir),
    },
  }
}

function listView(scene: Scene, query: URLSearchParams): View {
  const path = query.get('path') ?? 'index.html'
  const list = scene.pages().lists.find(one => one.path === path)
  return {
    title: list?.name ?? path,
    template: 'article',
    data: {
      title: list?.name ?? path,
      place: `out/${path}`,
      isOut: true,
      missing: list === undefined,
      views: [],
      kept: [['path', path]],
      frames: framesOf(query, `/site/${encodePath(path)}`, { widths: [900], looks: ['light'] }),
      problems: [],
    },
  }
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** The built-in articles, one after the other, and the letter of them all. @param scene of the gallery */
export function galleryView(scene: Scene): View {
  const inGallery = (address: string) => `${address}&in=gallery`
  return {
    title: 'Gallery',
    template: 'gallery',
    data: {
      articles: scene.loaded.articles.map(article => {
        const row = rowOf(article, scene)
        return { ...row, address: inGallery(row.address) }
      }),
      letters: scene.editions().map(({ newsletter, id }) => ({
        title: newsletter.title,
        address: inGallery(`/letter?of=${encodeURIComponent(editionName(newsletter, id))}`),
      })),
    },
  }
}

/** More than that are many of one kind: each rule then has its first ones. */
const MAX_PROBLEMS_OF_A_RULE = 20

/** Everything that `check` says, grouped by rule. */
export async function problemsView(scene: Scene): Promise<View> {
  const all = await scene.once('problems', () => allProblems(scene))
  const rules = groupByRule(all)
  return {
    title: 'Problems',
    template: 'problems',
    data: {
      count: all.length,
      rules: [...rules].map(([rule, found]) => ({
        rule,
        count: found.length,
        problems: problemsOf(found, scene.loaded.publication.dir, MAX_PROBLEMS_OF_A_RULE),
        more: Math.max(0, found.length - MAX_PROBLEMS_OF_A_RULE),
      })),
    },
  }
}

function groupByRule(all: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const rules = new Map<string, Diagnostic[]>()
  for (const found of all) {
    const same = rules.get(found.rule)
    if (same) same.push(found)
    else rules.set(found.rule, [found])
  }
  return rules
}

/** So many articles at a time, so that pages are answered in between. */
const ARTICLES_CHECKED_AT_ONCE = 200

async function allProblems(scene: Scene): Promise<Diagnostic[]> {
  const { loaded, renderer } = scene
  const found = [...loaded.diagnostics]
  for (let at = 0; at < loaded.articles.length; at += ARTICLES_CHECKED_AT_ONCE) {
    found.push(...check(loaded, renderer, loaded.articles.slice(at, at + ARTICLES_CHECKED_AT_ONCE)))
    await new Promise(resolve => setImmediate(resolve))
  }
  const next = scene.next()
  found.push(
    ...(await checkEditions(
      next.filter(({ articles }) => articles.length > 0),
      loaded,
      renderer,
    )),
  )
  return found
}
