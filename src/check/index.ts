// A loaded publication → what its articles could do better. Every article that readers see, or will see, by every rule.

import { join } from 'node:path'
import type { Diagnostic, Loaded, Renderer } from '../model.ts'
import { openOwnFiles } from '../own-files.ts'
import { bidiControls } from './bidi-controls.ts'
import { bodyLines } from './body-lines.ts'
import { brokenInternalLink } from './broken-internal-link.ts'
import { controlCharacters } from './control-characters.ts'
import { dataPicture } from './data-picture.ts'
import { emptyArticle } from './empty-article.ts'
import { feedAudioSize } from './feed-audio-size.ts'
import { feedPictureType } from './feed-picture-type.ts'
import { feedSlug } from './feed-slug.ts'
import { feedTitleTwice } from './feed-title-twice.ts'
import { headingOrder } from './heading-order.ts'
import { linkText } from './link-text.ts'
import { pictureAlt } from './picture-alt.ts'
import { pictureFile } from './picture-file.ts'
import { rawHtmlRemoved } from './raw-html-removed.ts'
import type { Rule } from './rule.ts'
import { summaryLength } from './summary-length.ts'
import { templateTags } from './template-tags.ts'
import { titleLength } from './title-length.ts'
import { unknownAuthor } from './unknown-author.ts'

export { leftOut } from './left-out.ts'
export type { Rule } from './rule.ts'

/** A new rule is one new file and one word here. */
export const rules: readonly Rule[] = [
  bidiControls,
  brokenInternalLink,
  controlCharacters,
  dataPicture,
  emptyArticle,
  feedAudioSize,
  feedPictureType,
  feedSlug,
  feedTitleTwice,
  headingOrder,
  linkText,
  pictureAlt,
  pictureFile,
  rawHtmlRemoved,
  summaryLength,
  templateTags,
  titleLength,
  unknownAuthor,
]

/** Drafts are not judged yet, what is gone is judged no more. Sorted by file, line and rule. */
export function check(loaded: Loaded, renderer: Renderer): Diagnostic[] {
  const ownFiles = openOwnFiles(join(loaded.publication.dir, 'articles'))
  const byFile = new Map(loaded.articles.map(article => [article.file.normalize(), article]))
  const fileByLowerCase = new Map([...byFile.keys()].map(file => [file.toLowerCase(), file]))
  const judged = loaded.articles.filter(
    ({ state }) => state === 'published' || state === 'unlisted' || state === 'future',
  )
  return judged
    .flatMap(article => {
      const lines = bodyLines(article.body, article.bodyLine)
      const checked = {
        article,
        body: renderer.body(article),
        lines,
        loaded,
        ownFiles,
        byFile,
        fileByLowerCase,
      }
      return rules.flatMap(({ name, severity, find }) =>
        find(checked).map(found => ({
          file: article.file,
          rule: name,
          ...found,
          severity: found.severity ?? severity,
        })),
      )
    })
    .sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || (a.rule < b.rule ? -1 : 1),
    )
}
