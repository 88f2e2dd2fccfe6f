// Edition → everything that letter.mjml.hbs and letter.txt.hbs may say, in the order of the letter. What is HTML already
// stands in it as `{{{…}}}`; all else is plain text.

import type { Edition, LetterPictures, Loaded, Prose, Renderer, Theme } from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { type AuthorView, authorView } from './author-view.ts'
import { type MailFonts, mailFonts } from './mail-fonts.ts'
import { mailPalette, type Palette } from './mail-palette.ts'
import { type PictureView, pictureView } from './picture-view.ts'
import { hangs, type Tongue, tongueOf } from './script-style.ts'
import { sendableLine, sendableText } from './sendable.ts'
import { type StoryView, storyView } from './story-view.ts'

/** How much of an edition a letter shows. */
export interface Extent {
  /** Most characters of a summary. */
  readonly summary: number
  readonly pictures: 'all' | 'lead' | 'none'
  /** How many articles. */
  readonly stories: number
  /** The whole article, where the newsletter is one article a letter. */
  readonly whole: boolean
}

export interface LetterView extends Tongue {
  readonly marker: string
  /** Languages in it whose script hangs from the line. */
  readonly hanging: readonly string[]
  readonly compact: boolean
  readonly colors: Palette
  readonly fonts: MailFonts
  readonly theme: Theme
  /** ';border-radius:8px' for pictures, or nothing. */
  readonly corners: string
  /** Side of the masthead: 'center', or where lines begin. */
  readonly masthead: 'center' | 'left' | 'right'
  readonly subject: string
  readonly preheader: string
  readonly publication: {
    readonly title: string
    readonly language: string
    readonly direction: 'ltr' | 'rtl'
    readonly slant: Tongue['slant']
    /** Whether it is written in another language than the letter. */
    readonly foreign: boolean
    readonly tagline: string
    readonly url: string
    readonly rights: string
    readonly address: string
    readonly social: readonly { readonly name: string; readonly url: string }[]
    readonly logo: PictureView | undefined
  }
  readonly newsletter: { readonly id: string; readonly title: string }
  readonly edition: {
    readonly id: string
    /** View in browser. */
    readonly url: string
    readonly sendAt: number
    /** Of the week or the month; undefined where the date says it all. */
    readonly number: number | undefined
  }
  /** Whether there is a page on which a reader changes what she gets. */
  readonly preferences: boolean
  readonly note: { readonly html: string; readonly text: string } | undefined
  readonly whole: StoryView | undefined
  readonly lead: StoryView | undefined
  readonly parts: readonly { readonly title: string; readonly stories: readonly StoryView[] }[]
  /** How many articles are only on the web. */
  readonly more: number
  readonly author: AuthorView | undefined
}

export interface ViewOptions {
  readonly marker: string
  readonly subject: string
  readonly preheader: string
  /** The editor's note with the reader's slots in it. */
  readonly note: string
  /** Makes prose ready for the letter: an HTML token that outlives MJML. */
  readonly dress: (prose: Prose, tongue: Tongue) => string
  readonly pictures: LetterPictures
}

const LEAD_SUMMARY = 400

export function letterView(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  extent: Extent,
  { marker, subject, preheader, note, dress, pictures }: ViewOptions,
): LetterView {
  const { publication } = loaded
  const { newsletter, lead } = edition
  const { language } = newsletter
  const tongue = tongueOf(language)
  const { theme } = publication
  const noteProse = note.trim() ? renderer.prose(note, edition.note!.file) : undefined
  const story = (article: Edition['articles'][number], summary: number, shown: boolean) =>
    storyView(article, renderer.body(article), {
      ...templates,
      language,
      summary,
      pictures: shown ? pictures : undefined,
    })
  const leads = lead ? 1 : 0
  let room = extent.stories - leads
  const parts = edition.parts
    .map(({ title, articles }) => {
      const shown = articles.slice(0, Math.max(0, room))
      room -= shown.length
      const stories = shown.map(article => story(article, extent.summary, extent.pictures === 'all'))
      return { title: sendableLine(title), stories }
    })
    .filter(part => part.stories.length > 0)
  const [only] = edition.articles
  const whole = extent.whole && only ? wholeView() : undefined

  function wholeView(): StoryView {
    const body = renderer.body(only!)
    const view = story(only!, only!.summary === undefined ? 0 : LEAD_SUMMARY, extent.pictures !== 'none')
    return {
      ...view,
      body: dress(body, tongueOf(only!.language, only!.direction)),
      bodyText: sendableText(body.text),
    }
  }

  const { logo } = publication
  const logoView = pictureView(logo, pictures, Math.min(280, Math.ceil((logo?.width ?? 560) / 2)))
  return {
    marker,
    ...tongue,
    hanging: [language, ...edition.articles.map(article => article.language)].filter(
      (one, at, all) => hangs(one) && all.indexOf(one) === at,
    ),
    compact: isCompact(edition),
    colors: mailPalette(publication.accent, theme.ground),
    fonts: mailFonts(theme),
    theme,
    corners: theme.corners === 'round' ? ';border-radius:8px' : '',
    masthead: theme.masthead === 'center' ? 'center' : tongue.start,
    subject,
    preheader,
    publication: {
      title: sendableLine(publication.title),
      language: publication.language,
      direction: publication.direction,
      slant: tongueOf(publication.language).slant,
      foreign: publication.language !== language,
      tagline: sendableLine(publication.tagline),
      url: publication.url,
      rights: sendableLine(publication.rights),
      address: sendableLine(publication.address),
      social: publication.social.map(({ name, url }) => ({ name: sendableLine(name), url })),
      logo: logoView && { ...logoView, alt: logoView.alt || sendableLine(publication.title) },
    },
    newsletter: { id: newsletter.id, title: sendableLine(newsletter.title) },
    edition: {
      id: edition.id,
      url: `${publication.url}editions/${newsletter.id}/${edition.id}/`,
      sendAt: edition.sendAt,
      number: numberOf(edition),
    },
    preferences: publication.service !== undefined,
    note: noteProse && { html: dress(noteProse, tongue), text: sendableText(noteProse.text) },
    whole,
    lead:
      whole || !lead
        ? undefined
        : story(
            lead,
            Math.max(extent.summary, Math.min(LEAD_SUMMARY, extent.summary * 2)),
            extent.pictures !== 'none',
          ),
    parts: whole ? [] : parts,
    more: Math.max(0, edition.articles.length - extent.stories),
    author: authorView(edition, loaded, renderer, dress, pictures),
  }
}

export function isCompact({ newsletter, articles }: Edition): boolean {
  return newsletter.layout === 'compact' || (newsletter.layout === 'auto' && articles.length > 10)
}

/** '2026-W05' → 5, '2026-01' → 1. */
function numberOf({ id, newsletter }: Edition): number | undefined {
  if (newsletter.every !== 'week' && newsletter.every !== 'month') return undefined
  const digits = /^\d{4}-W?(\d{2})$/.exec(id)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
