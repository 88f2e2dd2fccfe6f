// Publication → the frame of every page: masthead, sections, footer, style; and the byline and the boxes of an article's
// authors. Made once for each depth of folder, because own files are addressed from where the page lies.

import { contrast, mix, parseUrl } from '../../base/index.ts'
import { prefixOf, webPicture } from '../../content/index.ts'
import type { Article, Author, Loaded, Picture, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import type { ChannelLinks } from '../feed-links.ts'
import { type LocalPicture, localFile, localPicture, pageHtml } from './page-html.ts'

export interface Link {
  readonly name: string
  readonly url: string
}

export interface Frame {
  /** From the page to the top of `out/`: '' or '../../'. */
  readonly prefix: string
  readonly icon: LocalPicture | undefined
  readonly logo:
    | (LocalPicture & { readonly wordmark: boolean; readonly dark: string; readonly rim: boolean })
    | undefined
  readonly accent: { readonly light: string; readonly dark: string }
  /** HTML, ready to be inserted into a page. */
  readonly nav: string
  readonly masthead: string
  readonly footer: string
  /** CSS. */
  readonly articleStyle: string
  /** Of code. */
  readonly codeStyle: string
  readonly listStyle: string
}

/** @param listAround links to the sections above each page, and to what else there is below it */
export function openFrames(
  { publication }: Pick<Loaded, 'publication'>,
  templates: Templates,
  listAround: () => { readonly sections: readonly Link[]; readonly links: readonly Link[] },
): (path: string) => Frame {
  const { language, timezone, logo, logoDark, icon } = publication
  const accent = readableAccent(publication.accent)
  const render = (name: string, data: object) =>
    templates.render(`partials/${name}.hbs`, { publication, accent, ...data }, { language, timezone })
  let articleStyle: string | undefined
  let codeStyle: string | undefined
  let listStyle: string | undefined
  const frames = new Map<string, Frame>()

  function make(prefix: string): Frame {
    const around = listAround()
    const nav = render('page-nav.html', around)
    const local = { ...around, nav, logo: logo && mastheadLogo(logo, logoDark, prefix) }
    return {
      prefix,
      accent,
      icon: icon && localPicture(icon, prefix),
      logo: local.logo,
      nav,
      masthead: render('page-masthead.html', local),
      footer: render('page-footer.html', local),
      get articleStyle() {
        articleStyle ??= render('page-article-style.css', {})
        return articleStyle
      },
      get codeStyle() {
        codeStyle ??= render('page-code.css', {})
        return codeStyle
      },
      get listStyle() {
        listStyle ??= render('page-list-style.css', {})
        return listStyle
      },
    }
  }

  return path => {
    const prefix = prefixOf(path)
    const frame = frames.get(prefix) ?? make(prefix)
    frames.set(prefix, frame)
    return frame
  }
}

/** A logo this wide is the name itself, drawn: it is the heading instead of the text. */
function mastheadLogo(logo: Picture, dark: Picture | undefined, prefix: string) {
  const { width, height } = logo
  const wordmark = width !== undefined && height !== undefined && width >= height * 2.5
  // Black lines on a ground that is dark for some readers would be gone.
  const rim = !dark && !logo.opaque
  return { ...localPicture(logo, prefix), wordmark, dark: dark ? localFile(dark, prefix) : '', rim }
}

/** WCAG 2.2 §1.4.3 asks for 4.5 to 1; a little to spare. */
const MIN_CONTRAST = 4.6

/** The two shades of an accent that can be read as text, on the lightest grey and the near-black. @param accent '#rrggbb' */
export function readableAccent(accent: string): { light: string; dark: string } {
  return { light: shade(accent, '#f5f4f0', '#000000'), dark: shade(accent, '#1b1b20', '#ffffff') }
}

/** The accent, mixed with `towards` by as little as makes it readable on the background. */
function shade(accent: string, background: string, towards: string): string {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(accent, towards, part)
    if (contrast(mixed, background) >= MIN_CONTRAST) return mixed
  }
  return towards
}

// ─── Authors ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Authors of an article → the byline above it, in pieces, and the box below it, which is the head of each one's own page.

/** Either a name or the text between two names. */
export type BylinePart =
  | { readonly author: string; readonly role?: string | undefined; readonly url?: string | undefined }
  | { readonly text: string }

const NAMES = '\0'

/** "By A, B and C" in pieces, as the language joins them, so that each name can be a link. */
export function openBylines(
  templates: Templates,
  links: ChannelLinks,
): (article: Article, language: string) => readonly BylinePart[] {
  const formats = new Map<string, Intl.ListFormat>()
  function listFormat(language: string): Intl.ListFormat {
    const format = formats.get(language) ?? new Intl.ListFormat(language, { type: 'conjunction' })
    formats.set(language, format)
    return format
  }

  return ({ authors }, language) => {
    const named = authors.filter(({ name }) => name.trim() !== '')
    if (named.length === 0) return []
    const [before, behind] = templates.words(language)('page.by', { names: NAMES }).split(NAMES)
    let next = 0
    const joined = listFormat(language)
      .formatToParts(named.map(({ name }) => name))
      .map(({ type, value }): BylinePart => {
        if (type === 'literal') return { text: value }
        const author = named[next++]!
        const channel = links.author(author)
        return { author: value, role: author.role, url: channel ? links.urlOf(channel) : author.url }
      })
    return [{ text: before ?? '' }, ...joined, { text: behind ?? '' }]
  }
}

export interface AuthorBox {
  readonly name: string
  readonly role: string | undefined
  readonly url: string | undefined
  readonly photo: LocalPicture | undefined
  /** HTML. */
  readonly biography: string
  readonly links: readonly Link[]
  /** That of all her articles, where it is one; her direction follows from her text. */
  readonly language: string
  /** Whether there is more than a name and a role. */
  readonly boxed: boolean
}

/** Photo, role, biography, links. Made once for each depth of folder. */
export function openAuthorBoxes(
  { publication }: Pick<Loaded, 'publication'>,
  renderer: Renderer,
  links: ChannelLinks,
): (author: Author, prefix: string) => AuthorBox {
  const boxes = new Map<Author, Map<string, AuthorBox>>()

  function make(author: Author, prefix: string): AuthorBox {
    const { name, role, photo, social, biography, id } = author
    const prose = biography ? renderer.prose(biography, `authors/${id}.md`) : undefined
    const channel = links.author(author)
    // On this site her page is the one that this leads to.
    const elsewhere = author.url && !author.url.startsWith(publication.url) ? author.url : undefined
    const home = elsewhere ? [{ name: hostOf(elsewhere), url: elsewhere }] : []
    return {
      name,
      role,
      url: channel ? links.urlOf(channel) : author.url,
      photo: photo && localPicture(webPicture(photo, publication.url), prefix),
      biography: prose
        ? pageHtml(prose.html, {
            home: publication.url,
            url: publication.url,
            prefix,
            table: '',
            highlight: false,
          })
        : '',
      links: channel ? [...home, ...social] : social,
      language: channel?.language ?? publication.language,
      boxed: Boolean(prose?.html || photo || social.length > 0),
    }
  }

  return (author, prefix) => {
    const known = boxes.get(author) ?? new Map<string, AuthorBox>()
    boxes.set(author, known)
    const box = known.get(prefix) ?? make(author, prefix)
    known.set(prefix, box)
    return box
  }
}

function hostOf(url: string): string {
  return parseUrl(url)?.hostname.replace(/^www\./, '') ?? url
}
