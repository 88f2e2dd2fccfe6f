/**
 * The text of a link says where it leads, even out of context: screen readers list links without the words around
 * them.
 *
 * Good:
 *
 *     The ministry published [the list of minerals](https://ministry.example/list).
 *
 * Bad:
 *
 *     The ministry published the list of minerals; [click here](https://ministry.example/list).
 */

import type { ArticleRule } from '../rule.ts'

const EMPTY_LABELS = new Set(
  `click, click here, here, this, this link, link, read more, more, learn more, this page, this article,
  hier, mehr, ici, cliquez ici, aquí, haz clic aquí, aqui, clique aqui, qui, यहाँ, यहां, हियर, اضغط هنا,
  هنا, یہاں, مزید پڑھیں, weiterlesen, mehr lesen, hier klicken, lire la suite, en savoir plus, leer más,
  más información, leia mais, saiba mais, और पढ़ें, यहाँ क्लिक करें, اقرأ المزيد, 続きを読む, 詳細はこちら, こちら, ここ`.split(
    /,\s+/,
  ),
)

export const linkText: ArticleRule = {
  name: 'link-text',
  severity: 'warning',
  find: ({ lines }) =>
    lines.flatMap(({ line, text }) =>
      [...text.matchAll(/(?<!!)\[([^[\]]*)\]\([^()]*\)/g)].flatMap(([, label]) =>
        saysNothing(label!)
          ? [
              {
                line,
                message: `the link "${label}" does not say where it leads`,
                advice: 'Link the words that name the thing: [the list of minerals](…)',
              },
            ]
          : [],
      ),
    ),
}

/** Whether these words of a link mean nothing without the words around them. */
export function saysNothing(label: string): boolean {
  const words = label.trim().toLowerCase()
  return EMPTY_LABELS.has(words.replace(/[.!…→»]+$/u, '').trim())
}
