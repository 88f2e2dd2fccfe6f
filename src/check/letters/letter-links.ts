/**
 * Every link of a letter is an absolute address that works from anywhere.
 *
 * Good:
 *
 *     <p>See <a href="https://meridian.example/world/">the World desk</a>.</p>
 *
 * Bad:
 *
 *     <p>See <a href="/world/">the World desk</a>.</p>
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterLinks: LetterRule = {
  name: 'letter-links',
  severity: 'warning',
  find: ({ visible, articles, letter, edition }) => [
    ...visible.flatMap((element): LetterFinding[] => {
      const { href } = element.attributes
      if (element.name !== 'a') return []
      const add = (message: string, advice: string): LetterFinding[] => [{ element, message, advice }]
      if (!href) return add('a link leads nowhere', 'Give it an address, or take it away.')
      if (!/^(?:https?:\/\/[^/]|mailto:.+@|tel:\+?\d)/i.test(href) || /\s/.test(href))
        return add(`${href} is no whole address`, 'Write https://… with the host.')
      if (/^https?:\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1\])/i.test(href))
        return add(`${href} leads to your own machine`, 'Write the address that readers have.')
      const article = articles.get(href.replace(/#.*$/s, ''))
      if (!article || article.state === 'published' || article.state === 'unlisted') return []
      // What is out by the time the letter goes is not future to whoever reads it.
      if (article.state === 'future' && article.date.at <= edition.sendAt) return []
      return add(`${href} is ${article.state}`, 'Publish that article first, or take the link away.')
    }),
    ...(/href="[^"]*&#x3D;/i.test(letter.html)
      ? [
          {
            message: 'a link contains &#x3D;, which breaks counters of clicks',
            advice: 'Write href="{{url url}}".',
          },
        ]
      : []),
  ],
}
