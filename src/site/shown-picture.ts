// An article's HTML and its lead picture → whether the HTML shows it, and what it does not say of it. A leaf: feeds and
// pages show the picture above the text only where the text has not got it.

import type { Picture } from '../model.ts'

const SHOWING = /<(?:img|source|video)\b[^>]*>/g
const ADDRESS = /\s(src|srcset|poster)="([^"]*)"/g
const FIGURE = /<figure\b[^>]*>([\s\S]*?)<\/figure>/g

/** @returns undefined where the picture is not shown (a link to it shows nothing); else what is still to be said of it */
export function shownPicture(
  html: string,
  { url, caption, credit }: Pick<Picture, 'url' | 'caption' | 'credit'>,
): { readonly caption: string; readonly credit: string } | undefined {
  if (!shows(html, url)) return undefined
  if (!caption && !credit) return { caption: '', credit: '' }
  const text = textOf(html)
  const missing = (words: string | undefined) => (words && !hasWords(text, onOneLine(words)) ? words : '')
  // A caption written in the text takes precedence.
  const captioned = [...html.matchAll(FIGURE)].some(
    ([, inner]) => inner!.includes('<figcaption') && shows(inner!, url),
  )
  return { caption: captioned ? '' : missing(caption), credit: missing(credit) }
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

/** Whether the words are in the text, and not as a part of others: 'Ann' is not in 'Annabel'. */
function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const end = at + words.length
    const isPart =
      LETTER_BEFORE.test(text.slice(Math.max(0, at - 2), at)) || LETTER_AFTER.test(text.slice(end, end + 2))
    if (!isPart) return true
  }
  return false
}

const LETTER_BEFORE = /[\p{L}\p{M}\p{N}]$/u
const LETTER_AFTER = /^[\p{L}\p{M}\p{N}]/u

function textOf(html: string): string {
  const text = html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|quot|amp);/g, (_, name: string) => MARKS[name]!)
  return onOneLine(text)
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
