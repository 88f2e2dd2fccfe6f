// Articles → what readers see of them, made when it is first asked for and remembered.

import { join } from 'node:path'
import { type OwnFiles, openOwnFiles } from '../content/index.ts'
import type { Article, Body, Prose, Publication, Renderer } from '../model.ts'
import { makeBody, makeProse, type ProseSource } from './make-body.ts'
import { parseMarkdown } from './parse-markdown.ts'
import { type Prepared, prepareTokens } from './prepare-tokens.ts'
import { type Base, folderOf, openReferences, type Traces, traceReferences } from './references.ts'

/** A renderer that knows what its texts referred to. */
export type TracingRenderer = Renderer & Pick<Traces, 'watch' | 'sameAnswers'>

export function createRenderer(loaded: {
  publication: Publication
  articles: readonly Article[]
}): TracingRenderer {
  const { publication } = loaded
  const ownFiles = openOwnFiles(join(publication.dir, 'articles'))
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
        prose = makeProse(texts.source(name, { body: markdown, base, language: publication.language }))
        proses.set(name, prose)
      }
      return prose
    },
  }
}

interface Text {
  readonly body: string
  readonly base: Base
  readonly language: string
}

function textOf(article: Article): Text {
  return {
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
  /** Tokens weigh twenty times their article: only those of the last one are kept, for whoever asks for its summary next. */
  #last: { readonly name: string; readonly prepared: Prepared } | undefined

  constructor(publication: Publication, traces: Traces, ownFiles: OwnFiles) {
    this.#publication = publication
    this.#traces = traces
    this.#ownFiles = ownFiles
  }

  /** @param name of the text; another has another name */
  source(name: string, text: Text): ProseSource {
    return {
      prepared: () => this.#prepare(name, text),
      resolve: this.#traces.resolveFor(name),
      met: new Set(),
    }
  }

  #prepare(name: string, { body, base, language }: Text): Prepared {
    if (this.#last?.name === name) return this.#last.prepared
    const quotes = this.#publication.articles.typography ? language : undefined
    const tokens = parseMarkdown(body, quotes)
    const prepared = prepareTokens(tokens, base, this.#traces.resolveFor(name), this.#ownFiles)
    this.#last = { name, prepared }
    return prepared
  }
}
