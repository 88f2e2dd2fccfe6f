// A renderer, and what was kept of the texts that an earlier one rendered → a renderer that renders what is no longer
// known, and what is asked for whole; and what the next one need not render.

import type { Article, Body, Prose, RefusedFile, Renderer, TextNote } from '../model.ts'
import { type Dependencies, type Dependency, readDependencies, writeDependencies } from './references.ts'

export interface KeptText {
  /** What it referred to, and what was found there: `writeDependencies`. */
  readonly dependencies: string
  readonly files: readonly string[]
  /** Of an article's. Where its author wrote the summary, that is the article's own. */
  readonly summary?: string | undefined
  readonly minutes?: number | undefined
  readonly textLength?: number | undefined
  readonly refused?: readonly RefusedFile[] | undefined
  /** Only where there is something to say. */
  readonly notes?: readonly TextNote[] | undefined
  /** Of any other text: a biography is short, and shown in many places. */
  readonly html?: string | undefined
}

/** What a page shows of a text, made when it was read. */
export interface WholeText {
  readonly html: string
  readonly words: number
}

/** @returns undefined for an article that is to be rendered here */
export type ReadyTexts = (
  article: Article,
) => { readonly text: KeptText; readonly whole?: WholeText | undefined } | undefined

export interface KnownTexts {
  readonly texts: Pick<ReadonlyMap<string, KeptText>, 'get'>
  /** Whether an article's text, and all else that is known of it, is for certain what it was then. */
  isSame(article: Article): boolean
  /** Whether what a text referred to is what it was then. */
  areUnchanged(dependencies: () => readonly Dependency[]): boolean
}

export interface Remembering extends Renderer {
  /** Whether an article's text, and what it refers to, is what it was. */
  hasSameText(article: Article): boolean
  /** The same of all that is shown of an article, and of those who wrote it. */
  isUnchanged(article: Article): boolean
  /** Takes over what another thread found in an article's text. */
  accept(article: Article, text: KeptText, whole?: WholeText): void
  /** Before an article is rendered, another thread is asked for it from now on. */
  askFirst(ready: ReadyTexts): void
  kept(): Map<string, KeptText>
}

export interface RememberOptions {
  /** Whether letters are made, which ask how long texts are. */
  readonly lengths?: boolean
  /** How many characters of HTML are kept for whoever asks for it later. */
  readonly html?: number
}

export function rememberTexts(
  renderer: Renderer & Pick<Dependencies, 'watch'>,
  known: KnownTexts,
  options: RememberOptions,
): Remembering {
  const texts = new KeptTexts(renderer, known, options)
  const proses = new Map<string, Prose>()
  const verdicts = new Map<Article, boolean>()
  return {
    markdown: renderer.markdown,
    body: article => texts.body(article),
    prose(markdown, file) {
      const name = `${file}\0${markdown}`
      const prose = proses.get(name) ?? texts.prose(name, markdown, file)
      proses.set(name, prose)
      return prose
    },
    hasSameText: article => texts.hasSameText(article),
    isUnchanged(article) {
      const verdict = verdicts.get(article) ?? texts.isUnchanged(article)
      verdicts.set(article, verdict)
      return verdict
    },
    accept(article, text, whole) {
      if (!texts.kept.has(article.file)) texts.keepBody(article, text, whole)
    },
    askFirst(ready) {
      texts.ready = ready
    },
    kept: () => texts.kept,
  }
}

/** From what is known where that would look the same today, else rendered; and kept for the next build. */
class KeptTexts {
  readonly kept = new Map<string, KeptText>()
  ready: ReadyTexts = () => undefined
  readonly #renderer: Renderer & Pick<Dependencies, 'watch'>
  readonly #known: KnownTexts
  readonly #lengths: boolean
  #htmlRoom: number
  readonly #whole = new Map<Article, WholeText>()

  constructor(
    renderer: Renderer & Pick<Dependencies, 'watch'>,
    known: KnownTexts,
    { lengths = false, html = 0 }: RememberOptions,
  ) {
    this.#renderer = renderer
    this.#known = known
    this.#lengths = lengths
    this.#htmlRoom = html
  }

  /** Made anew whenever it is asked for: it is a view of what is kept. */
  body(article: Article): Body {
    const kept = this.kept.get(article.file)
    if (kept) return this.#view(article, kept)
    const text = this.#known.isSame(article) ? this.#find(article.file) : undefined
    if (text) return this.keepBody(article, text)
    const made = this.ready(article)
    return made ? this.keepBody(article, made.text, made.whole) : this.#renderBody(article)
  }

  /** @param whole where it was made already */
  keepBody(article: Article, text: KeptText, whole?: WholeText): Body {
    this.kept.set(article.file, text)
    if (whole) {
      this.#htmlRoom -= whole.html.length
      this.#whole.set(article, whole)
    }
    return this.#view(article, text)
  }

  #view(article: Article, text: KeptText): Body {
    return new KnownBody(article, text, this.#whole.get(article), this.#renderer)
  }

  prose(name: string, markdown: string, file: string): Prose {
    const text = this.#find(name)
    if (!text) return this.#renderProse(name, markdown, file)
    this.kept.set(name, text)
    return knownProse(text, () => this.#renderer.prose(markdown, file))
  }

  hasSameText(article: Article): boolean {
    return this.#known.isSame(article) && this.#find(article.file) !== undefined
  }

  isUnchanged(article: Article): boolean {
    if (!this.hasSameText(article)) return false
    return article.authors.every(
      ({ biography, id }) => !biography || this.#find(`authors/${id}.md\0${biography}`) !== undefined,
    )
  }

  #find(name: string): KeptText | undefined {
    const text = this.#known.texts.get(name)
    return text && this.#known.areUnchanged(() => readDependencies(text.dependencies)) ? text : undefined
  }

  /** Read whole at once: the renderer remembers what it said of a text, but not for long what it read in it. */
  #renderBody(article: Article): Body {
    const listened = this.#renderer.watch()
    const body = this.#renderer.body(article)
    const whole = this.#htmlRoom > 0 ? { html: body.html, words: body.words } : undefined
    const { minutes, summary, files, refused, notes } = body
    const text = {
      dependencies: writeDependencies(listened()),
      files: files.length > 0 ? files : NO_FILES,
      minutes,
      ...(this.#lengths ? { textLength: body.textLength } : {}),
      ...(refused.length > 0 ? { refused } : {}),
      ...(notes.length > 0 ? { notes } : {}),
      ...(article.summary === undefined ? { summary } : {}),
    }
    return this.keepBody(article, text, whole)
  }

  #renderProse(name: string, markdown: string, file: string): Prose {
    const listened = this.#renderer.watch()
    const prose = this.#renderer.prose(markdown, file)
    const { html, files } = prose
    this.kept.set(name, { dependencies: writeDependencies(listened()), files, html })
    return prose
  }
}

/** One for all: there are a hundred thousand texts. */
const NO_FILES: readonly string[] = []

/** A class, since an object with getters of its own takes ten times the memory, and there is one for each article. */
class KnownBody implements Body {
  readonly #article: Article
  readonly #text: KeptText
  readonly #made: WholeText | undefined
  readonly #renderer: Renderer

  /** @param made already @param renderer makes what is not known */
  constructor(article: Article, text: KeptText, made: WholeText | undefined, renderer: Renderer) {
    this.#article = article
    this.#text = text
    this.#made = made
    this.#renderer = renderer
  }

  get #whole(): Body {
    return this.#renderer.body(this.#article)
  }

  get files() {
    return this.#text.files
  }
  get minutes() {
    return this.#text.minutes!
  }
  get refused() {
    return this.#text.refused ?? []
  }
  get notes() {
    return this.#text.notes ?? []
  }
  get summary() {
    return this.#article.summary ?? this.#text.summary!
  }
  get textLength() {
    return this.#text.textLength ?? this.#whole.textLength
  }
  get words() {
    return this.#made?.words ?? this.#whole.words
  }
  get html() {
    return this.#made?.html ?? this.#whole.html
  }
  get letterHtml() {
    return this.#whole.letterHtml
  }
  get text() {
    return this.#whole.text
  }
  get live() {
    return this.#article.live ? this.#whole.live : undefined
  }
}

function knownProse({ files, html }: KeptText, whole: () => Prose): Prose {
  return {
    files,
    html: html!,
    get letterHtml() {
      return whole().letterHtml
    },
    get text() {
      return whole().text
    },
  }
}

// ─── As they wait for the next build ─────────────────────────────────────────────────────────────────────────────────

/**
 * A plain value. Of most texts there is a line in each of three columns, which come back at once: ten thousand objects take
 * six times as long. All others are there as they are.
 */
export interface PackedTexts {
  readonly names: string
  readonly dependencies: string
  /** Behind a sign; without it where there is none. */
  readonly summaries: string
  /** Not a number where not known. */
  readonly minutes: Float64Array
  readonly textLengths: Float64Array
  readonly others: ReadonlyMap<string, KeptText>
}

/** In more lines, a large folder would be in memory once more. */
const MAX_LINES = 20_000
const HAS_SUMMARY = '='

export function packTexts(texts: ReadonlyMap<string, KeptText>): PackedTexts {
  const names: string[] = []
  const plain: KeptText[] = []
  const others = new Map<string, KeptText>()
  for (const [name, text] of texts) {
    if (plain.length < MAX_LINES && !name.includes('\n') && isPlain(text)) {
      names.push(name)
      plain.push(text)
    } else others.set(name, text)
  }
  return {
    names: names.join('\n'),
    dependencies: plain.map(({ dependencies }) => dependencies).join('\n'),
    summaries: plain.map(({ summary }) => (summary === undefined ? '' : HAS_SUMMARY + summary)).join('\n'),
    minutes: Float64Array.from(plain, ({ minutes = Number.NaN }) => minutes),
    textLengths: Float64Array.from(plain, ({ textLength = Number.NaN }) => textLength),
    others,
  }
}

/** Whether it has nothing for which there is no column. */
function isPlain(text: KeptText): boolean {
  const { dependencies, files, summary, minutes: _, textLength: __, ...rest } = text
  if (files.length > 0 || dependencies.includes('\n') || summary?.includes('\n')) return false
  for (const key in rest) if (rest[key as keyof typeof rest] !== undefined) return false
  return true
}

export function openTexts(packed: PackedTexts): KnownTexts['texts'] {
  const { minutes, textLengths, others } = packed
  const linesOf = (column: string) => (minutes.length > 0 ? column.split('\n') : [])
  const places = new Map(linesOf(packed.names).map((name, at) => [name, at]))
  const dependencies = linesOf(packed.dependencies)
  const summaries = linesOf(packed.summaries)
  const known = (figure: number) => (Number.isNaN(figure) ? undefined : figure)
  const opened: KeptText[] = []
  return {
    get(name) {
      const at = places.get(name)
      if (at === undefined) return others.get(name)
      opened[at] ??= {
        dependencies: dependencies[at]!,
        files: NO_FILES,
        minutes: known(minutes[at]!),
        textLength: known(textLengths[at]!),
        summary: summaries[at] ? summaries[at].slice(HAS_SUMMARY.length) : undefined,
      }
      return opened[at]
    },
  }
}
