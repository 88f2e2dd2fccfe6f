import { expect, it } from 'vitest'
import { misaligned } from '../../src/deliver/open-transport.ts'

it.each([
  ['news@meridian.example', 'meridian.example'],
  ['news@Meridian.Example', 'meridian.example'],
  ['news@letters.meridian.example', 'meridian.example'],
  ['news@meridian.example', 'mail.meridian.example'],
  ['news@letters.meridian.example', 'mail.meridian.example'],
  ['news@a.meridian.co.uk', 'b.meridian.co.uk'],
  ['news@bücher.example', 'xn--bcher-kva.example'],
])('%s signed as %s belongs together', (address, domain) => {
  expect(misaligned(address, domain)).toBeUndefined()
})

it.each([
  ['news@meridian.example', 'relay.example', 'Sign as meridian.example'],
  ['news@meridian.co.uk', 'other.co.uk', 'Sign as meridian.co.uk'],
  ['news@notmeridian.example', 'meridian.example', 'Sign as notmeridian.example'],
])('%s signed as %s does not', (address, domain, advice) => {
  expect(misaligned(address, domain)).toContain(advice)
})
