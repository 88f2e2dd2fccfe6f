// A text's prepared tokens → what readers see of it, in feeds and in letters.

import { cleanText } from '../base/index.ts'
import type { Prose } from '../model.ts'
import { cleanHtml } from './clean-html.ts'
import type { Makers } from './lazy-kind.ts'
import type { Prepared } from './prepare-tokens.ts'
import type { Resolve } from './references.ts'
import { toHtml } from './to-html.ts'
import { toText } from './to-text.ts'

export interface ProseSource {
  prepared(): Prepared
  readonly resolve: Resolve
  /** Own files that it was found to show. */
  readonly met: Set<string>
}

export const proseFields: Makers<ProseSource, Prose> = {
  html: source => render(source, false),
  letterHtml: source => render(source, true),
  text: source => cleanText(toText(source.prepared().tokens, raw => clean(source, raw, true))),
  files({ met }, self) {
    // What raw HTML shows is known once that has been cleaned.
    void self.html
    return [...met].sort()
  },
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
