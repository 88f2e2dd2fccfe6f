// A live article's body → what stands before its entries, the entries newest first with their own anchors, its footnotes.

import type { Article, Body } from '../model.ts'
import type { Zone } from '../zoned-time.ts'
import { isoTime } from './iso-time.ts'

export interface LiveBody {
  /** HTML. */
  readonly intro: string
  readonly entries: readonly {
    readonly id: string
    readonly time: string
    readonly when: string
    readonly title: string
    readonly html: string
  }[]
  /** HTML: footnotes of all entries. */
  readonly notes: string
}

/** @returns undefined where there are no entries, or where the author's own HTML holds several of them together */
export function liveBody(article: Article, { html, entries }: Body, zone: Zone): LiveBody | undefined {
  if (!article.live || entries.length === 0) return undefined
  const intro = html.slice(0, Math.max(0, html.indexOf('<h2')))
  const end = html.lastIndexOf('<hr>\n<ol>\n<li id="fn1">')
  const notes = end === -1 ? '' : html.slice(end)
  const parts = [intro, notes, ...entries.map(entry => entry.html)]
  if (!parts.every(isBalanced)) return undefined
  const idOf = headingIds(html)
  return {
    intro,
    notes,
    entries: entries.map(({ time, at, title, html }, index) => ({
      id: idOf(time, title) ?? `entry-${entries.length - index}`,
      time,
      title,
      html,
      when: isoTime(at.at, zone),
    })),
  }
}

/** The ids that the headings have in the body: links to them, in feeds and elsewhere, lead to the entry. */
function headingIds(html: string): (time: string, title: string) => string | undefined {
  const found = [...html.matchAll(/<h2 id="([^"]*)">([\s\S]*?)<\/h2>/g)].map(([, id, inner]) => ({
    id: id!,
    text: plain(inner!),
  }))
  return (time, title) => {
    const at = found.findIndex(({ text }) => text.includes(time) && text.endsWith(title))
    return at === -1 ? undefined : found.splice(at, 1)[0]!.id
  }
}

function plain(html: string): string {
  const marks: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|amp);/g, mark => marks[mark]!)
    .replace(/\s+/g, ' ')
    .trim()
}

const VOID = new Set(['br', 'hr', 'img', 'source', 'track', 'wbr', 'col'])

/** Whether every element that a part of clean HTML opens is closed in it. */
function isBalanced(html: string): boolean {
  const open: string[] = []
  for (const [, close, tag] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (VOID.has(tag!)) continue
    if (!close) open.push(tag!)
    else if (open.pop() !== tag) return false
  }
  return open.length === 0
}
