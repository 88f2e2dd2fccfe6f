// A loaded publication → what can be improved in its articles, and which of them are in no feed.

import { join } from 'node:path'
import { once } from '../base/index.ts'
import { byPlace, openOwnFiles } from '../content/index.ts'
import type { Article, ArticleState, Diagnostic, Loaded, Renderer } from '../model.ts'
import * as articleRules from './article-rules.ts'
import type { ArticleRule, BodyLine, CheckedArticle } from './rule.ts'

export const rules: readonly ArticleRule[] = Object.values(articleRules)

/** Of articles, feeds and letters. */
export async function ruleNames(): Promise<string[]> {
  const { letterRules } = await import('./check-letters.ts')
  return [...rules, ...letterRules].map(({ name }) => name).concat('letter-language')
}

// What judges letters is loaded with the first of them: a build that only counts findings in articles needs none of it.

export const checkEditions: CheckLetters['checkEditions'] = async (...given) =>
  (await import('./check-letters.ts')).checkEditions(...given)

export const checkNewsletters: CheckLetters['checkNewsletters'] = async (...given) =>
  (await import('./check-letters.ts')).checkNewsletters(...given)

type CheckLetters = typeof import('./check-letters.ts')

/**
 * Every article that readers see, or will see, by every rule; no drafts, and none that expired or were withdrawn. Sorted by
 * file, line and rule.
 *
 * @param articles those to check, when not all of them
 */
export function check(
  loaded: Loaded,
  renderer: Renderer,
  articles: readonly Article[] = loaded.articles,
): Diagnostic[] {
  const ownFiles = openOwnFiles(
    join(loaded.publication.dir, 'articles'),
    loaded.publication.articles.attachments,
  )
  // Few articles link to files.
  const byFile = once(() => new Map(loaded.articles.map(article => [article.file.normalize(), article])))
  const fileByLowerCase = once(() => new Map([...byFile().keys()].map(file => [file.toLowerCase(), file])))
  const shared = { loaded, ownFiles, byFile, fileByLowerCase }
  return articles
    .filter(({ state }) => state === 'published' || state === 'unlisted' || state === 'future')
    .flatMap(article => {
      const lines = bodyLines(article.body, article.bodyLine)
      return checkArticle({ article, body: renderer.body(article), lines, ...shared })
    })
    .sort((a, b) => byPlace(a, b) || (a.rule < b.rule ? -1 : 1))
}

function checkArticle(checked: CheckedArticle): Diagnostic[] {
  const { file } = checked.article
  return rules.flatMap(({ name, severity, find }) =>
    find(checked).map(finding => ({ file, rule: name, ...finding, severity: finding.severity ?? severity })),
  )
}

/**
 * An article's Markdown → its lines with their numbers in the file, with spaces in place of fenced blocks and code spans,
 * because rules are about prose. Indented code stays: it is rare, and looks like the second paragraph of a list item.
 */
function bodyLines(body: string, first: number): BodyLine[] {
  let fence: string | undefined
  return body.split('\n').map((raw, at) => {
    const line = first + at
    const mark = /^(?:[ \t>]|[-*+] |\d+[.)] )*(`{3,}|~{3,})/.exec(raw)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && raw.trim().replace(/^[>\s]*/, '') === mark) fence = undefined
      return { line, text: ' '.repeat(raw.length) }
    }
    if (mark !== undefined) {
      fence = mark
      return { line, text: ' '.repeat(raw.length) }
    }
    return { line, text: raw.includes('`') ? blankSpans(raw) : raw }
  })
}

/** From each run of backticks to the next one as long (CommonMark §6.1), however many there are. */
function blankSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)]
  const later = new Map<number, number>()
  const ends: (number | undefined)[] = []
  for (let at = runs.length - 1; at >= 0; at--) {
    const { length } = runs[at]![0]
    ends[at] = later.get(length)
    later.set(length, at)
  }
  let out = ''
  let copied = 0
  for (let at = 0; at < runs.length; at++) {
    const end = ends[at]
    if (end === undefined) continue
    const from = runs[at]!.index
    const to = runs[end]!.index + runs[end]![0].length
    out += text.slice(copied, from) + ' '.repeat(to - from)
    copied = to
    at = end
  }
  return out + text.slice(copied)
}

export interface LeftOutOfFeeds extends Diagnostic {
  readonly state: ArticleState
  readonly id: string
}

/** Each article that is in no feed, and why; reported only on request. */
export function leftOut({ articles }: Loaded): LeftOutOfFeeds[] {
  return articles
    .flatMap((article): LeftOutOfFeeds[] => {
      const { file, state, id } = article
      if (state === 'published') return []
      const [message, advice] = REASONS[state](article)
      return [{ file, line: 1, rule: 'left-out', severity: 'info', message, advice, state, id }]
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}

const REASONS: Readonly<
  Record<Exclude<ArticleState, 'published'>, (article: Article) => [message: string, advice: string]>
> = {
  draft: () => [
    'is in no feed: it is a draft',
    'To publish it, remove what makes it a draft: `draft: true`, `published: false`, or a folder called drafts.',
  ],
  future: ({ date }) => [
    `is in no feed yet: its date is ${timeOf(date.at)}`,
    'The first build after that time publishes it.',
  ],
  expired: ({ expires }) => [
    `is in no feed any more: it expired at ${timeOf(expires!.at)}`,
    'A later time in "expires:" brings it back.',
  ],
  withdrawn: () => ['is in no feed any more: it is withdrawn', ''],
  unlisted: () => [
    'is in no feed: it is unlisted, and has a page only',
    'Remove "unlisted: true" to list it.',
  ],
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
