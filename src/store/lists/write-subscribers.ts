// Subscribers → CSV that opens safely in a spreadsheet and that `subscribers import` reads back as it was.

import type { Subscriber } from '../../model.ts'
import { csvLine, guardFormula } from './csv.ts'

const COLUMNS = [
  'email',
  'name',
  'newsletters',
  'topics',
  'language',
  'subscription',
  'consent_source',
  'consent_since',
]

/** @param fields names of the further columns */
export function subscribersCsvHeader(fields: readonly string[]): string {
  return csvLine([...COLUMNS, ...fields.map(guardFormula)])
}

/** One line. Times are ISO 8601 in UTC. */
export function subscribersCsvLine(
  subscriber: Subscriber & { readonly language: string },
  fields: readonly string[],
): string {
  const { email, name, newsletters, language, state, source, since } = subscriber
  const cells = [
    email,
    name,
    Object.keys(newsletters).join(';'),
    topicsCell(newsletters),
    language,
    state,
    source,
    new Date(since).toISOString(),
    ...fields.map(field => subscriber.fields[field] ?? ''),
  ]
  return csvLine(cells.map(guardFormula))
}

/** 'world;business' where every newsletter has the same topics, else 'weekly=world;daily=business'. */
function topicsCell(newsletters: Subscriber['newsletters']): string {
  const lists = Object.values(newsletters).map(topics => topics.join(';'))
  if (new Set(lists).size <= 1) return lists[0] ?? ''
  return Object.entries(newsletters)
    .flatMap(([id, topics]) => topics.map(topic => `${id}=${topic}`))
    .join(';')
}
