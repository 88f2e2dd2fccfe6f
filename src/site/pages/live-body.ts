// A live article's body → what stands before its entries, the entries newest first with their own anchors, and what stands
// behind them.

import type { Zone } from '../../base/index.ts'
import type { Body } from '../../model.ts'
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
  /** HTML: sections that are no entries, and the footnotes of all. */
  readonly notes: string
}

/** @returns undefined where there are no entries, or where the author's own HTML holds several of them together */
export function liveBody({ html, live }: Body, zone: Zone): LiveBody | undefined {
  if (!live || live.entries.length === 0) return undefined
  const { intro, entries, sections, notes } = live
  // A part that stands alone closes what it opens: the whole goes on differently where the author closes it further on.
  const isWhole = entries.every(entry => html.includes(entry.html))
  if (!isWhole || !html.startsWith(intro.html) || !html.endsWith(notes.html)) return undefined
  return {
    intro: intro.html,
    notes: [sections.html, notes.html].filter(Boolean).join('\n'),
    entries: entries.map(({ id, time, at, title, html }) => ({
      id,
      time,
      title,
      html,
      when: isoTime(at.at, zone),
    })),
  }
}
