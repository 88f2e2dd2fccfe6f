// Articles → their pages as text, by path: buildPages with built-in templates and feeds as the feed stage would report them.

import { type Channel, channelsOf, newsletterChannels } from '../../src/content/addresses/channels.ts'
import { byFormat, FEED_FORMATS, type FeedReport } from '../../src/content/addresses/feed-formats.ts'
import type { ArchivedEdition, Loaded, Renderer } from '../../src/model.ts'
import { buildPages } from '../../src/site/pages/build-pages.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aRenderer } from '../builders.ts'

export const templates = openTemplates('/no/templates/of/its/own')

export function aSite(
  loaded: Loaded,
  renderer: Renderer = aRenderer(),
  editions: readonly ArchivedEdition[] = [],
): Map<string, string> {
  const reports = [...channelsOf(loaded), ...newsletterChannels(loaded)].map(report)
  const files = buildPages(loaded, renderer, templates, reports, editions)
  return new Map(
    files.map(({ path, body }) => {
      if (typeof body === 'string') return [path, body]
      if (!('chunks' in body)) throw new Error(`${path} is no text`)
      return [path, [...body.chunks].join('')]
    }),
  )
}

export function report({ scope, name, path, articles }: Channel): FeedReport {
  const files = byFormat(format => `out/${path}${FEED_FORMATS[format].file}`)
  return { scope, name, ...files, items: articles.length }
}

/** The JSON-LD of a page. */
export function dataOf(html: string): Record<string, unknown> {
  return JSON.parse(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(html)![1]!)
}
