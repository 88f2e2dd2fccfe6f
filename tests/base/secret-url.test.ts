// Addresses with a password: read whole, or refused in words that repeat nothing of it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSecretUrl, shownUser } from '../../src/base/addresses.ts'

test.each([
  ['smtp://news:sesame@mail.example:587', 'news', 'sesame'],
  ['smtp://news:ses@me@mail.example:587', 'news', 'ses@me'],
  ['smtp://news@site.example:ses@me@mail.example', 'news@site.example', 'ses@me'],
  ['smtp://news:ses%2Fme%40x@mail.example', 'news', 'ses/me@x'],
  ['smtp://news:open sesame@mail.example', 'news', 'open sesame'],
  ['smtp://news:se:sa:me@mail.example', 'news', 'se:sa:me'],
  ['smtp://mail.example', '', ''],
  ['postgres:///broadsheet?host=/run/postgresql', '', ''],
])('%s', (text, user, password) => {
  expect(readSecretUrl(text)).toMatchObject({ user, password })
})

test.each([
  'smtp://news:12/sesame@mail.example:587',
  'smtp://news:12#sesame@mail.example:587',
  'smtp://news:12?sesame@mail.example:587',
  'smtp://news:open@sesame/door@mail.example:587',
  'smtp://news:open@sesame#door@mail.example',
  'smtp://news:100%sesame@mail.example',
  'smtp://news:%ffsesame@mail.example',
  'smtp://news:se\tsame@mail.example',
  'smtp://news:sesame@mail.example:door',
  'sesame',
])('%s is refused, without a part of it', text => {
  const read = readSecretUrl(text)
  expect(read).toHaveProperty('problem')
  expect(JSON.stringify(read)).not.toMatch(/sesame|door|12|open/)
})

/** All that is ever said: none of it is made of the address. */
const PROBLEMS = new Set(
  ['a://b/c@d', 'a://b:%@c', 'a://b\t', 'a'].map(text => {
    const read = readSecretUrl(text)
    return 'problem' in read ? read.problem : ''
  }),
)

test('whatever a password has in it: it is read whole, or the host is the right one, or nothing is said', () => {
  const sign = fc.constantFrom(...'@/#?%: \\&+ab1')
  fc.assert(
    fc.property(fc.string({ unit: sign, minLength: 1, maxLength: 12 }), password => {
      const read = readSecretUrl(`smtp://news:${password}@mail.example:587`)
      if ('problem' in read) return PROBLEMS.has(read.problem)
      return read.url.hostname === 'mail.example'
    }),
    { numRuns: 2000 },
  )
})

test('a user name that is the password is not shown', () => {
  expect(shownUser({ user: 'k-123', password: 'k-123' })).toBe('•••')
  expect(shownUser({ user: 'news', password: 'k-123' })).toBe('news')
  expect(shownUser({ user: '', password: '' })).toBe('')
})
