// The source of a text → what readers see of it, in feeds, on pages and in letters: each field is worked out when it is first
// read.

import type { Token } from 'markdown-it'
import { cleanText } from '../base/index.ts'
import type { Article, Body, LiveParts, Prose } from '../model.ts'
import { cleanHtml } from './clean-html.ts'
import { countWords } from './count-words.ts'
import { cutLive, liveEntries } from './live-blog.ts'
import type { Prepared } from './prepare-tokens.ts'
import type { Resolve } from './references.ts'
import { summarise } from './summarise.ts'
import { toHtml } from './to-html.ts'
import { toText } from './to-text.ts'

/** Words a minute that an adult reads of ordinary prose. Brysbaert 2019: 238 silently, in English. */
const WORDS_PER_MINUTE = 230

export interface ProseSource {
  prepared(): Prepared
  readonly resolve: Resolve
  /** Own files that it was found to show. */
  readonly met: Set<string>
}

/** @param timezone of the publication */
export function makeBody(source: ProseSource, article: Article, timezone: string): Body {
  return bodyOf({ ...source, article, timezone })
}

export function makeProse(source: ProseSource): Prose {
  return proseOf(source)
}

const SOURCE = Symbol('source')

type Makers<Source, Fields> = {
  readonly [Key in keyof Fields]: (source: Source, self: Fields) => Fields[Key]
}

/**
 * What makes objects whose fields are worked out when they are first read. All of one kind share their getters: to give each
 * object its own takes longer than much of what they find.
 */
function lazyKind<Source, Fields extends object>(makers: Makers<Source, Fields>): (source: Source) => Fields {
  function Lazy(this: { [SOURCE]: Source }, source: Source) {
    this[SOURCE] = source
  }
  for (const key of Object.keys(makers) as (keyof Fields)[]) {
    Object.defineProperty(Lazy.prototype, key, {
      enumerable: true,
      get(this: Fields & { [SOURCE]: Source }) {
        const value = makers[key](this[SOURCE], this)
        Object.defineProperty(this, key, { value, enumerable: true })
        return value
      },
    })
  }
  return source => new (Lazy as unknown as new (source: Source) => Fields)(source)
}

const proseFields: Makers<ProseSource, Prose> = {
  html: source => render(source, false),
  letterHtml: source => render(source, true),
  text: source => cleanText(toText(source.prepared().tokens, raw => clean(source, raw, true))),
  files({ met }, self) {
    // What raw HTML shows is known once that has been cleaned.
    void self.html
    return [...met].sort()
  },
}

const proseOf = lazyKind<ProseSource, Prose>(proseFields)

interface BodySource extends ProseSource {
  readonly article: Article
  readonly timezone: string
}

const bodyOf = lazyKind<BodySource, Body>({
  ...proseFields,
  summary: ({ article, prepared }) => article.summary ?? summarise(prepared().tokens, article.language),
  words: ({ prepared }) => countWords(prepared().tokens),
  minutes: (_, { words }) => Math.max(1, Math.round(words / WORDS_PER_MINUTE)),
  live: source => (source.article.live ? liveParts(source) : undefined),
  files(source, self) {
    const files = proseFields.files(source, self)
    if (!self.live) return files
    // What stands in HTML across several parts may show another file in one of them.
    const { intro, entries, sections } = self.live
    return [...new Set([intro, ...entries, sections].flatMap(part => part.files).concat(files))].sort()
  },
})

function liveParts({ article, timezone, prepared, resolve }: BodySource): LiveParts {
  const { intro, entries, sections, notes } = cutLive(prepared().tokens)
  const proseOfTokens = (tokens: readonly Token[]) =>
    makeProse({ resolve, met: new Set(), prepared: () => ({ ...prepared(), tokens }) })
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
  return raw ? clean(source, html, letter) : html
}

function clean({ prepared, resolve, met }: ProseSource, html: string, letter: boolean): string {
  return cleanHtml(html, { base: prepared().base, resolve, letter, file: file => void met.add(file) })
}
