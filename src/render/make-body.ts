// The source of a text → what readers see of it, in feeds, on pages and in letters: each field is worked out when it is first
// read. A live blog is cut into its parts.
import type { Token } from 'markdown-it'
import { cleanText, type LiveHeading, liveTimes, readLiveHeading } from '../base/index.ts'
import type { Article, Body, LiveEntry, LiveParts, Prose, RefusedFile } from '../model.ts'
import { cleanHtml } from './clean-html.ts'
import type { Prepared } from './prepare-tokens.ts'
import type { Resolve } from './references.ts'
import { countWords, summarise } from './summarise.ts'
import { inlineText, toHtml } from './to-html.ts'
import { toText } from './to-text.ts'

/** Words a minute that an adult reads of ordinary prose. Brysbaert 2019: 238 silently, in English. */
const WORDS_PER_MINUTE = 230

export interface ProseSource {
  prepared(): Prepared
  readonly resolve: Resolve
  /** Own files that it was found to show. */
  readonly met: Set<string>
  /** Those that it was found to refer to, and that are not published. */
  refused(): RefusedFile[]
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
  notes: ({ prepared }) => prepared().notes,
  refused(source, self) {
    void self.html
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

function liveParts({ article, timezone, prepared, resolve, refused }: BodySource): LiveParts {
  const { intro, entries, sections, notes } = cutLive(prepared().tokens)
  const proseOfTokens = (tokens: readonly Token[]) =>
    makeProse({ resolve, refused, met: new Set(), prepared: () => ({ ...prepared(), tokens }) })
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

// Prepared tokens of a live blog → its parts: what comes before the first entry, the entries, the sections that are none,
// and the footnotes of all of them. Every token is in one of them, so that no text is lost.

interface LiveCut {
  /** With its own headings. */
  readonly intro: readonly Token[]
  /** In the order of the page. */
  readonly entries: readonly LivePart[]
  /** Between and behind the entries, each with its heading, in the order of the page. */
  readonly sections: readonly Token[]
  readonly notes: readonly Token[]
}

interface LivePart {
  readonly id: string
  readonly heading: LiveHeading
  /** Behind the heading. */
  readonly tokens: readonly Token[]
}

function cutLive(tokens: readonly Token[]): LiveCut {
  const found = tokens.findIndex(({ type, level }) => type === 'footnote_block_open' && level === 0)
  const end = found === -1 ? tokens.length : found
  // An entry ends at the next heading of its rank, or of a higher one.
  const starts = tokens.flatMap(({ type, tag, level }, at) =>
    type === 'heading_open' && (tag === 'h1' || tag === 'h2') && level === 0 ? [at] : [],
  )
  const entries: LivePart[] = []
  const sections: Token[] = []
  let intro: readonly Token[] = tokens.slice(0, end)
  for (const [index, at] of starts.entries()) {
    const next = starts[index + 1] ?? end
    const heading = entryHeading(tokens, at)
    if (heading && entries.length === 0) intro = tokens.slice(0, at)
    if (heading) {
      const id = String(tokens[at]!.attrGet('id'))
      entries.push({ id, heading, tokens: tokens.slice(at + 3, next) })
    } else if (entries.length > 0) sections.push(...tokens.slice(at, next))
  }
  return { intro, entries, sections, notes: tokens.slice(end) }
}

function entryHeading(tokens: readonly Token[], at: number): LiveHeading | undefined {
  if (tokens[at]!.tag !== 'h2') return undefined
  return readLiveHeading(inlineText(tokens[at + 1]!.children ?? []).trim())
}

/** The entries, newest first, each ready for its three destinations. */
function liveEntries(
  article: Article,
  entries: readonly LivePart[],
  timezone: string,
  makeProse: (tokens: readonly Token[]) => Prose,
): LiveEntry[] {
  const headings = entries.map(({ heading }) => heading)
  const times = liveTimes(headings, article.date, timezone)
  return entries
    .map((part, index) => entry(part, times[index]!, makeProse(part.tokens)))
    .sort((a, b) => b.at.at - a.at.at)
}

function entry({ id, heading }: LivePart, at: LiveEntry['at'], prose: Prose): LiveEntry {
  return {
    id,
    time: heading.time,
    at,
    title: heading.title,
    html: prose.html,
    letterHtml: prose.letterHtml,
    text: prose.text,
    files: prose.files,
  }
}
