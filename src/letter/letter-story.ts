// An article → what the letter's templates get of it, for a card, a row, the lead or the whole article, in its own language and
// direction; and the editor's own blocks, from the settings of the newsletter and the edition's note → as templates get them,
// by place.

import { directionOf, parseUrl, textWidth } from '../base/index.ts'
import { blocksOf } from '../edition/index.ts'
import type {
  Article,
  Block,
  Body,
  Direction,
  Edition,
  LetterPictures,
  Prose,
  Renderer,
  Timestamp,
} from '../model.ts'
import type { Templates, Words } from '../templates/index.ts'
import { COLUMN_WIDTH, cutPicture, type DrawnPicture, drawnPicture, STORY_RATIO } from './letter-pictures.ts'
import { shorten, softened } from './mail-text.ts'

export interface LetterStory extends ScriptStyle {
  readonly title: string
  /** Whether the title is so long that it is set smaller. */
  readonly long: boolean
  readonly url: string
  /** Whether it is written in another direction than the letter. */
  readonly foreign: boolean
  /** Language of the labels around it: its own where there is a catalogue, else the letter's. */
  readonly chrome: string
  readonly chromeDirection: 'ltr' | 'rtl'
  readonly section: string
  readonly summary: string
  /** Whether the article says more than its summary: then a link goes on from there. */
  readonly readOn: boolean
  /** Byline, place and reading time, ready to be joined. */
  readonly meta: readonly string[]
  /** The same, with a long byline on a line of its own, so that no separator ends a line. */
  readonly metaLines: readonly (readonly string[])[]
  /** Whether one of these lines is wider than a telephone has beside a picture: there each part has a line of its own. */
  readonly metaLong: boolean
  readonly updated: Timestamp | undefined
  readonly live: boolean
  /** Newest entry of a live blog. */
  readonly latest: { readonly time: string; readonly title: string } | undefined
  readonly audio: { readonly url: string; readonly label: string } | undefined
  /** The page that a link post is about. */
  readonly source: { readonly url: string; readonly name: string } | undefined
  readonly comments: string
  /** Whether it has a recording or is a link post. */
  readonly marked: boolean
  readonly picture: DrawnPicture | undefined
  /** The same picture, small, for a card. Of a long caption only the credit is below it. */
  readonly thumb: DrawnPicture | undefined
  /** The same picture as a small square, for a list. */
  readonly square: DrawnPicture | undefined
  /** The same picture, for one of two columns. */
  readonly half: DrawnPicture | undefined
  /** Alternative text of a picture that mail clients do not show. */
  readonly pictureText: string
  /** Clean HTML and text of the whole article; empty on a card. */
  readonly body: string
  readonly bodyText: string
  /** Front matter that Broadsheet does not know: `{{lookup extra "mood"}}` in a publication's own template. */
  readonly extra: Readonly<Record<string, unknown>>
}

interface StoryOptions {
  /** Of the letter. */
  readonly language: string
  readonly words: (language: string) => Words
  readonly list: (language: string) => (names: readonly string[]) => string
  readonly speaks: (language: string) => boolean
  /** Characters of the summary at most; 0 for none. */
  readonly summary: number
  /** Undefined for none. */
  readonly pictures: LetterPictures | undefined
}

/** CSS pixels, of a column of 552. */
const THUMB_WIDTH = 180
const HALF_WIDTH = 264
/** Characters: a longer title is set smaller. */
const MAX_TITLE_LENGTH = 80
/** Characters that fit on a line beside a thumbnail, and on a telephone beside a small one. */
const MAX_META_LENGTH = 44
const MAX_PHONE_META_LENGTH = 28
/** Characters: below a thumbnail a longer caption would be higher than the picture. */
const MAX_THUMB_CAPTION_LENGTH = 60
/** Characters that an article has to have more than its summary. */
const MIN_REST_LENGTH = 40

export function letterStory(article: Article, body: Body, options: StoryOptions): LetterStory {
  const { language, direction } = article
  const chrome = options.speaks(language) ? language : options.language
  const words = options.words(chrome)
  const names = article.authors.map(author => author.name.trim()).filter(Boolean)
  const drawn = (width: number) =>
    options.pictures && drawnPicture(article.image, options.pictures, width, width / STORY_RATIO.min)
  const picture = drawn(COLUMN_WIDTH)
  const square = options.pictures && cutPicture(article.image, options.pictures, 'square')
  const half = options.pictures && cutPicture(article.image, options.pictures, 'half')
  const summary = shorten(article.summary ?? body.summary, options.summary)
  const newest = body.live?.entries[0]
  const audio = article.audio && { url: article.audio.url, label: audioLabel(article.audio, words) }
  const source = article.source && { url: article.source.url, name: sourceName(article.source) }
  const meta = [
    names.length > 0 ? words('letter.by', { names: options.list(chrome)(names) }) : '',
    article.place ?? '',
    words('letter.minutes', { minutes: body.minutes }),
  ]
    .filter(Boolean)
    .map(text => isolated(text, directionOf(chrome)))
  const metaLines = linesOf(
    meta.map((text, at) => (at === meta.length - 1 ? text.replaceAll(' ', '\u00a0') : softened(text))),
  )
  return {
    title: softened(article.title),
    long: article.title.length > MAX_TITLE_LENGTH,
    url: article.url,
    ...scriptStyle(language, direction),
    foreign: direction !== directionOf(options.language),
    chrome,
    chromeDirection: directionOf(chrome),
    section: softened(article.section?.title ?? ''),
    summary: softened(summary),
    readOn: summary !== '' && body.textLength > summary.length + MIN_REST_LENGTH,
    meta,
    metaLines,
    metaLong: metaLines.some(line => line.length > 1 && textWidth(line.join(' · ')) > MAX_PHONE_META_LENGTH),
    updated: article.updated,
    live: article.live,
    latest: newest && { time: newest.time, title: newest.title },
    audio,
    source,
    comments: article.comments ?? '',
    marked: audio !== undefined || source !== undefined,
    picture,
    thumb: picture && withShortLegend(drawn(THUMB_WIDTH)),
    square,
    half: picture && withShortLegend(half ?? drawn(HALF_WIDTH)),
    pictureText: !picture && options.pictures ? (article.image?.alt ?? '') : '',
    body: '',
    bodyText: '',
    extra: article.extra,
  }
}

/** All on one line where they fit; else who wrote it has one of its own, and no line ends in a separator. */
function linesOf(meta: readonly string[]): string[][] {
  const fits = (texts: readonly string[]) => textWidth(texts.join(' · ')) <= MAX_META_LENGTH
  if (fits(meta)) return [meta.slice()]
  const [first, ...others] = meta
  const lines: string[][] = []
  for (const text of others) {
    const line = lines.at(-1)
    if (line && fits([...line, text])) line.push(text)
    else lines.push([text])
  }
  return [[first!], ...lines]
}

function withShortLegend(picture: DrawnPicture | undefined): DrawnPicture | undefined {
  if (!picture || picture.caption.length + picture.credit.length <= MAX_THUMB_CAPTION_LENGTH) return picture
  return { ...picture, caption: '', legend: picture.credit !== '' }
}

const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const LTR_LETTER = /\p{L}/u

/**
 * Between FSI and PDI (UAX #9) where it has letters of the other direction: most mail clients drop <bdi>, and what is beside it
 * on the line would change places.
 */
function isolated(text: string, direction: 'ltr' | 'rtl'): string {
  const isTurned =
    direction === 'rtl'
      ? LTR_LETTER.test(text.replace(new RegExp(RTL_LETTER, 'gu'), ''))
      : RTL_LETTER.test(text)
  return isTurned ? `\u2068${text}\u2069` : text
}

function audioLabel(audio: NonNullable<Article['audio']>, words: Words): string {
  if (audio.duration === undefined) return words('letter.listen')
  return words('letter.listen_minutes', { minutes: Math.max(1, Math.round(audio.duration / 60)) })
}

/** The title that the author gave, else the host. */
function sourceName(source: NonNullable<Article['source']>): string {
  const named = source.title?.trim()
  if (named) return named
  return parseUrl(source.url)?.hostname.replace(/^www\./, '') ?? source.url
}

// ─── How a language is set ──────────────────────────────────────────────────────────────────────────────────────────

export interface ScriptStyle {
  /** BCP 47. */
  readonly language: string
  readonly direction: Direction
  readonly start: 'left' | 'right'
  readonly end: 'left' | 'right'
  /** For text that is in italics elsewhere: most scripts have none, and are hard to read when slanted by the browser. */
  readonly slant: 'italic' | 'normal'
  /** Whether labels may be letter-spaced capitals. */
  readonly latin: boolean
}

const SCRIPTS_WITH_ITALICS = new Set(['Latn', 'Cyrl', 'Grek', 'Armn'])
const COMPOUNDING_LANGUAGES = /^(?:de|nl|af|da|sv|nb|nn|no|is|fi|et|hu|fy|lb)(?:-|$)/i
const NASTALIQ_LANGUAGES = /^(?:ur|ks|skr|khw|bgn)(?:-|$)/i

/** @param direction of an article that sets it itself */
export function scriptStyle(language: string, direction: Direction = directionOf(language)): ScriptStyle {
  const script = scriptOf(language)
  const [start, end] = direction === 'rtl' ? (['right', 'left'] as const) : (['left', 'right'] as const)
  return {
    language,
    direction,
    start,
    end,
    slant: SCRIPTS_WITH_ITALICS.has(script) ? 'italic' : 'normal',
    latin: script === 'Latn',
  }
}

/** Whether it writes several words as one: 'Donaudampfschifffahrtsgesellschaft'. */
export function isCompounding(language: string): boolean {
  return COMPOUNDING_LANGUAGES.test(language)
}

/** Whether it is written in Nastaliq, which slopes below the line and needs twice its height. */
export function isNastaliq(language: string): boolean {
  return NASTALIQ_LANGUAGES.test(language) && scriptOf(language) === 'Arab'
}

function scriptOf(language: string): string {
  const script = scripts.get(language) ?? likelyScript(language)
  scripts.set(language, script)
  return script
}
const scripts = new Map<string, string>()

function likelyScript(language: string): string {
  try {
    return new Intl.Locale(language).maximize().script ?? ''
  } catch {
    return ''
  }
}

// ─── The editor’s own blocks ─────────────────────────────────────────────────────────────────────────────────────────

/** The editor's own, by place. */
export interface LetterBlocks {
  readonly top: readonly LetterBlock[]
  readonly afterLead: readonly LetterBlock[]
  readonly between: readonly LetterBlock[]
  readonly bottom: readonly LetterBlock[]
}

export interface LetterBlock {
  /** 'event'; empty for none. */
  readonly kind: string
  /** Whether it has a line above and one below. */
  readonly above: boolean
  readonly below: boolean
  /** Which partial shows it. */
  readonly partial: string
  /** The line above it; empty for none. */
  readonly label: string
  readonly html: string
  readonly text: string
}

interface BlockSources {
  readonly edition: Edition
  readonly renderer: Renderer
  readonly templates: Templates
}

/**
 * A place that a letter does not have is its bottom: one of a single section has nothing between sections.
 *
 * @param keep what of the HTML is meant for this place; the HTML for feeds and pages, if undefined
 */
export function blocksView(
  { edition, renderer, templates }: BlockSources,
  parts: number,
  keep: (prose: Prose) => string = ({ html }) => html,
): LetterBlocks {
  const words = templates.words(edition.newsletter.language)
  const all = blocksOf(edition).map(({ place, title, text, advertisement, kind = '', file }) => {
    const own = `block-${kind}`
    const prose = renderer.prose(text, file)
    const label = !advertisement
      ? (title ?? '')
      : words(title ? 'letter.advertisement_title' : 'letter.advertisement', { title: title ?? '' })
    return {
      place: place === 'between' && parts < 2 ? 'bottom' : place,
      kind,
      partial: kind && templates.has(`partials/${own}.mjml.hbs`) ? own : 'letter-block',
      label,
      html: keep(prose),
      text: prose.text,
    }
  })
  // One line between two things: below the date and the note, above a section, another place and the footer there is one already.
  const at = (wanted: Block['place']) =>
    all
      .filter(({ place }) => place === wanted)
      .map((block, index, { length }) => ({
        ...block,
        above: wanted !== 'top' && index === 0,
        below: wanted === 'top' || index < length - 1,
      }))
  return { top: at('top'), afterLead: at('after-lead'), between: at('between'), bottom: at('bottom') }
}
