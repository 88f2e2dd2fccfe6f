/**
 * A letter is a complete document: a doctype, a language and direction, a title, and one element with role="article"
 * for screen readers.
 *
 * Good:
 *
 *     <html lang="en-IN" dir="ltr">
 *
 * Bad:
 *
 *     <html>
 */

import type { LetterElement } from '../parse-letter.ts'
import { plain } from '../parse-letter.ts'
import type { CheckedLetter, LetterFinding, LetterRule } from '../rule.ts'

export const letterDocument: LetterRule = {
  name: 'letter-document',
  severity: 'warning',
  find(checked) {
    const { page, letter } = checked
    const find = (name: string) => page.elements.find(element => element.name === name)
    const [html, body, title] = [find('html'), find('body'), find('title')]
    const children = body?.children.filter(child => typeof child !== 'string') ?? []
    return [
      ...(page.doctype ? [] : [finding(html, 'it does not begin with <!doctype html>', 'Begin with it.')]),
      ...[html, ...children].flatMap(element => languageOf(element)),
      ...(title && plain(title) === letter.subject.replace(/\s+/g, ' ').trim()
        ? []
        : [finding(title, 'its <title> is not its subject', 'Write <mj-title>{{subject}}</mj-title>.')]),
      ...metaOf(checked),
      ...(page.elements.some(({ attributes }) => attributes.role === 'article' && attributes['aria-label'])
        ? []
        : [finding(body, 'no part of it is role="article" with a label', 'Give <mjml> a <mj-title>.')]),
    ]
  },
}

function finding(element: LetterElement | undefined, message: string, advice: string): LetterFinding {
  return { element, message, advice }
}

function languageOf(element: LetterElement | undefined): LetterFinding[] {
  const { lang = '', dir = '' } = element?.attributes ?? {}
  const name = element ? `<${element.name}>` : '<html>'
  return [
    ...(isLanguage(lang)
      ? []
      : [finding(element, `${name} does not say its language`, 'Write lang="{{language}}".')]),
    ...(/^(ltr|rtl)$/.test(dir)
      ? []
      : [finding(element, `${name} does not say its direction`, 'Write dir="{{direction}}".')]),
  ]
}

/** BCP 47. */
function isLanguage(lang: string): boolean {
  try {
    return lang !== '' && lang !== 'und' && Intl.getCanonicalLocales(lang).length === 1
  } catch {
    return false
  }
}

function metaOf({ page, letter }: CheckedLetter): LetterFinding[] {
  const metas = page.elements.filter(({ name }) => name === 'meta')
  const content = (name: string) =>
    metas.find(({ attributes }) => attributes.name === name)?.attributes.content
  return [
    ...['color-scheme', 'supported-color-schemes'].flatMap(name =>
      content(name) === 'light dark'
        ? []
        : [
            finding(
              undefined,
              `no <meta name="${name}" content="light dark">`,
              'Put it into <mj-head>, in <mj-raw>.',
            ),
          ],
    ),
    ...(/user-scalable\s*=\s*no|maximum-scale/.test(content('viewport') ?? '')
      ? [
          finding(
            undefined,
            'its viewport keeps readers from zooming',
            'Leave user-scalable and maximum-scale out.',
          ),
        ]
      : []),
    ...(letter.html.includes('PixelsPerInch>96<')
      ? []
      : [
          finding(
            undefined,
            'it does not tell Outlook that an inch has 96 pixels',
            'Leave the <head> that MJML makes as it is.',
          ),
        ]),
  ]
}
