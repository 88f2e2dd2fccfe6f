/**
 * A layout table has role="presentation", and a data table has header cells: a screen reader reads the two
 * differently.
 *
 * Good:
 *
 *     <table role="presentation"><tr><td>A picture</td></tr></table>
 *     <table><tr><th scope="col">City</th></tr><tr><td>Pune</td></tr></table>
 *
 * Bad:
 *
 *     <table><tr><td>A picture</td></tr></table>
 */

import type { LetterElement } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterTables: LetterRule = {
  name: 'letter-tables',
  severity: 'warning',
  find: ({ page }) =>
    page.elements
      .filter(({ name }) => name === 'table')
      .flatMap((element): LetterFinding[] => {
        const { role, width } = element.attributes
        const layout = role === 'presentation' || role === 'none'
        const heads = cellsOf(element).filter(({ name }) => name === 'th')
        const found: LetterFinding[] = []
        if (!layout && heads.length === 0)
          found.push({
            element,
            message: 'a table has neither headings nor role="presentation"',
            advice: 'Write role="presentation" on layout, <th scope="col"> in data.',
          })
        if (layout && heads.length > 0)
          found.push({ element, message: 'a table for layout has headings', advice: 'Write <td> for <th>.' })
        if (!layout && heads.some(({ attributes }) => !attributes.scope))
          found.push({
            element,
            message: 'a heading has no scope',
            advice: 'Write <th scope="col"> or "row".',
          })
        if (Number(width) > 640)
          found.push({ element, message: `a table is ${width} pixels wide`, advice: 'Keep it to 600.' })
        return found
      }),
}

/** Its own, not those of a table inside. */
function cellsOf(table: LetterElement): LetterElement[] {
  return table.children.flatMap(child => {
    if (typeof child === 'string' || child.name === 'table') return []
    return /^t[hd]$/.test(child.name) ? [child] : cellsOf(child)
  })
}
