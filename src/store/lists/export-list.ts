// The list of subscribers → CSV that is safe to open in a spreadsheet, and that `subscribers import` reads back
// unchanged.

import type { Database } from '../database.ts'
import { type ListedSubscriber, listSubscribers, type SubscriberFilter } from '../subscribers.ts'
import { MEANINGS, type Meaning } from './columns.ts'
import { csvLine, guardFormula } from './csv.ts'

/**
 * Line by line, the header first. Reads the list twice: the header must name every field that somebody has.
 */
export async function* listAsCsv(db: Database, filter: SubscriberFilter): AsyncGenerator<string> {
  const names = new Set<string>()
  for await (const { fields } of listSubscribers(db, filter)) {
    for (const name of Object.keys(fields)) names.add(name)
  }
  const fields = [...names].sort()
  yield subscribersCsvHeader(fields)
  for await (const subscriber of listSubscribers(db, filter)) yield subscribersCsvLine(subscriber, fields)
}

/** @param fields names of the further columns */
export function subscribersCsvHeader(fields: readonly string[]): string {
  return csvLine([...MEANINGS, ...fields.map(guardFormula)])
}

/** One line. Times are ISO 8601 in UTC. */
export function subscribersCsvLine(
  subscriber: Omit<ListedSubscriber, 'left'>,
  fields: readonly string[],
): string {
  const { email, name, newsletters, language, state, source, since } = subscriber
  const cells: Record<Meaning, string> = {
    email,
    name,
    newsletters: Object.keys(newsletters).join(';'),
    topics: topicsCell(newsletters),
    language,
    subscription: state,
    consent_source: source,
    consent_since: new Date(since).toISOString(),
  }
  const all = [
    ...MEANINGS.map(meaning => cells[meaning]),
    ...fields.map(field => subscriber.fields[field] ?? ''),
  ]
  return csvLine(all.map(guardFormula))
}

/** 'world;business' if all newsletters have the same topics, else 'weekly=world;daily=business'. */
function topicsCell(newsletters: ListedSubscriber['newsletters']): string {
  const lists = Object.values(newsletters).map(topics => topics.join(';'))
  if (new Set(lists).size <= 1) return lists[0] ?? ''
  return Object.entries(newsletters)
    .flatMap(([id, topics]) => topics.map(topic => `${id}=${topic}`))
    .join(';')
}
