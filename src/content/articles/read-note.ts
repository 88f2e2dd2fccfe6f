// `editions/<newsletter>/<id>.md` → an editor's note.

import { didYouMean, oneLine } from '../../base/index.ts'
import type { Diagnostic, EditionNote } from '../../model.ts'
import { readDate } from '../text-values.ts'
import { readList } from './article-fields.ts'
import { truth } from './fields.ts'
import { type LoadContext, quote, readFrontMatter, scalar } from './read-front-matter.ts'

export function readNote(
  file: string,
  text: string,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): EditionNote | undefined {
  const error = (line: number, message: string, advice: string) =>
    void report({ file, line, rule: 'edition-note', severity: 'error', message, advice })

  const [newsletter, name, ...deeper] = file.slice('articles/editions/'.length).split('/')
  if (name === undefined || deeper.length > 0)
    return error(0, 'stands in no newsletter’s folder', 'Move it to editions/<newsletter>/<id>.md')
  const known = context.publication.newsletters.map(({ id }) => id)
  if (!known.includes(newsletter!)) {
    const meant = didYouMean(newsletter!, known)
    const advice = meant
      ? `Did you mean "${meant}"?`
      : known.length > 0
        ? `Use one of ${known.join(', ')}.`
        : 'Add it to `newsletters:` in publication.yaml.'
    return error(0, `there is no newsletter "${newsletter}"`, advice)
  }

  const read = readFrontMatter(file, text, context, report, { optional: true })
  if (!read) return undefined
  const { fields, content } = read
  const words = (key: string) => {
    const value = scalar(fields[key])
    return value === undefined ? undefined : oneLine(value) || undefined
  }
  const when = fields.send_at ?? fields.sendAt
  const sendAt = when === undefined || when === null ? undefined : readDate(when, context.zone)
  if (when && !sendAt)
    return error(
      1,
      `send_at: ${quote(when)} is not a date`,
      'Write an ISO date with its offset: 2026-01-30T07:00:00+05:30',
    )

  return {
    newsletter: newsletter!,
    id: name.replace(/\.(?:md|markdown)$/i, '').normalize(),
    file,
    subject: words('subject'),
    preheader: words('preheader'),
    lead: words('lead'),
    pick: readList(fields.pick),
    omit: readList(fields.omit),
    order: readList(fields.order),
    sendAt,
    // What is neither yes nor no is taken for yes: better late than sent too early.
    hold: fields.hold === undefined || fields.hold === null ? false : (truth(fields.hold) ?? true),
    body: content.body,
    bodyLine: content.bodyLine,
  }
}
