// Articles → what readers see of them in feeds, on pages and in letters, made when it is first asked for and remembered.

import { join } from 'node:path'
import type { Token } from 'markdown-it'
import { cleanText, fastPathsAllowed, lazyKind, type Makers, once } from '../base/index.ts'
import { mediaFolder, type OwnFiles, openIncludeReader, openOwnFiles, webPictures } from '../content/index.ts'
import type {
  Article,
  Body,
  LiveParts,
  Prose,
  Publication,
  RefusedFile,
  Renderer,
  TextNote,
} from '../model.ts'
import { openTemplates, type Templates, type Words } from '../templates/index.ts'
import { cleanHtml } from './clean-html.ts'
import type { SourceOptions } from './dialects/read-source.ts'
import { NOTE_WORDS } from './dialects/scan.ts'
import { factOf, textOfFact } from './dialects/tag-values.ts'
import { type PlainFacts, plainFacts } from './fast/plain-facts.ts'
import { MAX_DEPTH } from './html-depth.ts'
import { findReferences, type Prepared, parseText, prepareTokens } from './parse-markdown.ts'
import { type Base, Dependencies, folderOf, openReferences, type Resolve, stemOf } from './references.ts'
import { countWords, saysEnough, summarise } from './summarise.ts'
import { cutLive, liveEntries, toHtml } from './to-html.ts'
import { toText } from './to-text.ts'

/** A renderer that knows what its texts referred to. */
export type TracingRenderer = Renderer & Pick<Dependencies, 'watch' | 'areUnchanged'>

/** Loads what makes Markdown, where a publication wants it: few do, and it is heavy. */
export async function openMarkdown({ articles, feeds }: Publication): Promise<Renderer['markdown']> {
  if (!articles.markdown && !feeds.markdown) return undefined
  return (await import('./html-to-markdown.ts')).htmlToMarkdown
}

/** Of more articles what was said of them is not remembered: a folder of a hundred thousand would fill the memory. */
const MAX_BODIES = 1000

/** @param markdown of `openMarkdown` */
export function createRenderer(
  loaded: { publication: Publication; articles: readonly Article[] },
  markdown?: Renderer['markdown'],
): TracingRenderer {
  const { publication } = loaded
  const ownFiles = openOwnFiles(join(publication.dir, 'articles'), publication.articles.attachments)
  const dependencies = new Dependencies(
    openReferences(loaded, ownFiles),
    ownFiles,
    openIncludeReader(publication.dir),
  )
  const texts = new Texts(publication, dependencies, ownFiles)
  const bodies = new Map<Article, { readonly name: string; readonly body: Body }>()
  const proses = new Map<string, Prose>()
  let count = 0
  function forgetFirst() {
    for (const [article, { name }] of bodies) {
      bodies.delete(article)
      return dependencies.forget(name)
    }
  }
  return {
    watch: () => dependencies.watch(),
    areUnchanged: earlier => dependencies.areUnchanged(earlier),
    markdown,
    body(article) {
      let known = bodies.get(article)
      if (!known) {
        const name = `${article.file}\0${++count}`
        known = {
          name,
          body: bodyOf({ ...texts.source(name, textOf(article)), article, timezone: publication.timezone }),
        }
        if (bodies.size >= MAX_BODIES) forgetFirst()
        bodies.set(article, known)
      }
      dependencies.touch(known.name)
      return known.body
    },
    prose(markdown, file) {
      const name = `${file}\0${markdown}`
      dependencies.touch(name)
      let prose = proses.get(name)
      if (!prose) {
        const base = { folder: folderOf(file), url: publication.url }
        prose = proseOf(texts.source(name, { file, body: markdown, base, language: publication.language }))
        proses.set(name, prose)
      }
      return prose
    },
  }
}

interface Text {
  readonly file: string
  readonly article?: Article
  readonly body: string
  readonly base: Base
  readonly language: string
}

function textOf(article: Article): Text {
  return {
    file: article.file,
    article,
    // Read from its file when it is asked for.
    get body() {
      return article.body
    },
    base: {
      folder: folderOf(article.file),
      url: article.url,
      stem: stemOf(article.file),
      mediaFolder: mediaFolder(article.extra),
    },
    language: article.language,
  }
}

class Texts {
  readonly #publication: Publication
  readonly #dependencies: Dependencies
  readonly #ownFiles: OwnFiles
  readonly #shortcodes: Shortcodes
  /** Tokens weigh twenty times their article: only those of the last one are kept, for whoever asks for its summary next. */
  #last: { readonly name: string; readonly prepared: Prepared } | undefined

  constructor(publication: Publication, dependencies: Dependencies, ownFiles: OwnFiles) {
    this.#publication = publication
    this.#dependencies = dependencies
    this.#ownFiles = ownFiles
    this.#shortcodes = new Shortcodes(join(publication.dir, 'templates'))
  }

  /** @param name of the text; another has another name */
  source(name: string, text: Text): ProseSource {
    return {
      prepared: () => this.#prepare(name, text),
      known: once(() => this.#knownOf(name, text)),
      resolve: this.#dependencies.resolveFor(name),
      met: new Set(),
      cut: { isTooDeep: false },
      refused: () => this.#dependencies.refused(name),
      smaller: (html, shown) =>
        webPictures(html, this.#publication.url, file =>
          shown.has(file) ? this.#ownFiles.measure(file) : undefined,
        ),
    }
  }

  #prepare(name: string, text: Text): Prepared {
    if (this.#last?.name === name) return this.#last.prepared
    const { body, base } = text
    const parsed = parseText(body, this.#quotes(text), this.#options(name, text))
    const prepared = prepareTokens(parsed, base, this.#dependencies.resolveFor(name), this.#ownFiles)
    this.#last = { name, prepared }
    return prepared
  }

  /** Without its tokens, where they are not there yet. */
  #knownOf(name: string, text: Text): KnownFacts | undefined {
    const options = this.#options(name, text)
    if (this.#last?.name === name || options.syntax !== 'markdown' || !fastPathsAllowed()) return undefined
    const facts = plainFacts(text.body)
    if (!facts) return undefined
    const { beginning, words, letters, references } = facts
    return {
      words,
      letters,
      files: findReferences(references, text.base, this.#dependencies.resolveFor(name), this.#ownFiles),
      // Of the whole text nothing but these matters for a summary.
      beginning:
        beginning === undefined ? undefined : () => parseText(beginning, this.#quotes(text), options).tokens,
    }
  }

  #quotes({ language }: Text): string | undefined {
    return this.#publication.articles.typography ? language : undefined
  }

  /** Names that are asked for are an author's: only those of the catalogues have a word. */
  #noteWord(name: string, language: string): string | undefined {
    return NOTE_WORDS.has(name) ? this.#shortcodes.words(language)(`note.${name}`) : undefined
  }

  #options(name: string, { file, article, language, base }: Text): SourceOptions {
    const { articles, timezone } = this.#publication
    return {
      syntax: /\.mdx$/i.test(file) ? 'mdx' : /\.html?$/i.test(file) ? 'html' : 'markdown',
      math: articles.math !== false,
      tags: !article || hasTags(article),
      include: this.#dependencies.includeFor(name, base.folder),
      noteWord: name => this.#noteWord(name, language),
      value: name => textOfFact(factOf(name, this.#publication, article)),
      fact: name => factOf(name, this.#publication, article),
      shortcode: (name, data) => this.#shortcodes.fill(name, data, { language, timezone }),
    }
  }
}

/** Whether its own tool reads tags in it: Jekyll's and Eleventy's ways to say no. */
function hasTags({ extra }: Article): boolean {
  const { render_with_liquid: liquid, templateEngineOverride: engine } = extra
  return liquid !== false && engine !== false && engine !== 'md' && engine !== 'html'
}

/** The publication's own templates for tags: `templates/shortcodes/<name>.hbs`. */
class Shortcodes {
  readonly #templates: Templates
  readonly #known = new Map<string, boolean>()

  constructor(folder: string) {
    this.#templates = openTemplates(folder)
  }

  words(language: string): Words {
    return this.#templates.words(language)
  }

  fill(name: string, data: object, options: { language: string; timezone: string }): string | undefined {
    if (!/^[\w-]+$/.test(name)) return undefined
    const file = `shortcodes/${name}.hbs`
    const isThere = this.#known.get(file) ?? this.#templates.has(file)
    this.#known.set(file, isThere)
    return isThere ? this.#templates.render(file, data, options) : undefined
  }
}

// ─── What readers see of a text ──────────────────────────────────────────────────────────────────────────────────────
//
// The source of a text → what readers see of it, in feeds, on pages and in letters: each field is worked out when it is first
// read. A live blog is cut into its parts.
/** Words a minute that an adult reads of ordinary prose. Brysbaert 2019: 238 silently, in English. */
const WORDS_PER_MINUTE = 230

/** What is known of a plain text without its tokens. */
interface KnownFacts extends Pick<PlainFacts, 'words' | 'letters'> {
  readonly files: ReadonlySet<string>
  /** Tokens up to the end of its first paragraph. */
  readonly beginning: (() => readonly Token[]) | undefined
}

interface ProseSource {
  prepared(): Prepared
  known(): KnownFacts | undefined
  readonly resolve: Resolve
  /** Own files that it was found to show. */
  readonly met: Set<string>
  /** Whether tags of it were left out when it was cleaned. */
  readonly cut: { isTooDeep: boolean }
  /** Those that it was found to refer to, and that are not published. */
  refused(): RefusedFile[]
  /** HTML of feeds and pages, with own pictures in the size that these show. @param shown own files that it shows */
  smaller(html: string, shown: ReadonlySet<string>): string
}

const proseFields: Makers<ProseSource, Prose> = {
  html: source => render(source, false),
  letterHtml: source => render(source, true),
  text: source => textOfSource(source),
  files({ met, known, prepared }, self) {
    const plain = known()
    if (plain) return [...new Set([...plain.files, ...met])].sort()
    const { raw, files } = prepared()
    // What raw HTML shows is known once that has been cleaned.
    if (raw) void self.html
    return [...new Set([...files, ...met])].sort()
  },
}

const proseOf = lazyKind<ProseSource, Prose>(proseFields)

function textOfSource(source: ProseSource, enough?: number): string {
  return cleanText(toText(source.prepared().tokens, raw => clean(source, raw, true), enough))
}

/** Characters. More are not counted: whoever asks wants to know whether there is more to read. */
const LENGTH_BEYOND_SUMMARY = 100

interface BodySource extends ProseSource {
  readonly article: Article
  readonly timezone: string
}

const bodyOf = lazyKind<BodySource, Body>({
  ...proseFields,
  summary: source => source.article.summary ?? summaryOf(source),
  words: ({ known, prepared }) => known()?.words ?? countWords(prepared().tokens),
  textLength(source, { summary }) {
    const enough = summary.length + LENGTH_BEYOND_SUMMARY
    return (source.known()?.letters ?? 0) >= enough ? enough : textOfSource(source, enough).length
  },
  minutes: (_, { words }) => Math.max(1, Math.round(words / WORDS_PER_MINUTE)),
  live: source => (source.article.live ? liveParts(source) : undefined),
  notes({ known, prepared, cut }, self) {
    if (known()) return []
    const { notes, raw } = prepared()
    // What is cut is known once the text has been cleaned.
    if (raw) void self.html
    return cut.isTooDeep ? [...notes, TOO_DEEP] : notes
  },
  refused(source, self) {
    if (!source.known() && source.prepared().raw) void self.html
    return source.refused()
  },
  files(source, self) {
    const files = proseFields.files(source, self)
    if (!self.live) return files
    // HTML that extends over several parts may show another file in one of them.
    const { intro, entries, sections } = self.live
    return [...new Set([intro, ...entries, sections].flatMap(part => part.files).concat(files))].sort()
  },
})

function summaryOf({ article, known, prepared }: BodySource): string {
  const beginning = known()?.beginning?.()
  return summarise(beginning && saysEnough(beginning) ? beginning : prepared().tokens, article.language)
}

function liveParts({ article, timezone, prepared, resolve, refused, smaller, cut }: BodySource): LiveParts {
  const { intro, entries, sections, notes } = cutLive(prepared().tokens)
  const proseOfTokens = (tokens: readonly Token[]) =>
    proseOf({
      resolve,
      refused,
      smaller,
      cut,
      met: new Set(),
      known: () => undefined,
      prepared: () => ({ ...prepared(), tokens }),
    })
  return {
    intro: proseOfTokens(intro),
    entries: liveEntries(article, entries, timezone, proseOfTokens),
    sections: proseOfTokens(sections),
    notes: proseOfTokens(notes),
  }
}

function render(source: ProseSource, letter: boolean): string {
  const { tokens, base, raw, files } = source.prepared()
  for (const file of files) source.met.add(file)
  const html = toHtml(tokens, { letter, anchors: letter ? undefined : base.url })
  const done = raw ? clean(source, html, letter) : html
  return letter ? done : source.smaller(done, source.met)
}

function clean({ prepared, resolve, met, cut }: ProseSource, html: string, letter: boolean): string {
  return cleanHtml(html, {
    base: prepared().base,
    resolve,
    letter,
    file: file => void met.add(file),
    tooDeep() {
      cut.isTooDeep = true
    },
  })
}

const TOO_DEEP: TextNote = {
  line: 1,
  rule: 'raw-html-removed',
  message: `has HTML with more than ${MAX_DEPTH} elements in one another: tags further in are left out, their text stays`,
  advice: 'Close the elements that are open: </div>, </b> or </span> is missing many times.',
}
