// `editions/<newsletter>/<id>.md` → an editor's note.

import { didYouMean, oneLine } from '../../base/index.ts'
import type { Block, Diagnostic, EditionNote } from '../../model.ts'
import { ARTICLE_EXTENSION } from '../list-folder.ts'
import { readDate } from '../text-values.ts'
import { readList } from './article-fields.ts'
import { truth } from './held-back.ts'
import { type LoadContext, quote, readFrontMatter, scalar } from './read-front-matter.ts'

export function readNote(
  file: string,
  text: string,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
): EditionNote | undefined {
  const error = (line: number, message: string, advice: string) =>
    void report({ file, line, rule: 'edition-note', severity: 'error', message, advice })

  const place = placeOf(file, context)
  if ('problem' in place) return error(0, place.problem, place.advice)
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

  const warning = (message: string, advice: string) =>
    void report({ file, line: 1, rule: 'edition-note', severity: 'warning', message, advice })
  if (fields.data !== undefined && !isMapping(fields.data))
    warning('data: is not a list of names and values: it is ignored', 'data: { mood: sunny }')
  for (const key of Object.keys(fields).filter(key => !NOTE_FIELDS.includes(key)))
    warning(`an editor's note has no field "${key}": it is ignored`, adviceFor(key, NOTE_FIELDS))

  return {
    ...place,
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
    extra: truth(fields.extra) ?? false,
    ...(isMapping(fields.data) ? { data: fields.data } : {}),
    ...(fields.blocks === undefined ? {} : { blocks: readBlocks(fields.blocks, warning) }),
    body: content.body,
    bodyLine: content.bodyLine,
  }
}

type NotePlace = Pick<EditionNote, 'newsletter' | 'id'>

function placeOf(
  file: string,
  { publication }: LoadContext,
): NotePlace | { readonly problem: string; readonly advice: string } {
  const [newsletter = '', name, ...deeper] = file.slice('articles/editions/'.length).split('/')
  if (name === undefined || deeper.length > 0)
    return {
      problem: 'is in no newsletter’s folder',
      advice: 'Move it to editions/<newsletter>/<id>.md',
    }
  const known = publication.newsletters.map(({ id }) => id)
  if (known.includes(newsletter)) return { newsletter, id: name.replace(ARTICLE_EXTENSION, '').normalize() }
  const meant = didYouMean(newsletter, known)
  const advice = meant
    ? `Did you mean "${meant}"?`
    : known.length > 0
      ? `Use one of ${known.join(', ')}.`
      : 'Add it to `newsletters:` in publication.yaml.'
  return { problem: `there is no newsletter "${newsletter}"`, advice }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

const NOTE_FIELDS = 'subject preheader lead pick omit order send_at sendAt hold extra blocks data'.split(' ')
const BLOCK_FIELDS = 'text title place advertisement kind'.split(' ')
const BLOCK_PLACES: readonly Block['place'][] = ['top', 'after-lead', 'between', 'bottom']
const BLOCK_EXAMPLE =
  'blocks: [{ place: after-lead, title: Our sponsor, text: "**Tea House** – open until nine." }]'

function adviceFor(word: string, known: readonly string[]): string {
  const meant = didYouMean(word, known)
  return meant
    ? `Did you mean "${meant}"?`
    : `Use one of ${known.filter(each => each !== 'sendAt').join(', ')}.`
}

/** The same as in the settings. What cannot be read is left out, with a warning. */
function readBlocks(value: unknown, warning: (message: string, advice: string) => void): Block[] {
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((each): Block[] => {
    const fields = typeof each === 'object' && each !== null ? (each as Record<string, unknown>) : {}
    const text = scalar(fields.text)?.trim()
    if (!text) {
      warning(`the block ${quote(each)} has no text: it is left out`, BLOCK_EXAMPLE)
      return []
    }
    for (const key of Object.keys(fields).filter(key => !BLOCK_FIELDS.includes(key)))
      warning(`a block has no field "${key}": it is ignored`, adviceFor(key, BLOCK_FIELDS))
    const place = BLOCK_PLACES.find(known => known === (scalar(fields.place) ?? 'bottom'))
    if (!place)
      warning(
        `there is no place ${quote(fields.place)} in a letter: the block is at the bottom`,
        `Use one of ${BLOCK_PLACES.join(', ')}.`,
      )
    return [
      {
        place: place ?? 'bottom',
        title: oneLine(scalar(fields.title) ?? ''),
        text,
        advertisement: truth(fields.advertisement) ?? false,
        ...(/^[a-z][a-z0-9-]*$/.test(scalar(fields.kind) ?? '') ? { kind: scalar(fields.kind)! } : {}),
      },
    ]
  })
}
