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
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterRequired: LetterRule = {
  name: 'letter-required',
  severity: 'error',
  find(checked) {
    const { edition, letter, publication, visible } = checked
    const spaced = (text: string) => text.replace(/[\s\u00a0]+/g, ' ')
    const html = checked
      .words()
      .map(({ text }) => text)
      .join(' ')
    const [shown, text] = [spaced(html), spaced(letter.text)]
    const links = visible.map(({ attributes }) => attributes.href ?? '')
    const found: LetterFinding[] = []
    const need = (there: boolean, what: string, advice: string) => {
      if (!there) found.push({ message: `${what} is missing`, advice })
    }
    const view = `${publication.url}editions/${letter.edition}/`
    const leave = (href: string) => href.includes('/unsubscribe_url/')
    need(
      links.some(leave) && /\/unsubscribe_url\//.test(text),
      'the link to leave',
      'Write href="{{slot "unsubscribe_url"}}".',
    )
    need(
      links.includes(view) && text.includes(view),
      'the link to the letter on the web',
      'Write href="{{url edition.url}}".',
    )
    need(
      shown.includes(spaced(publication.title)) && text.includes(spaced(publication.title)),
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
    if (publication.address === '')
      found.push({
        message: 'it has no postal address',
        advice: 'Write address: in publication.yaml; many laws ask for it.',
        severity: 'warning',
        blame: 'settings',
      })
    else if (publication.address === STARTER_ADDRESS)
      found.push({
        message: 'its postal address is the example of `broadsheet init`',
        advice: 'Write your own: address: in publication.yaml. Many laws ask for it.',
        severity: 'warning',
        blame: 'settings',
        setting: ['address'],
      })
    else
      need(
        shown.includes(spaced(publication.address)) && text.includes(spaced(publication.address)),
        'the postal address',
        'Write {{publication.address}} at the foot of letter.mjml.hbs and letter.txt.hbs.',
      )
    return found
  },
}
