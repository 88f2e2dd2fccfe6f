/**
 * A link says where it leads, also when it is read alone: screen readers list links without the words around them.
 *
 * Good:
 *
 *     The ministry published [the list of minerals](https://ministry.example/list).
 *
 * Bad:
 *
 *     The ministry published the list of minerals; [click here](https://ministry.example/list).
 */

import type { Rule } from './rule.ts'

const empty = new Set([
  'click',
  'click here',
  'here',
  'this',
  'this link',
  'link',
  'read more',
  'more',
  'learn more',
  'this page',
  'this article',
  'hier',
  'mehr',
  'ici',
  'cliquez ici',
  'aquí',
  'haz clic aquí',
  'aqui',
  'clique aqui',
  'qui',
  'यहाँ',
  'यहां',
  'हियर',
  'اضغط هنا',
  'هنا',
  'یہاں',
  'こちら',
  'ここ',
])

export const linkText: Rule = {
  name: 'link-text',
  severity: 'warning',
  find: ({ lines }) =>
    lines.flatMap(({ line, text }) =>
      [...text.matchAll(/(?<!!)\[([^[\]]*)\]\([^()]*\)/g)].flatMap(([, label]) =>
        empty.has(
          label!
            .trim()
            .toLowerCase()
            .replace(/[.!…→»]+$/u, '')
            .trim(),
        )
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
