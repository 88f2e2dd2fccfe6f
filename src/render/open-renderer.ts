// Articles → what readers see of them, made when it is first asked for and remembered.

import { join } from 'node:path'
import type { Token } from 'markdown-it'
import { openOwnFiles } from '../content/index.ts'
import type { Article, Body, LiveParts, Prose, Publication, Renderer } from '../model.ts'
import { countWords } from './count-words.ts'
import { cutLive, type LiveCut } from './cut-live.ts'
import { lazyKind } from './lazy-kind.ts'
import { liveEntries } from './live-entries.ts'
import { parseMarkdown } from './parse-markdown.ts'
import { type Prepared, prepareTokens } from './prepare-tokens.ts'
import { type ProseSource, proseFields } from './prose-fields.ts'
import { type Base, folderOf, openReferences } from './references.ts'
import { summarise } from './summarise.ts'
import { type Traces, traceReferences } from './trace-references.ts'

export { namesArticle } from './references.ts'
export { type KeptText, type KnownTexts, type Remembering, rememberTexts } from './remember-texts.ts'
export type { Asked } from './trace-references.ts'

/** Words a minute that an adult reads of ordinary prose. Brysbaert 2019: 238 silently, in English. */
const readingSpeed = 230

const proseOf = lazyKind<ProseSource, Prose>(proseFields)

interface BodySource extends ProseSource {
  readonly article: Article
  live(): LiveParts
}

const bodyOf = lazyKind<BodySource, Body>({
  ...proseFields,
  summary: ({ article, prepared }) => article.summary ?? summarise(prepared().tokens, article.language),
  words: ({ prepared }) => countWords(prepared().tokens),
  minutes: (_, { words }) => Math.max(1, Math.round(words / readingSpeed)),
  live: ({ article, live }) => (article.live ? live() : undefined),
  files(source, self) {
    const files = proseFields.files(source, self)
    if (!self.live) return files
    // What stands in HTML across several parts may show another file in one of them.
    const { intro, entries, sections } = self.live
    return [...new Set([intro, ...entries, sections].flatMap(part => part.files).concat(files))].sort()
  },
})

/** A renderer that can tell what its texts referred to. */
export type TracingRenderer = Renderer & Pick<Traces, 'watch' | 'holds'>

export function createRenderer(loaded: {
  publication: Publication
  articles: readonly Article[]
}): TracingRenderer {
  const { publication } = loaded
  const ownFiles = openOwnFiles(join(publication.dir, 'articles'))
  const traces = traceReferences(openReferences(loaded, ownFiles), ownFiles)
  const bodies = new WeakMap<Article, { readonly text: string; readonly body: Body }>()
  let count = 0
  const proses = new Map<string, Prose>()
  // Tokens weigh twenty times their article: only those of the last one are kept, for whoever asks for its summary next.
  let last: { text: string; prepared: Prepared } | undefined

  /** @param text names it; another has another name */
  function prepare(text: string, source: Pick<Article, 'body'>, base: Base, language: string): Prepared {
    if (last?.text === text) return last.prepared
    const quotes = publication.articles.typography ? language : undefined
    const tokens = parseMarkdown(source.body, quotes)
    const prepared = prepareTokens(tokens, base, traces.resolveFor(text), ownFiles)
    last = { text, prepared }
    return prepared
  }

  const sourceOf = (text: string, prepared: () => Prepared): ProseSource => ({
    prepared,
    resolve: traces.resolveFor(text),
    met: new Set(),
  })

  function makeBody(article: Article, text: string): Body {
    const base = { folder: folderOf(article.file), url: article.url }
    const prepared = () => prepare(text, article, base, article.language)
    const makeProse = (tokens: readonly Token[]) => proseOf(sourceOf(text, () => ({ ...prepared(), tokens })))
    const partsOf = (cut: LiveCut): LiveParts => ({
      intro: makeProse(cut.intro),
      entries: liveEntries(article, cut, publication.timezone, makeProse),
      sections: makeProse(cut.sections),
      notes: makeProse(cut.notes),
    })
    return bodyOf({
      ...sourceOf(text, prepared),
      article,
      live: () => partsOf(cutLive(prepared().tokens)),
    })
  }

  return {
    watch: traces.watch,
    holds: traces.holds,
    body(article) {
      let known = bodies.get(article)
      if (!known) {
        const text = `${article.file}\0${++count}`
        known = { text, body: makeBody(article, text) }
        bodies.set(article, known)
      }
      traces.touch(known.text)
      return known.body
    },
    prose(markdown, file) {
      const key = `${file}\0${markdown}`
      traces.touch(key)
      let prose = proses.get(key)
      if (!prose) {
        const base = { folder: folderOf(file), url: publication.url }
        const prepared = () => prepare(key, { body: markdown }, base, publication.language)
        prose = proseOf(sourceOf(key, prepared))
        proses.set(key, prose)
      }
      return prose
    },
  }
}
