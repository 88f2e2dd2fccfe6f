// A loaded publication → what its articles could do better. Every article that readers see, or will see, by every rule.

import { join } from 'node:path'
import { openOwnFiles } from '../content/index.ts'
import type { Diagnostic, Loaded, Renderer } from '../model.ts'
import { bidiControls } from './articles/bidi-controls.ts'
import { bodyLines } from './articles/body-lines.ts'
import { brokenInternalLink } from './articles/broken-internal-link.ts'
import { controlCharacters } from './articles/control-characters.ts'
import { dataPicture } from './articles/data-picture.ts'
import { emptyArticle } from './articles/empty-article.ts'
import { headingOrder } from './articles/heading-order.ts'
import { linkText } from './articles/link-text.ts'
import { pictureAlt } from './articles/picture-alt.ts'
import { pictureFile } from './articles/picture-file.ts'
import { rawHtmlRemoved } from './articles/raw-html-removed.ts'
import { summaryLength } from './articles/summary-length.ts'
import { templateTags } from './articles/template-tags.ts'
import { titleLength } from './articles/title-length.ts'
import { unknownAuthor } from './articles/unknown-author.ts'
import { feedAudioSize } from './feeds/feed-audio-size.ts'
import { feedPictureType } from './feeds/feed-picture-type.ts'
import { feedSlug } from './feeds/feed-slug.ts'
import { feedTitleTwice } from './feeds/feed-title-twice.ts'
import type { Rule } from './rule.ts'

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
