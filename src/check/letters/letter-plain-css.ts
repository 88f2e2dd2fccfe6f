/**
 * Only CSS that mail clients understand: colours of six hex digits, no variables or functions, no flex or grid, no
 * background images, no animation, no negative margins, padding only on cells, no nested rules; and a selector with
 * brackets has a rule of its own, because a client that does not know it drops the whole rule.
 *
 * Good:
 *
 *     <p class="accent" style="color:#9a1b2f">Text</p>
 *
 * Bad:
 *
 *     <p style="color:rgb(26 26 26);display:flex">Text</p>
 */

import { textOf } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

const UNKNOWN: readonly (readonly [RegExp, string, string])[] = [
  [/\b(?:var|calc|min|max|clamp|light-dark|color-mix)\(/, 'computes', 'Write the value itself.'],
  [/display\s*:\s*(?:inline-)?(?:flex|grid)/, 'lays out with flex or grid', 'Use a table.'],
  [/position\s*:\s*(?:absolute|fixed|sticky|relative)/, 'lays out by position', 'Use a table.'],
  [/margin[a-z-]*\s*:[^;}"]*(?<![\w-])-\d/, 'has a negative margin', 'Use less padding around it.'],
  [/\burl\(/i, 'loads a picture', 'Use <img>: Outlook shows no picture behind text.'],
  [
    /(?:^|[;{\s])(?:animation|transition)[a-z-]*\s*:|@keyframes/i,
    'moves',
    'Use a picture that does not move.',
  ],
  [/color\s*:\s*(?:rgb|hsl|hwb|lab|oklch)a?\(/, 'has a colour in words', 'Write it in six digits: #9a1b2f.'],
  [
    /:[^;}"]*#(?:[0-9a-f]{3,4}|[0-9a-f]{8})(?![0-9a-f])/i,
    'has a colour without six digits',
    'Write it in six digits: #9a1b2f.',
  ],
  [
    /color\s*:\s*(?!inherit|transparent|currentcolor|initial)[a-z]+\s*(?:[;}!"]|$)/i,
    'has a colour by name',
    'Write it in six digits: #9a1b2f.',
  ],
]

const MEDIA = /^\(\s*(?:(?:min|max)-width|prefers-color-scheme|prefers-reduced-motion)\s*:/
const CELL = /^t[dh]$/

export const letterPlainCss: LetterRule = {
  name: 'letter-plain-css',
  severity: 'warning',
  find: ({ page }) =>
    page.elements.flatMap(element => {
      const sheet = element.name === 'style' ? textOf(element).replace(/\/\*[\s\S]*?\*\//g, '') : ''
      const css = sheet || (element.attributes.style ?? '')
      const found: LetterFinding[] = UNKNOWN.flatMap(([pattern, message, advice]) => {
        const part = pattern.exec(css.replace(/color-scheme\s*:[^;}]*/g, ''))?.[0]
        return part ? { element, message: `a style ${message}: ${part.slice(-60)}`, advice } : []
      })
      const strange = [...sheet.matchAll(/@media([^{]*)\{/g)]
        .flatMap(([, query]) => query!.match(/\([^)]*\)/g) ?? [])
        .find(feature => !MEDIA.test(feature))
      if (strange)
        found.push({
          element,
          message: `a style asks for what mail clients do not know: ${strange}`,
          advice: 'Ask for max-width, min-width, prefers-color-scheme or prefers-reduced-motion alone.',
        })
      // Word gives it to paragraphs by a property of its own.
      if (
        !CELL.test(element.name) &&
        !/mso-padding-alt/.test(css) &&
        /(?:^|;)\s*padding[a-z-]*\s*:[^;]*[1-9]/.test(sheet ? '' : css)
      )
        found.push({
          element,
          message: `<${element.name}> has padding, which Outlook gives to cells alone`,
          advice: 'Write margin, or put it into a cell.',
        })
      if (/@(?:media|supports)[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*@/.test(sheet))
        found.push({ element, message: 'a style has @media inside of @media', advice: 'Take it apart.' })
      const mixed = [...sheet.matchAll(/([^{}]+)\{/g)].find(
        ([, head]) => !/@/.test(head!) && new Set(head!.split(',').map(one => one.includes('['))).size > 1,
      )
      if (mixed)
        found.push({
          element,
          message: `a selector with brackets shares a rule: ${mixed[1]!.trim().slice(0, 60)}`,
          advice: 'Give it a rule of its own.',
        })
      return found
    }),
}
