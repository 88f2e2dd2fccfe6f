// Loaded folder → the pages for people in `out/`. Now only the front page; article, section, tag and author pages are
// further files here and further rows below.

import type { FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { frontPage } from './front-page.ts'

export { ownFiles } from './own-files.ts'

/** @param feeds as the feed stage reported them, the main one first: every page announces them */
export function buildPages(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  feeds: readonly FeedReport[],
): OutputFile[] {
  return [{ path: 'index.html', body: frontPage(loaded, renderer, templates, feeds) }]
}
