// Publication and time → what every article of the folder is read with; authors are added when they have been read.

import { openZone } from '../base/index.ts'
import type { Author, Publication } from '../model.ts'
import type { LoadContext } from './articles/article-context.ts'
import type { OwnFiles } from './publication-files.ts'

export function loadContext(
  publication: Publication,
  ownFiles: OwnFiles,
  now: number,
  authors: ReadonlyMap<string, Author> = new Map(),
): LoadContext {
  return {
    publication,
    zone: openZone(publication.timezone),
    sections: new Map(
      publication.sections.flatMap(section => [
        [section.title.toLowerCase(), section],
        [section.slug.toLowerCase(), section],
      ]),
    ),
    authors,
    ownFiles,
    now,
  }
}
