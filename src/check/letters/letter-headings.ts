/**
 * One h1, no skipped heading levels, and a heading for every article: screen reader users move through a letter by
 * its headings.
 *
 * Good:
 *
 *     <h2>The talks</h2>
 *
 * Bad:
 *
 *     <h4>The talks</h4>
 */

import type { LetterElement } from '../parse-letter.ts'
import { plain, quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterHeadings: LetterRule = {
  name: 'letter-headings',
  severity: 'warning',
  find({ visible, edition, letter }) {
    const headings = visible.filter(({ name }) => /^h[1-6]$/.test(name))
    const first = headings.filter(({ name }) => name === 'h1')
    const found: LetterFinding[] = []
    if (first.length !== 1)
      found.push({
        element: first[1],
        message: `it has ${first.length} <h1>`,
        advice: 'Give it exactly one.',
      })
    let before = 0
    for (const element of headings) {
      const rank = Number(element.name[1])
      if (rank > before + 1)
        found.push({
          element,
          message: `${quote(plain(element))} is <h${rank}> after <h${before}>`,
          advice: `Make it <h${before + 1}>.`,
        })
      before = rank
      if (plain(element) === '')
        found.push({ element, message: 'a heading is empty', advice: 'Give it words.' })
    }
    const headed = new Set(headings.flatMap(heading => links(heading)))
    for (const { url, title } of edition.articles)
      if (letter.html.includes(url.replaceAll('&', '&amp;')) && !headed.has(url))
        found.push({
          message: `${quote(title)} is in it without a heading that links to it`,
          advice: 'Write <h2><a href="{{url url}}">{{title}}</a></h2>.',
        })
    return found
  },
}

function links(element: LetterElement): string[] {
  return element.children.flatMap(child =>
    typeof child === 'string'
      ? []
      : [...(child.attributes.href ? [child.attributes.href] : []), ...links(child)],
  )
}
