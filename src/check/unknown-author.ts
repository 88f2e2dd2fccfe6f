/**
 * What looks like the id of an author's file, and has no such file, would be printed as the name.
 *
 * Good:
 *
 *     ---
 *     title: What the harbour cost
 *     date: 2026-01-30
 *     author: Business Desk
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: What the harbour cost
 *     date: 2026-01-30
 *     author: business-desk
 *     ---
 *     Text.
 */

import { join } from 'node:path'
import { frontMatterLine } from '../front-matter-line.ts'
import type { Rule } from './rule.ts'

export const authorFile: Rule = {
  name: 'author-file',
  severity: 'warning',
  find: ({ article, loaded }) =>
    article.authors
      .filter(({ id, name }) => id === undefined && /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(name))
      .map(({ name }) => ({
        line: frontMatterLine(join(loaded.publication.dir, article.file), ['authors', 'author']),
        message: `the byline says "${name}": there is no articles/authors/${name}.md`,
        advice: `Add authors/${name}.md with \`name:\`, or write the name itself.`,
      })),
}
