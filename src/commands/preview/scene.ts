// A publication's folder → what is in it now, with drafts and what is dated later as if it were out; and, while something in
// it is wrong, the last that could be shown.

import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkSettings,
  type FeedReport,
  type Listing,
  type LoadedFolder,
  type LoadMemory,
  listFolder,
  listSources,
  loadFolder,
  openMemory,
  type Recall,
  STAMP_LENGTH,
  settingsText,
} from '../../content/index.ts'
import {
  comingEdition,
  comingSlot,
  editionsOf,
  folderHistory,
  type History,
  withState,
} from '../../edition/index.ts'
import { FileError, throwUnlessChanged, UserError } from '../../errors.ts'
import { plannedFeeds } from '../../feed/index.ts'
import { editionSubject } from '../../letter/index.ts'
import type {
  ArchivedEdition,
  Article,
  ArticleState,
  Edition,
  Loaded,
  Newsletter,
  OutputFile,
  Renderer,
} from '../../model.ts'
import { createRenderer } from '../../render/index.ts'
import { type PagesOnRequest, pagesOnRequest } from '../../site/index.ts'
import { builtinTemplates, openTemplates, type Templates } from '../../templates/index.ts'

export interface Scene {
  /** Another for every change. */
  readonly version: number
  /** Drafts and what is dated later are published in it. */
  readonly loaded: Loaded
  /** File → the state of an article that readers do not see yet. */
  readonly hidden: ReadonlyMap<string, ArticleState>
  readonly renderer: Renderer
  readonly templates: Templates
  readonly now: number
  pages(): PagesOnRequest
  /** Those that appeared, of every newsletter, oldest first. */
  editions(): readonly Edition[]
  /** The same as the web archive speaks of them. */
  archived(): readonly ArchivedEdition[]
  /** Of every newsletter the one that comes next, with what it holds so far, drafts included. */
  next(): readonly Edition[]
  feeds(): readonly FeedReport[]
  /** The first of the list, to look at letters as they get them; none where there is no list. */
  readers(): Promise<readonly ListReader[]>
  /** Files that were made for something shown, by path below `out/`: converted pictures. */
  readonly made: Map<string, OutputFile>
  /** Made once while nothing changes. */
  once<Value>(key: string, make: () => Value): Value
}

/** Whoever is on the list, as far as a letter shows it. */
export interface ListReader {
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
  /** Newsletter → topics; none for everything. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
}

/** Newsletter → what it has sent; only those that sent anything. */
export type Histories = ReadonlyMap<string, History>

/** What the list and the ledger of this machine say, where there are any. */
export interface Records {
  readonly readers: Scene['readers']
  /** Never rejects. */
  sent(): Promise<Histories>
}

/** What keeps the folder from being shown as it is now. */
export interface Trouble {
  readonly message: string
  readonly hint: string
  readonly problems: readonly { readonly file: string; readonly line: number; readonly message: string }[]
}

export interface Scenes {
  scene(): Scene
  /** Hard content of every kind in the publication's own look. */
  gallery(): Scene
  trouble(): Trouble | undefined
  /** @param paths that changed; undefined: anything may have @returns whether anything did */
  refresh(paths: readonly string[] | undefined): Promise<boolean>
}

/** @throws UserError where nothing could be shown at all */
export async function openScenes(
  dir: string,
  now: () => number,
  { readers, sent }: Records = { readers: async () => [], sent: async () => new Map() },
): Promise<Scenes> {
  const loader = new FolderLoader(dir)
  let version = 1
  let histories = await sent()
  const first = await loader.load(now(), undefined)
  let scene = makeScene(first, { dir, version, now: now(), readers, histories })
  let trouble: Trouble | undefined
  return {
    scene: () => scene,
    gallery: () => scene.once('gallery', () => openGallery(loader.settings(), scene)),
    trouble: () => trouble,
    async refresh(paths) {
      if (!loader.hasChanged(paths)) return false
      const before = JSON.stringify(trouble)
      try {
        const { templates } = scene
        const same = paths?.every(path => !path.startsWith('templates/')) ? templates : undefined
        const loaded = await loader.load(now(), paths)
        const time = { dir, version: ++version, now: now(), templates: same, readers, histories }
        scene = makeScene(loaded, time)
        // What was sent meanwhile counts from the next change on: nobody waits for it to be read.
        void sent().then(known => {
          histories = known
        })
        trouble = undefined
        return true
      } catch (error) {
        trouble = troubleOf(error, dir)
        return before !== JSON.stringify(trouble)
      }
    },
  }
}

export function troubleOf(error: unknown, dir: string): Trouble {
  const relative = (text: string) => text.replaceAll(`${dir}/`, '')
  if (!(error instanceof UserError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { message: `this is a bug in Broadsheet\n${message}`, hint: 'Please report it.', problems: [] }
  }
  const message = relative(error.message)
  const [, file = '', line = '0'] =
    /^(?:template )?([\w./-]+\.(?:hbs|css|yaml|md)):?(\d+)?/.exec(message) ?? []
  const named = file === '' ? [] : [{ file, line: Number(line), message }]
  return {
    message,
    hint: relative(error.hint),
    problems: error instanceof FileError ? error.problems : named,
  }
}

interface SceneTime {
  readonly dir: string
  readonly version: number
  readonly now: number
  /** As they were, where none of them changed. */
  readonly templates?: Templates | undefined
  readonly readers: Scene['readers']
  readonly histories: Histories
}

function makeScene(folder: LoadedFolder, time: SceneTime): Scene {
  const { dir, version, now, templates: same, readers, histories } = time
  const { loaded, hidden } = withHidden(folder.loaded)
  const templates = same ?? openTemplates(join(dir, 'templates'))
  const renderer = createRenderer(loaded)
  const { newsletters } = loaded.publication
  const known = new Map<string, unknown>()
  const once = <Value>(key: string, make: () => Value): Value => {
    if (!known.has(key)) known.set(key, make())
    return known.get(key) as Value
  }
  // What appeared had no drafts in it; what comes next may.
  const editionsBy = () => once('editions', () => newsletters.map(one => editionsOf(folder.loaded, one, now)))
  const editions = () => editionsBy().flat()
  const next = () =>
    newsletters.flatMap((one, at) => {
      const history = histories.get(one.id) ?? folderHistory(editionsBy()[at]!)
      return comingEdition(loaded, one, now, history) ?? []
    })
  const feeds = () => once('feeds planned', () => plannedFeeds(loaded))
  const archived = () => editions().map(edition => archivedOf(edition, loaded))
  return {
    version,
    loaded,
    hidden,
    renderer,
    templates,
    now,
    made: new Map(),
    once,
    editions,
    archived,
    feeds,
    readers: () => once('readers', readers),
    next: () => once('next', next),
    pages: () =>
      once('pages', () => {
        const { publication } = loaded
        const shown = { ...publication, articles: { ...publication.articles, pages: true } }
        return pagesOnRequest({ ...loaded, publication: shown }, renderer, templates, feeds(), archived)
      }),
  }
}

function withHidden(loaded: Loaded): { loaded: Loaded; hidden: Map<string, ArticleState> } {
  const hidden = new Map<string, ArticleState>()
  const articles = loaded.articles.map(article => {
    if (article.state !== 'draft' && article.state !== 'future') return article
    hidden.set(article.file, article.state)
    return withState(article, 'published')
  })
  return { loaded: { ...loaded, articles }, hidden }
}

function archivedOf(edition: Edition, { publication }: Loaded): ArchivedEdition {
  return {
    id: edition.id,
    newsletter: edition.newsletter.id,
    subject: editionSubject(edition, publication),
    preheader: '',
    until: edition.until,
    articles: edition.articles.length,
    image: edition.lead?.image,
  }
}

/** The built-in articles with the publication's own settings and templates. */
function openGallery(settings: LoadMemory['settings'], { templates, version, now, readers }: Scene): Scene {
  const dir = join(builtinTemplates, 'gallery')
  const folder = loadFolder(dir, { now, settings })
  const scene = makeScene(folder, { dir, version, now, templates, readers, histories: new Map() })
  const { newsletters } = scene.loaded.publication
  const editions = newsletters.map(newsletter => galleryEdition(newsletter, scene))
  return { ...scene, editions: () => editions, archived: () => [], next: () => [] }
}

/** All of its articles, whatever the newsletter carries. */
function galleryEdition(newsletter: Newsletter, { loaded, now }: Scene): Edition {
  const slot = comingSlot(loaded, newsletter, now) ?? { id: 'gallery', from: now, until: now }
  const articles = loaded.articles
  const [lead, ...others] = articles
  const parts = [{ title: others[0]?.section?.title ?? '', articles: others }]
  return { newsletter, ...slot, sendAt: slot.until, hold: false, lead, articles, parts, leftOut: [] }
}

/** Undefined where no article is in that file. */
export function articleOf({ loaded }: Scene, file: string): Article | undefined {
  return loaded.articles.find(article => article.file === file)
}

// ─── The folder, of which only what changed is read ─────────────────────────────────────────────────────────────────

/** So many files that were read again are better read from a new memory. */
const MAX_READ_AGAIN = 40

class FolderLoader {
  readonly #dir: string
  #listing: Listing | undefined
  #settings: LoadMemory['settings'] | undefined
  /** What the memory was made of. */
  #kept:
    | {
        readonly memory: LoadMemory
        readonly recall: Recall
        readonly listing: Listing
        readonly known: ReadonlySet<string>
      }
    | undefined
  /** Files that changed since, as far as they were named. */
  readonly #touched = new Set<string>()
  #templates: Listing | undefined

  constructor(dir: string) {
    this.#dir = dir
  }

  settings(): LoadMemory['settings'] {
    return this.#settings!
  }

  /** Whether the folder differs from what was loaded. What the file system names is believed. */
  hasChanged(paths: readonly string[] | undefined): boolean {
    if (paths) return true
    return (
      !isSameListing(this.#listing, this.#list()) ||
      !isSameListing(this.#templates, listFolder(this.#dir, 'templates')) ||
      this.#settings?.text !== this.#settingsText()
    )
  }

  /** @throws UserError for settings that are wrong, and a folder that changes all the time */
  async load(now: number, paths: readonly string[] | undefined): Promise<LoadedFolder> {
    for (const path of paths ?? []) this.#touched.add(path)
    for (let tries = 1; ; tries++) {
      try {
        return await this.#loadOnce(now, tries === 1 ? paths : undefined)
      } catch (error) {
        throwUnlessChanged(error, tries)
      }
    }
  }

  async #loadOnce(now: number, paths: readonly string[] | undefined): Promise<LoadedFolder> {
    const listing = (paths && this.#patched(paths)) ?? this.#list()
    const { file, text } = settingsText(this.#dir)
    const known = this.#settings
    const settings = known?.text === text && known.file === file ? known : await checkSettings({ file, text })
    const kept = this.#kept?.memory.settings === settings ? this.#kept : undefined
    const earlier = kept && { ...kept, isUnchanged: unchangedSince(kept, listing, this.#touched) }
    const folder = loadFolder(this.#dir, { now, settings, listing, earlier })
    this.#settings = settings
    this.#listing = listing
    this.#templates = listFolder(this.#dir, 'templates')
    const { renewed } = folder.differences ?? {}
    if (!renewed || renewed.size > MAX_READ_AGAIN) this.#keep(folder, listing)
    return folder
  }

  #keep(folder: LoadedFolder, listing: Listing): void {
    const memory = folder.memory()
    this.#kept = { memory, recall: openMemory(memory), listing, known: new Set(listing.paths) }
    this.#touched.clear()
  }

  #list(): Listing {
    return listSources(this.#dir)
  }

  #settingsText(): string {
    try {
      return settingsText(this.#dir).text
    } catch {
      return ''
    }
  }

  /** The last listing with the numbers of these files as they are now; undefined where a file came or went. */
  #patched(paths: readonly string[]): Listing | undefined {
    const before = this.#listing
    if (!before || before.links.length > 0) return undefined
    const stamps = Float64Array.from(before.stamps)
    for (const path of paths) {
      if (!path.startsWith('articles/')) continue
      const at = before.paths.indexOf(path)
      const stats = lstatSync(join(this.#dir, path), { throwIfNoEntry: false })
      if (at === -1 && !stats) continue // A temporary file of an editor, gone already.
      if (at === -1 || !stats?.isFile()) return undefined
      stamps.set([stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino], at * STAMP_LENGTH)
    }
    return { ...before, stamps }
  }
}

function isSameListing(before: Listing | undefined, { paths, stamps }: Listing): boolean {
  if (before?.paths.length !== paths.length || before.stamps.length !== stamps.length) return false
  for (const [place, path] of paths.entries()) if (before.paths[place] !== path) return false
  for (let at = 0; at < stamps.length; at++) if (before.stamps[at] !== stamps[at]) return false
  return true
}

interface Before {
  readonly listing: Listing
  /** Its paths. */
  readonly known: ReadonlySet<string>
}

function unchangedSince({ listing: before, known }: Before, now: Listing, touched: ReadonlySet<string>) {
  const changed = new Set(touched)
  // Where no file came or went, the two have the same paths in the same order.
  const isInPlace = before.paths === now.paths
  const places = isInPlace ? undefined : new Map(before.paths.map((path, place) => [path, place]))
  for (const [place, path] of now.paths.entries()) {
    const was = places ? places.get(path) : place
    if (was === undefined || !isSameStamp(before, was, now, place)) changed.add(path)
  }
  return (path: string) => known.has(path) && !changed.has(path)
}

function isSameStamp(before: Listing, was: number, now: Listing, is: number): boolean {
  for (let at = 0; at < STAMP_LENGTH; at++)
    if (before.stamps[was * STAMP_LENGTH + at] !== now.stamps[is * STAMP_LENGTH + at]) return false
  return true
}
