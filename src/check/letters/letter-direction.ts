/**
 * Text in another language or direction than the letter says so, and no style overrides the direction of the text.
 *
 * Good:
 *
 *     <div lang="ur" dir="rtl" style="text-align:right"><p>دہلی میں بارش</p></div>
 *
 * Bad:
 *
 *     <div lang="ur" dir="rtl" style="direction:ltr"><p>دہلی میں بارش</p></div>
 */

import { ancestry, directionOf, type LetterElement, quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterDirection: LetterRule = {
  name: 'letter-direction',
  severity: 'warning',
  find: ({ visible, articles }) =>
    visible.flatMap((element): LetterFinding[] => {
      const turned = /direction:\s*(ltr|rtl)/.exec(element.attributes.style ?? '')?.[1]
      const around = directionOf(element)
      if (turned && turned !== around)
        return [
          {
            element,
            message: `direction:${turned} is inside dir="${around}"`,
            advice: 'Write dir="{{direction}}" and leave the style out.',
          },
        ]
      const article = /^h[12]$/.test(element.name) ? articles.get(linkIn(element) ?? '') : undefined
      if (!article) return []
      const language = [...ancestry(element)].find(({ attributes }) => attributes.lang)?.attributes.lang
      if (language === article.language && around === article.direction) return []
      return [
        {
          element,
          message: `${quote(article.title)} is in ${article.language}, ${article.direction}, and does not say so`,
          advice: 'Write <div lang="{{language}}" dir="{{direction}}"> around it.',
        },
      ]
    }),
}

function linkIn(element: LetterElement): string | undefined {
  const link = element.children.find(child => typeof child !== 'string' && child.name === 'a')
  return (link as LetterElement | undefined)?.attributes.href
}
