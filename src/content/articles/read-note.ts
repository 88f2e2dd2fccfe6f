// `editions/<newsletter>/<id>.md` → an editor's note.

import { didYouMean, oneLine } from '../../base/index.ts'
import type { Diagnostic, EditionNote } from '../../model.ts'
import { type LoadContext, quote, scalar } from './article-context.ts'
import { truth } from './fields.ts'
import { openDraft } from './open-draft.ts'
import { readDate } from './read-date.ts'
import { list } from './subjects.ts'

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

  const opened = openDraft(file, text, context, report, { optional: true })
  if (!opened) return undefined
  const {
    fields,
    content: { body, bodyLine },
  } = opened
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
    pick: list(fields.pick),
    omit: list(fields.omit),
    order: list(fields.order),
    sendAt,
    // What is neither yes nor no holds: better late than let out.
    hold: fields.hold === undefined || fields.hold === null ? false : (truth(fields.hold) ?? true),
    body,
    bodyLine,
  }
}
