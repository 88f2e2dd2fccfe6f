/**
 * A letter has no placeholders of another system, because nothing would fill them.
 *
 * Good:
 *
 *     <p>Dear reader,</p>
 *
 * Bad:
 *
 *     <p>Dear *|FNAME|*,</p>
 */

import type { CheckedLetter, LetterFinding, LetterRule } from '../rule.ts'

const TOKEN = /\{\{[^{}]*\}\}|%%[^%\s]+%%|\*\|[^|\s]+\|\*|\[\[[^\]\s]+\]\]|⟦[^⟧]*⟧|%7B%7B/i

/** What an article says of such things is its text, in code or not. */
export const letterTokens: LetterRule = {
  name: 'letter-tokens',
  severity: 'error',
  find(checked) {
    const own = ownWords(checked)
    const judge = (text: string): LetterFinding[] => {
      const token = TOKEN.exec(text)?.[0]
      if (!token || own.includes(token)) return []
      const advice = 'Write {{reader "name" "there"}} in a template, or the words themselves.'
      return [{ message: `nothing fills ${token} in`, advice }]
    }
    const words = checked.words().map(({ element, text }) => ({ element, text }))
    const links = checked.visible.map(element => ({
      element,
      text: `${element.attributes.href ?? ''} ${element.attributes.src ?? ''}`,
    }))
    return [
      ...[...words, ...links].flatMap(({ element, text }) =>
        judge(text).map(found => ({ element, ...found })),
      ),
      ...judge(checked.letter.subject),
    ]
  },
}

function ownWords({ edition: { articles, note } }: CheckedLetter): string {
  return [
    note?.body,
    note?.subject,
    ...articles.flatMap(({ title, summary, body, url }) => [title, summary, body, url]),
  ].join('\n')
}
