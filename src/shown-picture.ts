// An article's HTML and its lead picture → whether the HTML shows it, and what it does not say of it. A leaf: feeds and
// pages show the picture above the text only where the text has not got it.

import type { Picture } from './model.ts'

const SHOWING = /<(?:img|source|video)\b[^>]*>/g
const ADDRESS = /\s(src|srcset|poster)="([^"]*)"/g
const FIGURE = /<figure\b[^>]*>([\s\S]*?)<\/figure>/g

/** @returns undefined where the picture is not shown (a link to it shows nothing); else what is still to be said of it */
export function shownPicture(
  html: string,
  { url, caption, credit }: Pick<Picture, 'url' | 'caption' | 'credit'>,
): { readonly caption: string; readonly credit: string } | undefined {
  if (!shows(html, url)) return undefined
  const text = textOf(html)
  const untold = (words: string | undefined) => (words && !text.includes(textOf(words)) ? words : '')
  // Whoever wrote a caption into the text wrote the one that is to stand there.
  const captioned = [...html.matchAll(FIGURE)].some(
    ([, inner]) => inner!.includes('<figcaption') && shows(inner!, url),
  )
  return { caption: captioned ? '' : untold(caption), credit: untold(credit) }
}

function shows(html: string, url: string): boolean {
  for (const [tag] of html.matchAll(SHOWING)) {
    for (const [, name, value] of tag.matchAll(ADDRESS)) {
      const addresses = name === 'srcset' ? value!.split(', ').map(each => each.split(' ')[0]!) : [value!]
      if (addresses.some(each => each.replaceAll('&amp;', '&') === url)) return true
    }
  }
  return false
}

const MARKS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }

/** On one line, without tags. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => MARKS[name]!)
    .replace(/\s+/g, ' ')
}
