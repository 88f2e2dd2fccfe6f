// Articles → what readers see of them, made when it is first asked for and remembered.

import { join } from 'node:path'
import { cleanText } from '../clean-text.ts'
import type { Article, Body, LiveEntry, Prose, Publication, Renderer } from '../model.ts'
import { openOwnFiles } from '../own-files.ts'
import { cleanHtml } from './clean-html.ts'
import { countWords } from './count-words.ts'
import { liveEntries } from './live-entries.ts'
import { parseMarkdown } from './parse-markdown.ts'
import { type Prepared, prepareTokens } from './prepare-tokens.ts'
import { type Base, folderOf, openReferences } from './references.ts'
import { remember } from './remember.ts'
import { summarise } from './summarise.ts'
import { toHtml } from './to-html.ts'
import { toText } from './to-text.ts'
import { type Traces, traceReferences } from './trace-references.ts'

export { namesArticle } from './references.ts'
export { type KeptText, type KnownTexts, type Remembering, rememberTexts } from './remember-texts.ts'
export type { Asked } from './trace-references.ts'

/** Words a minute that an adult reads of ordinary prose. Brysbaert 2019: 238 silently, in English. */
const readingSpeed = 230

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
  function prepare(text: string, markdown: string, base: Base, language: string): Prepared {
    if (last?.text === text) return last.prepared
    const quotes = publication.articles.typography ? language : undefined
    const tokens = parseMarkdown(markdown, quotes)
    const prepared = prepareTokens(tokens, base, traces.resolveFor(text), ownFiles)
    last = { text, prepared }
    return prepared
  }

  function makeProse(text: string, prepared: () => Prepared): Prose {
    const resolve = traces.resolveFor(text)
    const met = new Set<string>()
    const render = (letter: boolean) => {
      const { tokens, base, raw, files } = prepared()
      for (const file of files) met.add(file)
      const html = toHtml(tokens, { letter, anchors: letter ? undefined : base.url })
      return raw ? clean(html, letter) : html
    }
    const clean = (html: string, letter: boolean) =>
      cleanHtml(html, { base: prepared().base, resolve, letter, file: file => met.add(file) })
    let html: string | undefined
    const feedHtml = () => {
      html ??= render(false)
      return html
    }
    return remember({
      html: feedHtml,
      letterHtml: () => render(true),
      text: () => cleanText(toText(prepared().tokens, raw => clean(raw, true))),
      files() {
        // What raw HTML shows is known once that has been cleaned.
        feedHtml()
        return [...met].sort()
      },
    })
  }

  function makeBody(article: Article, text: string): Body {
    const base = { folder: folderOf(article.file), url: article.url }
    const prepared = () => prepare(text, article.body, base, article.language)
    const own: Pick<Body, 'summary' | 'words' | 'minutes' | 'entries'> = remember({
      summary: () => article.summary ?? summarise(prepared().tokens, article.language),
      words: () => countWords(prepared().tokens),
      minutes: (): number => Math.max(1, Math.round(own.words / readingSpeed)),
      entries: (): readonly LiveEntry[] =>
        article.live
          ? liveEntries(article, prepared(), publication.timezone, part => makeProse(text, () => part))
          : [],
    })
    const prose = Object.getOwnPropertyDescriptors(makeProse(text, prepared))
    const files = article.live ? withEntries(prose.files) : prose.files
    return Object.defineProperties(own, { ...prose, files }) as Body
  }

  /** What stands in HTML across several entries may show another file in one of them. */
  function withEntries({ get }: PropertyDescriptor): TypedPropertyDescriptor<readonly string[]> {
    return {
      enumerable: true,
      configurable: true,
      get(this: Body) {
        const files = [get!.call({}) as readonly string[], ...this.entries.map(entry => entry.files)]
        return [...new Set(files.flat())].sort()
      },
    }
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
        prose = makeProse(key, () => prepare(key, markdown, base, publication.language))
        proses.set(key, prose)
      }
      return prose
    },
  }
}
