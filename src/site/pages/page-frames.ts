// Publication → the frame of every page: masthead, sections, footer, style. Made once for each depth of folder,
// because own files are addressed from where the page lies.

import { contrast, mix } from '../../base/index.ts'
import { prefixOf } from '../../content/index.ts'
import type { Loaded, Picture } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { type LocalPicture, localFile, localPicture } from './page-html.ts'

export interface Link {
  readonly name: string
  readonly url: string
}

export interface Frame {
  /** From the page to the top of `out/`: '' or '../../'. */
  readonly prefix: string
  readonly icon: LocalPicture | undefined
  readonly logo: (LocalPicture & { readonly wordmark: boolean; readonly dark: string }) | undefined
  readonly accent: { readonly light: string; readonly dark: string }
  /** HTML, ready to be inserted into a page. */
  readonly nav: string
  readonly masthead: string
  readonly footer: string
  /** CSS. */
  readonly articleStyle: string
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
  return { ...localPicture(logo, prefix), wordmark, dark: dark ? localFile(dark, prefix) : '' }
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
