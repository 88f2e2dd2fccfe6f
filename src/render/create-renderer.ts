// Articles → what readers see of them, made when it is first asked for and remembered.

import { join } from 'node:path'
import { type OwnFiles, openOwnFiles } from '../content/index.ts'
import type { Article, Body, Prose, Publication, Renderer } from '../model.ts'
import { openTemplates, type Templates } from '../templates/index.ts'
import type { SourceOptions } from './dialects/read-source.ts'
import { makeBody, makeProse, type ProseSource } from './make-body.ts'
import { parseText } from './parse-markdown.ts'
import { type Prepared, prepareTokens } from './prepare-tokens.ts'
import { type Base, folderOf, openReferences, type Traces, traceReferences } from './references.ts'

/** A renderer that knows what its texts referred to. */
export type TracingRenderer = Renderer & Pick<Traces, 'watch' | 'sameAnswers'>

export function createRenderer(loaded: {
  publication: Publication
  articles: readonly Article[]
}): TracingRenderer {
  const { publication } = loaded
  const ownFiles = openOwnFiles(join(publication.dir, 'articles'), publication.articles.attachments)
  const traces = traceReferences(openReferences(loaded, ownFiles), ownFiles)
  const texts = new Texts(publication, traces, ownFiles)
  const bodies = new WeakMap<Article, { readonly name: string; readonly body: Body }>()
  const proses = new Map<string, Prose>()
  let count = 0
  return {
    watch: traces.watch,
    sameAnswers: traces.sameAnswers,
    body(article) {
      let known = bodies.get(article)
      if (!known) {
        const name = `${article.file}\0${++count}`
        known = { name, body: makeBody(texts.source(name, textOf(article)), article, publication.timezone) }
        bodies.set(article, known)
      }
      traces.touch(known.name)
      return known.body
    },
    prose(markdown, file) {
      const name = `${file}\0${markdown}`
      traces.touch(name)
      let prose = proses.get(name)
      if (!prose) {
        const base = { folder: folderOf(file), url: publication.url }
        prose = makeProse(texts.source(name, { file, body: markdown, base, language: publication.language }))
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
    base: { folder: folderOf(article.file), url: article.url },
    language: article.language,
  }
}

class Texts {
  readonly #publication: Publication
  readonly #traces: Traces
  readonly #ownFiles: OwnFiles
  readonly #shortcodes: Shortcodes
  /** Tokens weigh twenty times their article: only those of the last one are kept, for whoever asks for its summary next. */
  #last: { readonly name: string; readonly prepared: Prepared } | undefined

  constructor(publication: Publication, traces: Traces, ownFiles: OwnFiles) {
    this.#publication = publication
    this.#traces = traces
    this.#ownFiles = ownFiles
    this.#shortcodes = new Shortcodes(join(publication.dir, 'templates'))
  }

  /** @param name of the text; another has another name */
  source(name: string, text: Text): ProseSource {
    return {
      prepared: () => this.#prepare(name, text),
      resolve: this.#traces.resolveFor(name),
      met: new Set(),
      refused: () => this.#traces.refused(name),
    }
  }

  #prepare(name: string, text: Text): Prepared {
    if (this.#last?.name === name) return this.#last.prepared
    const { body, base, language } = text
    const quotes = this.#publication.articles.typography ? language : undefined
    const parsed = parseText(body, quotes, this.#options(text))
    const prepared = prepareTokens(parsed, base, this.#traces.resolveFor(name), this.#ownFiles)
    this.#last = { name, prepared }
    return prepared
  }

  #options({ file, article, language }: Text): SourceOptions {
    const { articles, timezone } = this.#publication
    return {
      syntax: /\.mdx$/i.test(file) ? 'mdx' : /\.html?$/i.test(file) ? 'html' : 'markdown',
      math: articles.math !== false,
      value: name => namedValue(name, this.#publication, article),
      shortcode: (name, data) => this.#shortcodes.fill(name, data, { language, timezone }),
    }
  }
}

/** What `{{ site.title }}` and `{{ page.title }}` say, and what the settings and the front matter give a name. */
function namedValue(
  name: string,
  publication: Publication,
  article: Article | undefined,
): string | undefined {
  const [, scope, key] = /^(?:(site|page|post|publication|article)\.)?([\w.-]+)$/.exec(name) ?? []
  if (key === undefined) return undefined
  if (key === 'title' && scope)
    return scope === 'site' || scope === 'publication' ? publication.title : article?.title
  if (scope === 'site' && /^(?:description|tagline)$/.test(key)) return publication.tagline
  const variables: Readonly<Record<string, unknown>> = publication.variables ?? {}
  const value =
    scope === 'page' || scope === 'post' || scope === 'article'
      ? own(article?.extra, key)
      : own(variables, key)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function own(values: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return values && Object.hasOwn(values, key) ? values[key] : undefined
}

/** The publication's own templates for tags: `templates/shortcodes/<name>.hbs`. */
class Shortcodes {
  readonly #templates: Templates
  readonly #known = new Map<string, boolean>()

  constructor(folder: string) {
    this.#templates = openTemplates(folder)
  }

  fill(name: string, data: object, options: { language: string; timezone: string }): string | undefined {
    if (!/^[\w-]+$/.test(name)) return undefined
    const file = `shortcodes/${name}.hbs`
    const isThere = this.#known.get(file) ?? this.#templates.has(file)
    this.#known.set(file, isThere)
    return isThere ? this.#templates.render(file, data, options) : undefined
  }
}
