/**
 * Every conditional comment for Outlook is closed, and what is hidden is hidden in Outlook too.
 *
 * Good:
 *
 *     <!--[if mso]><p>For Outlook</p><![endif]-->
 *
 * Bad:
 *
 *     <!--[if mso]><p>For Outlook</p>
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterConditions: LetterRule = {
  name: 'letter-conditions',
  severity: 'warning',
  find({ letter: { html }, page, styles }) {
    const begun = html.match(/<!--\[if [^\]]*\]>/g)?.length ?? 0
    const ended = html.match(/<!(?:--<!)?\[endif\]-->/g)?.length ?? 0
    const bent = /<!\[endif\](?!-->)/.test(html)
    const found: LetterFinding[] = []
    if (begun !== ended || bent)
      found.push({
        message: `${begun} comments for Outlook begin, and ${bent ? 'one does not end as it should' : `${ended} end`}`,
        advice: 'End each with <![endif]-->.',
      })
    const light = styles()
    for (const element of page.elements)
      if (
        light.get(element)!.hidden &&
        !(element.parent && light.get(element.parent)?.hidden) &&
        !/mso-hide\s*:\s*all/.test(element.attributes.style ?? '')
      )
        found.push({ element, message: 'Outlook shows what is hidden', advice: 'Write mso-hide:all too.' })
    return found
  },
}
