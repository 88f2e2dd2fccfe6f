/**
 * A data table is no wider than a letter: its figures and words would be broken, or run out of the column.
 *
 * Good:
 *
 *     <table><tr><th scope="col">City</th><th scope="col">Seats</th></tr><tr><td>Pune</td><td>1,234</td></tr></table>
 *
 * Bad:
 *
 *     <table><tr><th scope="col">Constituencies</th><th scope="col">Registered</th><th scope="col">Representatives</th><th scope="col">Participation</th><th scope="col">Administration</th></tr><tr><td>Birmingham</td><td>1,234,567</td><td>1,234,567</td><td>1,234,567</td><td>1,234,567</td></tr></table>
 */

import { isTooWide } from '../../letter/index.ts'
import { type LetterElement, textOf } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterTableWidth: LetterRule = {
  name: 'letter-table-width',
  severity: 'warning',
  find: ({ page }) =>
    page.elements
      .filter(({ name, attributes }) => name === 'table' && attributes.role !== 'presentation')
      .flatMap((element): LetterFinding[] => {
        const rows = within(element, 'tr').map(row =>
          row.children.flatMap(child => (typeof child === 'string' ? [] : [shownText(child)])),
        )
        if (!isTooWide(rows)) return []
        const columns = rows.reduce((most, { length }) => Math.max(most, length), 0)
        return [
          {
            element,
            message: `a table with ${columns} columns is wider than the letter`,
            advice:
              'Use fewer columns or shorter words, or show it as a picture with its figures in the text.',
            blame: 'article',
          },
        ]
      }),
}

function within(element: LetterElement, name: string): LetterElement[] {
  return element.children.flatMap(child => {
    if (typeof child === 'string') return []
    return child.name === name ? [child] : within(child, name)
  })
}

/** Without the headings that phones show in each cell. */
function shownText(cell: LetterElement): string {
  const children = cell.children.filter(
    child => typeof child === 'string' || !/\blabel\b/.test(child.attributes.class ?? ''),
  )
  return textOf({ ...cell, children }).trim()
}
