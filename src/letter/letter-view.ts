// An edition → the data of letter.mjml.hbs and letter.txt.hbs, in the order of the letter and fit to be mailed. What templates
// insert as `{{{…}}}` is HTML; all else is plain text.

import { channelsOf, pageUrl } from '../content/index.ts'
import type {
  Article,
  Author,
  Edition,
  LetterPictures,
  Loaded,
  Picture,
  Prose,
  Publication,
  Renderer,
  Theme,
} from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { type Extent, isCompact, type Layout, layoutOf, storiesIn } from './letter-budget.ts'
import { type DrawnPicture, drawnPicture, LOGO_HEIGHT, LOGO_WIDTH, PHOTO_WIDTH } from './letter-pictures.ts'
import {
  blocksView,
  isCompounding,
  isNastaliq,
  type LetterBlocks,
  type LetterStory,
  letterStory,
  type ScriptStyle,
  scriptStyle,
} from './letter-story.ts'
import { sendableView, softened } from './mail-text.ts'
import { type MailFonts, mailFonts, mailPalette, type Palette } from './mail-theme.ts'

export interface LetterView extends ScriptStyle {
  readonly marker: string
  /** Languages in it that are written in Nastaliq. */
  readonly hanging: readonly string[]
  /** Languages in it whose words may be longer than a line, and need hyphens. */
  readonly compounding: readonly string[]
  readonly compact: boolean
  /** Whether code in it has colours. */
  readonly highlighted: boolean
  readonly colors: Palette
  readonly fonts: MailFonts
  readonly theme: Theme
  /** ';border-radius:8px' for pictures, or nothing. */
  readonly corners: string
  /** Alignment of the masthead: 'center', or the side on which lines begin. */
  readonly masthead: 'center' | 'left' | 'right'
  readonly subject: string
  readonly preheader: string
  readonly publication: {
    readonly title: string
    readonly language: string
    readonly direction: 'ltr' | 'rtl'
    readonly slant: ScriptStyle['slant']
    /** Whether it is written in another language than the letter. */
    readonly foreign: boolean
    readonly tagline: string
    readonly url: string
    readonly rights: string
    readonly address: string
    readonly social: readonly { readonly name: string; readonly url: string }[]
    readonly logo: DrawnPicture | undefined
    readonly logoDark: DrawnPicture | undefined
  }
  readonly newsletter: { readonly id: string; readonly title: string }
  readonly edition: {
    readonly id: string
    /** Of the page for browsers. */
    readonly url: string
    readonly sendAt: number
    /** Of the year (ISO 8601), where an edition is of a week. */
    readonly number: number | undefined
  }
  /** Whether there is a page on which readers change their preferences. */
  readonly preferences: boolean
  readonly note: { readonly html: string; readonly text: string } | undefined
  readonly blocks: LetterBlocks
  readonly whole: LetterStory | undefined
  readonly lead: LetterStory | undefined
  readonly parts: readonly LetterPart[]
  /** How many articles are only on the web. */
  readonly more: number
  readonly author: LetterAuthor | undefined
  /** Names of the settings' own. */
  readonly variables: Readonly<Record<string, string | number>>
  /** What the editor's note has under `data`. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface LetterPart {
  readonly title: string
  /** Whether the story before it has the same label already. */
  readonly untitled: boolean
  readonly layout: Layout
  /** Pixels between a line and the story below it. */
  readonly space: number
  readonly stories: readonly LetterStory[]
  /** The same, two by two, and what is left over, for `columns`. */
  readonly pairs: readonly (readonly LetterStory[])[]
  readonly odd: readonly LetterStory[]
  /** How many of the section are not in the letter because of its limit, and where they are. */
  readonly more: number
  readonly url: string
}

/** The author of all articles in the letter, for the box below them. */
export interface LetterAuthor extends ScriptStyle {
  readonly name: string
  /** Her own page; empty when there is none. */
  readonly url: string
  readonly role: string
  readonly photo: DrawnPicture | undefined
  /** HTML. */
  readonly biography: string
  readonly biographyText: string
  readonly links: readonly { readonly name: string; readonly url: string }[]
}

/** Everything that a letter is made from. */
export interface ViewSources {
  readonly edition: Edition
  readonly loaded: Loaded
  readonly renderer: Renderer
  readonly templates: Templates
  readonly pictures: LetterPictures
}

/** Texts that are the same for every extent. */
export interface ViewTexts {
  readonly marker: string
  readonly subject: string
  readonly preheader: string
  /** The editor's note with the reader's slots in it. */
  readonly note: string
}

/** Keeps prose until MJML has run, and returns the token that takes its place. */
export type KeepProse = (prose: Prose, style: ScriptStyle) => string

/** Fields whose white space stays: texts of several lines, words of a catalogue, and what is one line already. */
const SPACED = new Set(
  'text bodyText biographyText meta metaLines label subject preheader extra data'.split(' '),
)

/** Characters at most of the summary of the lead, and of a whole article. */
const LEAD_SUMMARY_LENGTH = 400
/** The same, where the layout decides it. */
const SUMMARY_LENGTHS: Partial<Record<Layout, number>> = { headlines: 0 }

export function letterView(
  sources: ViewSources,
  { marker, subject, preheader, note }: ViewTexts,
  extent: Extent,
  keep: KeepProse,
): LetterView {
  const { edition, loaded, renderer, pictures } = sources
  const { publication } = loaded
  const { newsletter } = edition
  const style = scriptStyle(newsletter.language)
  const stories = storiesOf(sources, extent, keep)
  const blocks = blocksView(sources, stories.parts.length, prose => keep(prose, style))
  const noteProse = note.trim() ? renderer.prose(note, edition.note!.file) : undefined
  const view: LetterView = {
    marker,
    ...style,
    hanging: languagesOf(edition).filter(isNastaliq),
    compounding: languagesOf(edition).filter(isCompounding),
    compact: isCompact(edition),
    highlighted: false,
    ...stylingOf(publication, style),
    subject,
    preheader,
    publication: publicationView(publication, newsletter.language, pictures),
    newsletter: { id: newsletter.id, title: newsletter.title },
    edition: {
      id: edition.id,
      url: edition.url ?? `${publication.url}editions/${newsletter.id}/${edition.id}/`,
      sendAt: edition.sendAt,
      number: numberOf(edition),
    },
    preferences: publication.service !== undefined,
    note: noteProse && { html: keep(noteProse, style), text: noteProse.text },
    blocks,
    ...stories,
    parts: blocks.afterLead.length > 0 ? stories.parts : withoutLabelTwice(stories),
    more: Math.max(0, storiesIn(edition) - extent.stories),
    author: authorOf(sources, keep),
    variables: publication.variables ?? {},
    data: edition.note?.data ?? {},
  }
  return sendableView(view, SPACED)
}

function languagesOf({ newsletter, articles }: Edition): string[] {
  const languages = [newsletter.language, ...articles.map(article => article.language)]
  return [...new Set(languages)]
}

function stylingOf({ accent, theme }: Publication, { start }: ScriptStyle) {
  return {
    colors: mailPalette(accent, theme.ground),
    fonts: mailFonts(theme),
    theme,
    corners: theme.corners === 'round' ? ';border-radius:8px' : '',
    masthead: theme.masthead === 'center' ? 'center' : start,
  } as const
}

/** @param language of the letter */
function publicationView(
  publication: Publication,
  language: string,
  pictures: LetterPictures,
): LetterView['publication'] {
  const { title, logo, logoDark } = publication
  const drawn = (picture: Picture | undefined) => {
    const width = Math.min(LOGO_WIDTH, Math.ceil((picture?.width ?? 560) / 2))
    const made = drawnPicture(picture, pictures, width, LOGO_HEIGHT)
    return made && { ...made, alt: made.alt || title }
  }
  return {
    title,
    language: publication.language,
    direction: publication.direction,
    slant: scriptStyle(publication.language).slant,
    foreign: publication.language !== language,
    tagline: publication.tagline,
    url: publication.url,
    rights: publication.rights,
    address: publication.address,
    social: publication.social.map(({ name, url }) => ({ name, url })),
    logo: drawn(logo),
    logoDark: logo && drawn(logoDark),
  }
}

/** Of the week: '2026-W05' → 5. It is none of the edition's own: the first may be week 48. */
function numberOf({ id, newsletter }: Edition): number | undefined {
  const digits = newsletter.every === 'week' ? /^\d{4}-W(\d{2})$/.exec(id)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}

function storiesOf(
  sources: ViewSources,
  extent: Extent,
  keep: KeepProse,
): Pick<LetterView, 'whole' | 'lead' | 'parts'> {
  const { edition, renderer } = sources
  const isLeadPictured = extent.pictures !== 'none'
  const [only] = edition.articles
  if (extent.whole && only) {
    const body = renderer.body(only)
    const summary = only.summary === undefined ? 0 : LEAD_SUMMARY_LENGTH
    const whole = {
      ...storyOf(only, sources, summary, isLeadPictured),
      body: keep(body, scriptStyle(only.language, only.direction)),
      bodyText: body.text,
    }
    return { whole, lead: undefined, parts: [] }
  }
  const { lead } = edition
  const summary = Math.max(extent.summary, Math.min(LEAD_SUMMARY_LENGTH, extent.summary * 2))
  const first = lead && storyOf(lead, sources, summary, isLeadPictured)
  return { whole: undefined, lead: first, parts: partsOf(sources, extent) }
}

/** @param summary characters of it, at most */
function storyOf(
  article: Article,
  { edition, renderer, templates, pictures }: ViewSources,
  summary: number,
  isPictured: boolean,
): LetterStory {
  const { language } = edition.newsletter
  const shown = isPictured ? pictures : undefined
  return letterStory(article, renderer.body(article), { ...templates, language, summary, pictures: shown })
}

/** The sections, until so many stories are shown. */
function partsOf(sources: ViewSources, extent: Extent): LetterPart[] {
  const { edition, loaded } = sources
  const isPictured = extent.pictures === 'all'
  const parts: LetterPart[] = []
  let left = extent.stories - (edition.lead ? 1 : 0)
  for (const { title, articles } of edition.parts) {
    const slug = articles[0]?.section?.slug ?? ''
    const { layout, limit } = layoutOf(edition, slug)
    const shown = articles.slice(0, Math.max(0, Math.min(left, limit)))
    if (shown.length === 0) continue
    left -= shown.length
    const stories = shown.map(each => ({
      ...storyOf(each, sources, SUMMARY_LENGTHS[layout] ?? extent.summary, isPictured),
      ...(isPictured ? {} : { readOn: false }),
    }))
    const paired = layout === 'columns' ? stories.length - (stories.length % 2) : 0
    parts.push({
      title: softened(title),
      untitled: false,
      layout,
      space: layout === 'headlines' ? 10 : layout === 'list' ? 14 : 20,
      stories,
      pairs: Array.from({ length: paired / 2 }, (_, at) => stories.slice(at * 2, at * 2 + 2)),
      odd: stories.slice(paired),
      more: Math.max(0, articles.length - limit),
      url: sectionUrl(loaded, slug),
    })
  }
  return parts
}

/** The label of a section is not printed twice in a row: above the lead, and again above what follows. */
function withoutLabelTwice({ lead, parts }: Pick<LetterView, 'lead' | 'parts'>): readonly LetterPart[] {
  const [next, ...others] = parts
  return next?.title && lead?.section === next.title ? [{ ...next, untitled: true }, ...others] : parts
}

/** Where a section's articles are, or the front page where it has no page of its own. */
function sectionUrl(loaded: Loaded, slug: string): string {
  const { publication } = loaded
  const title = publication.sections.find(section => section.slug === slug)?.title
  const channel =
    title !== undefined && publication.articles.pages
      ? channelsOf(loaded).find(({ scope, name }) => scope === 'section' && name === title)
      : undefined
  return channel ? pageUrl(publication.url, channel.path) : publication.url
}

/** Characters: a longer text does not fit into the small circle where pictures are not shown. */
const MAX_PHOTO_ALT_LENGTH = 24

/** Undefined for several authors, and for one of whom there is only the name. */
function authorOf(
  { edition: { articles }, loaded, renderer, pictures }: ViewSources,
  keep: KeepProse,
): LetterAuthor | undefined {
  const author = articles[0]?.authors[0]
  if (!author || !(author.biography.trim() || author.role || author.photo)) return undefined
  const isAlone = articles.every(({ authors }) => authors.length === 1 && authors[0]!.name === author.name)
  if (!isAlone) return undefined
  const { name } = author
  const style = scriptStyle(authorLanguage(author, loaded))
  const photo = drawnPicture(author.photo, pictures, PHOTO_WIDTH)
  const biography = author.biography.trim()
    ? renderer.prose(author.biography, `articles/authors/${author.id ?? 'author'}.md`)
    : undefined
  return {
    ...style,
    name,
    url: author.url ?? '',
    role: author.role ?? '',
    photo: photo && {
      ...photo,
      alt: photo.alt && photo.alt.length <= MAX_PHOTO_ALT_LENGTH ? photo.alt : name,
    },
    biography: biography ? keep(biography, style) : '',
    biographyText: biography?.text ?? '',
    links: author.social.map(link => ({ name: link.name, url: link.url })),
  }
}

/** The language of all her articles, if it is the same; else that of the publication. */
function authorLanguage(author: Author, { articles, publication }: Loaded): string {
  const [first, ...others] = new Set(
    articles
      .filter(({ authors }) => authors.some(({ name }) => name === author.name))
      .map(({ language }) => language),
  )
  return first === undefined || others.length > 0 ? publication.language : first
}
