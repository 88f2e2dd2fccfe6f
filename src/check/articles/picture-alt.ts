/**
 * A picture has alternative text, for people who cannot see it and for mail clients that show no pictures.
 *
 * Good:
 *
 *     ![Fishing boats leave the harbour at dawn](images/harbour.png)
 *
 * Bad:
 *
 *     ![](images/harbour.png)
 */

import { PLAYER_PAGE } from '../../render/index.ts'
import type { ArticleRule, BodyLine, Finding } from '../rule.ts'

const advice = 'Write between the brackets what it shows: ![Fishing boats at dawn](images/harbour.jpg)'

export const pictureAlt: ArticleRule = {
  name: 'picture-alt',
  severity: 'warning',
  find: ({ article, lines }) => [
    ...(article.image && article.image.alt === ''
      ? [
          {
            line: 1,
            message: 'the lead picture has no alternative text',
            advice: 'Write image: { src: images/harbour.jpg, alt: Fishing boats at dawn }',
          },
        ]
      : []),
    ...withoutWords(lines),
  ],
}

/** Inline, by reference, and as HTML, which may run over several lines. */
const WORDLESS = /!\[\s*\](?:\(\s*<?([^)\s>]+)|\[([^\]\n]+)\])|<img\b(?![^<>]*\balt\s*=)[^<>]*>/gi

function withoutWords(lines: readonly BodyLine[]): Finding[] {
  const whole = lines.map(({ text }) => text).join('\n')
  let at = 0
  let end = lines[0]?.text.length ?? 0
  return [...whole.matchAll(WORDLESS)].flatMap(match => {
    while (end < match.index) end += lines[++at]!.text.length + 1
    const shown = match[1] ?? match[2] ?? 'of this <img>'
    // That becomes a link.
    if (PLAYER_PAGE.test(shown)) return []
    return { line: lines[at]!.line, message: `the picture ${shown} has no alternative text`, advice }
  })
}
