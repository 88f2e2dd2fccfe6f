// Nobody is watched: a letter made out to two readers has the same addresses in the same places, but for those by which each
// leaves and changes what she gets, and to which her answers and bounces go. So no picture and no link can tell who looked.

import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { readBounceAddress, readToken } from '../../src/base/signed-links.ts'
import { composeLetter } from '../../src/letter/compose-message.ts'
import type { Block, Letter, Newsletter, Publication } from '../../src/model.ts'
import { aNewsletter, aPublication } from '../builders.ts'
import { aLetter, aNote, anEdition, someArticles } from './letter-edition.ts'

const SECRET = 'a secret'
const SERVICE = 'https://letters.meridian.example/'
const READERS = [
  { subscriber: 7, email: 'anna@example.com', name: '', fields: {} },
  { subscriber: 12_345, email: 'someone.else@another.example', name: '', fields: {} },
] as const
const ADDRESS = /\b(?:https?|ftp|mailto|data|cid):[^\s"'<>\\]+/gi

/** All that a mail program could follow or fetch, in order: of the head, the HTML and the text. */
async function addressesOf(letter: Letter, publication: Publication, reader: (typeof READERS)[number]) {
  const compose = composeLetter(letter, publication, aNewsletter(), { secret: SECRET, date: () => 1.8e12 })
  const { bytes, envelope } = compose(reader)
  const mail = await simpleParser(Buffer.from(bytes), { skipImageLinks: true })
  const list = mail.headerLines.filter(({ key }) => !['to', 'date', 'message-id'].includes(key))
  const all = [...list.map(({ line }) => line.replace(/\r\n\s+/g, '')), mail.html || '', mail.text ?? '']
  const found = all.flatMap(text => text.replaceAll('&amp;', '&').match(ADDRESS) ?? [])
  return { found, envelope, html: mail.html || '', rest: all.join('\n').replace(ADDRESS, '…') }
}

/** What an address asks for of which reader, by its token; undefined where it has none of ours. */
function meaningOf(address: string): { purpose: string; subscriber: number } | undefined {
  const token = /\/([up])\/([^/?#]+)$|subject=unsubscribe%20([^&]+)/i.exec(address)
  const purposes = token?.[1] === 'p' ? (['preferences'] as const) : (['unsubscribe'] as const)
  for (const purpose of purposes) {
    const claim = readToken(SECRET, purpose, token?.[2] ?? token?.[3] ?? '')
    if (claim) return { purpose, subscriber: claim.subscriber }
  }
  return undefined
}

const sponsor: Block = {
  place: 'after-lead',
  title: 'Sponsor',
  text: '<p><a href="https://sponsor.example/">Buy</a></p>',
  advertisement: true,
}
const LAYOUTS: NonNullable<Newsletter['layouts']> = {
  world: { layout: 'columns' },
  business: { layout: 'list', limit: 1 },
}
const note = aNote('Hello {{reader "name" "there"}}, see [this](https://note.example/a?b=c&d=e).')

test.each([
  ['with a service', { service: SERVICE }],
  ['without one', { service: undefined }],
  ['with one below a path', { service: `${SERVICE}deep/` }],
  [
    'with a mailbox for bounces',
    { service: SERVICE, mail: { connections: 5, bounces: 'b@meridian.example' } },
  ],
])('the same addresses for everybody, %s', async (_, given) => {
  const publication = aPublication(given)
  for (const layouts of [{}, LAYOUTS]) {
    const newsletter = aNewsletter({ blocks: [sponsor], layouts })
    const letter = await aLetter(anEdition(someArticles(), { newsletter, note }), { publication })
    const [one, other] = await Promise.all(READERS.map(reader => addressesOf(letter, publication, reader)))
    expect(one!.found.length).toBeGreaterThan(20)
    expect(other!.found.length).toBe(one!.found.length)
    // Beside addresses nothing differs at all: neither a word nor a picture's size, nor a field by which to count.
    expect(other!.rest).toBe(one!.rest)
    const differing = one!.found.flatMap((address, at) =>
      address === other!.found[at] ? [] : [[address, other!.found[at]!] as const],
    )
    expect(differing.length).toBeGreaterThan(2)
    for (const [mine, hers] of differing) {
      const meaning = meaningOf(mine)
      expect(meaning, mine).toMatchObject({ subscriber: READERS[0].subscriber })
      expect(meaningOf(hers)).toEqual({ ...meaning, subscriber: READERS[1].subscriber })
    }
    // None of those that are the same is the service's, which could lead on and count.
    const same = one!.found.filter(address => !differing.some(([mine]) => mine === address))
    for (const address of same) expect(address).not.toMatch(/\/(?:u|p|r|c|click|open|track|redirect)\/./)
    for (const [tag] of one!.html.matchAll(/<img\b[^>]*>/g)) {
      expect(differing.flat().some(address => tag.includes(address))).toBe(false)
      expect(tag).not.toMatch(/\b(?:width|height)="[01]"/)
    }
    const claim = readBounceAddress(SECRET, one!.envelope.from)
    if ('mail' in given) expect(claim).toMatchObject({ subscriber: READERS[0].subscriber })
    else expect(one!.envelope.from).toBe(other!.envelope.from)
  }
})

test('an address that was made to count is found by this test', async () => {
  const publication = aPublication({ service: SERVICE })
  const letter = await aLetter(anEdition(someArticles()), { publication })
  const slot = `⟦${letter.marker}:email⟧`
  const spying = {
    ...letter,
    html: letter.html.replace('</body>', `<img src="https://spy.example/${slot}.gif"></body>`),
  }
  const [one, other] = await Promise.all(READERS.map(reader => addressesOf(spying, publication, reader)))
  const differing = one!.found.filter((address, at) => address !== other!.found[at])
  expect(differing.filter(address => meaningOf(address) === undefined)).toEqual([
    expect.stringContaining('https://spy.example/'),
  ])
})
