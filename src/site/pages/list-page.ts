// What a list of articles is to show → its page, made only where what it shows is not what it showed when it was last
// made.

import { createHash } from 'node:crypto'
import type { OutputFile } from '../../model.ts'
import type { Site } from './open-site.ts'

export interface ListPage {
  /** Below `out/`, where it will lie. */
  readonly path: string
  /** Of the template, below `templates/pages/`. */
  readonly template: string
  /** Everything of its articles and channels that the template is given. What else it is given follows from the settings. */
  readonly shown: object
  /** The rest of what the template is given: words, and what stands around every page. */
  more(): object
}

export function listPage({ path, template, shown, more }: ListPage, site: Site): OutputFile {
  const { publication } = site.loaded
  const { language, timezone } = publication
  const key = createHash('sha1').update(JSON.stringify(shown)).digest('base64')
  if (site.known.stands(path, key)) return { path, body: '' }
  const data = { publication, frame: site.frame(path), ...shown, ...more() }
  return { path, body: site.templates.render(`pages/${template}.html.hbs`, data, { language, timezone }) }
}
