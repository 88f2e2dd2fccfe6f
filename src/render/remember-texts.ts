// A renderer, and what was kept of the texts that an earlier one rendered → a renderer that renders what is no longer
// known, and what is asked for whole; and what the next one need not render.

import type { Article, Body, Prose, Renderer } from '../model.ts'
import type { Asked, Traces } from './trace-references.ts'

export interface KeptText {
  /** What it referred to, and what was found there. */
  readonly asked: readonly Asked[]
  readonly files: readonly string[]
  /** Of an article's. Where its author wrote the summary, that is the article's own. */
  readonly summary?: string | undefined
  readonly minutes?: number | undefined
  /** Of any other text: a biography is short, and shown in many places. */
  readonly html?: string | undefined
}

export interface KnownTexts {
  readonly texts: Pick<ReadonlyMap<string, KeptText>, 'get'>
  /** Whether an article's text, and all else that is known of it, is for certain what it was then. */
  isSame(article: Article): boolean
  /** Whether what a text referred to is what it was then. */
  areThere(asked: readonly Asked[]): boolean
}

export interface Remembering extends Renderer {
  /** Whether all that is shown of an article, and of those who wrote it, is what it was. */
  holds(article: Article): boolean
  /** Takes over what another thread found in an article's text. */
  accept(article: Article, text: KeptText): void
  kept(): Map<string, KeptText>
}

export function rememberTexts(
  renderer: Renderer & Pick<Traces, 'watch'>,
  { texts, isSame, areThere }: KnownTexts,
): Remembering {
  const kept = new Map<string, KeptText>()
  const bodies = new Map<Article, Body>()
  const proses = new Map<string, Prose>()
  const verdicts = new Map<Article, boolean>()

  function known(key: string): KeptText | undefined {
    const text = texts.get(key)
    return text && areThere(text.asked) ? text : undefined
  }

  /** Read whole at once: the renderer remembers what it said of a text, but not for long what it read in it. */
  function make(article: Article): Body {
    const listened = renderer.watch()
    const body = renderer.body(article)
    const { html, minutes, summary, files } = body
    void html
    kept.set(article.file, {
      asked: listened(),
      files,
      minutes,
      ...(article.summary === undefined ? { summary } : {}),
    })
    return body
  }

  function makeProse(key: string, markdown: string, file: string): Prose {
    const listened = renderer.watch()
    const prose = renderer.prose(markdown, file)
    const { html, files } = prose
    kept.set(key, { asked: listened(), files, html })
    return prose
  }

  function body(article: Article): Body {
    let found = bodies.get(article)
    if (!found) {
      const text = isSame(article) ? known(article.file) : undefined
      if (text) kept.set(article.file, text)
      found = text ? knownBody(article, text, () => renderer.body(article)) : make(article)
      bodies.set(article, found)
    }
    return found
  }

  function prose(markdown: string, file: string): Prose {
    const key = `${file}\0${markdown}`
    let found = proses.get(key)
    if (!found) {
      const text = known(key)
      if (text) kept.set(key, text)
      found = text ? knownProse(text, () => renderer.prose(markdown, file)) : makeProse(key, markdown, file)
      proses.set(key, found)
    }
    return found
  }

  function judge(article: Article): boolean {
    if (!isSame(article) || known(article.file) === undefined) return false
    return article.authors.every(
      ({ biography, id }) => !biography || known(`authors/${id}.md\0${biography}`) !== undefined,
    )
  }

  return {
    body,
    prose,
    holds(article) {
      const verdict = verdicts.get(article) ?? judge(article)
      verdicts.set(article, verdict)
      return verdict
    },
    accept(article, text) {
      kept.set(article.file, text)
      bodies.set(
        article,
        knownBody(article, text, () => renderer.body(article)),
      )
    },
    kept: () => kept,
  }
}

function knownBody({ summary, live }: Article, text: KeptText, whole: () => Body): Body {
  return {
    files: text.files,
    minutes: text.minutes!,
    summary: summary ?? text.summary!,
    get words() {
      return whole().words
    },
    get html() {
      return whole().html
    },
    get letterHtml() {
      return whole().letterHtml
    },
    get text() {
      return whole().text
    },
    get live() {
      return live ? whole().live : undefined
    },
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
