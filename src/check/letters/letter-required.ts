/**
 * Every letter says who sends it and from where, how to unsubscribe, and where to read it on the web; the law
 * requires most of this.
 *
 * Good:
 *
 *     <p>The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     without: 12 Observatory Road
 */

import { STARTER_ADDRESS } from '../../content/index.ts'
import type { CheckedLetter, LetterFinding, LetterRule } from '../rule.ts'

export const letterRequired: LetterRule = {
  name: 'letter-required',
  severity: 'error',
  find(checked) {
    return [...missingLinks(checked), ...missingSender(checked), ...missingAddress(checked)]
  },
}

function missingLinks({ letter, publication, visible }: CheckedLetter): LetterFinding[] {
  const links = visible.map(({ attributes }) => attributes.href ?? '')
  const view = `${publication.url}editions/${letter.edition}/`
  const canLeave = links.some(isLeaveLink) && isLeaveLink(letter.text)
  return [
    ...unless(canLeave, 'the link to leave', 'Write href="{{slot "unsubscribe_url"}}".'),
    ...unless(
      links.includes(view) && letter.text.includes(view),
      'the link to the letter on the web',
      'Write href="{{url edition.url}}".',
    ),
  ]
}

function isLeaveLink(text: string): boolean {
  return text.includes('/unsubscribe_url/')
}

function missingSender(checked: CheckedLetter): LetterFinding[] {
  const { edition, letter, publication } = checked
  const found = unless(
    isInBothParts(checked, publication.title),
    'the name of who sends it',
    'Write {{publication.title}} at its foot.',
  )
  if (letter.from.name === '')
    found.push({
      message: `from: ${letter.from.address} says no name of who sends it`,
      advice: `Write a name before the address: from: ${publication.title} <${letter.from.address}>`,
      blame: 'settings',
      setting: [
        'newsletters',
        publication.newsletters.findIndex(({ id }) => id === edition.newsletter.id),
        'from',
      ],
    })
  return found
}

function missingAddress(checked: CheckedLetter): LetterFinding[] {
  const { address } = checked.publication
  if (address === '')
    return [
      {
        message: 'it has no postal address',
        advice: 'Write address: in publication.yaml; many laws ask for it.',
        severity: 'warning',
        blame: 'settings',
      },
    ]
  if (address === STARTER_ADDRESS)
    return [
      {
        message: 'its postal address is the example of `broadsheet init`',
        advice: 'Write your own: address: in publication.yaml. Many laws ask for it.',
        severity: 'warning',
        blame: 'settings',
        setting: ['address'],
      },
    ]
  return unless(
    isInBothParts(checked, address),
    'the postal address',
    'Write {{publication.address}} at the foot of letter.mjml.hbs and letter.txt.hbs.',
  )
}

function unless(isThere: boolean, what: string, advice: string): LetterFinding[] {
  return isThere ? [] : [{ message: `${what} is missing`, advice }]
}

/** Whether a text is in the HTML as it is seen and in the text part, however its words are spaced. */
function isInBothParts({ letter, words }: CheckedLetter, text: string): boolean {
  const html = words()
    .map(word => word.text)
    .join(' ')
  return [html, letter.text].every(part => spaced(part).includes(spaced(text)))
}

function spaced(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ')
}
