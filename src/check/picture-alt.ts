/**
 * A picture says in words what it shows: for who cannot see it, and for mail clients that show no pictures.
 *
 * Good:
 *
 *     ![Fishing boats leave the harbour at dawn](images/harbour.png)
 *
 * Bad:
 *
 *     ![](images/harbour.png)
 */

import type { Found, Rule } from './rule.ts'

const advice = 'Write between the brackets what it shows: ![Fishing boats at dawn](images/harbour.jpg)'

export const pictureAlt: Rule = {
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
    ...lines.flatMap(({ line, text }): Found[] =>
      [...text.matchAll(/!\[\s*\]\(\s*([^)\s]+)|<img\b(?![^>]*\balt\s*=)[^>]*>/gi)].map(match => ({
        line,
        message: `the picture ${match[1] ?? 'of this <img>'} has no alternative text`,
        advice,
      })),
    ),
  ],
}
