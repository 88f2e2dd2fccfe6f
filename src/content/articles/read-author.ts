// `authors/<id>.md` → an author: front matter, and the biography as body.

import { oneLine } from '../../base/index.ts'
import type { Author, Diagnostic } from '../../model.ts'
import { type LoadContext, scalar } from './article-context.ts'
import { authorFields } from './byline.ts'
import { openDraft } from './open-draft.ts'
import { readPicture } from './read-picture.ts'

export function readAuthor(
  file: string,
  text: string,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): (Author & { id: string }) | undefined {
  const opened = openDraft(file, text, context, report, { optional: true })
  if (!opened) return undefined
  const { fields, content } = opened
  const { url } = context.publication
  const id = file
    .slice('articles/authors/'.length)
    .replace(/\.(?:md|markdown)$/i, '')
    .normalize()
  const about = (severity: 'error' | 'warning', message: string, advice: string) =>
    report({ file, line: 1, rule: 'author-file', severity, message, advice })

  const name = oneLine(scalar(fields.name) ?? '')
  if (!name) about('warning', `has no name; "${id}" is used`, 'Add `name: World Desk` to its front matter.')
  const photo = (fields: { readonly src: string; readonly alt?: string | undefined }) =>
    readPicture(
      { alt: name || id, ...fields },
      { from: 'authors', base: url, url, ownFiles: context.ownFiles, problem: about },
    )
  return { social: [], ...authorFields(fields, photo), id, name: name || id, biography: content.body.trim() }
}
