// Editions → the lines that a person reads.

import type { EditionJson } from '../../letter/index.ts'
import type { Edition, Loaded } from '../../model.ts'

export function describeEdition(value: EditionJson, edition: Edition, { articles }: Loaded): string {
  const titles = new Map(articles.map(({ id, title }) => [id, title]))
  const head = [
    ['edition', `${value.newsletter}/${value.id}`],
    ['subject', value.subject],
    ['window', `after ${value.from}, until ${value.until}`],
    ...(edition.hold ? [['held', 'by the editor: hold: true in its note']] : []),
  ]
  const carried = edition.articles.map((article, n) => `${String(n + 1).padStart(4)}  ${article.title}\n`)
  const left = edition.leftOut.map(({ article, why }) => `   –  ${titles.get(article) ?? article}: ${why}\n`)
  return [
    head.map(([name, text]) => `${name!.padEnd(9)}${text}\n`).join(''),
    `\n${carried.join('') || '   nothing new\n'}`,
    left.length > 0 ? `\nleft out\n${left.join('')}` : '',
  ].join('')
}

interface Listed {
  readonly id: string
  readonly articles: number
  readonly until: number
  readonly state: string
}

/** @param timezone IANA: times are the publication's own */
export function describeEditions(
  editions: readonly Listed[],
  next: readonly Pick<Listed, 'id' | 'until'>[],
  timezone: string,
): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const width = Math.max(0, ...[...editions, ...next].map(({ id }) => id.length)) + 2
  const row = (id: string, until: number, text: string) =>
    `${id.padEnd(width)}${format.format(until)}  ${text}\n`
  const done = editions.map(({ id, until, articles, state }) =>
    row(id, until, `${articles} article${articles === 1 ? '' : 's'}, ${state}`),
  )
  return [...done, ...next.map(({ id, until }) => row(id, until, 'next'))].join('') || 'no edition yet\n'
}
