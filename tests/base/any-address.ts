// Texts that are addresses, nearly addresses, or none: made of pieces that meet each other in every way.

import fc from 'fast-check'

const PARTS = [
  'a',
  'b9',
  '0',
  '0x7f',
  'xn--',
  'xn--a',
  'é',
  'A',
  '_',
  '~',
  '-',
  '%41',
  '%',
  '&',
  '=',
  '@',
  ':80',
  ':443',
]
const ENDS = ['/', '//', '.', '..', '/./', '/../', '?', '#', '|', '[', '\\', ' ']
const STARTS = ['https://', 'http://', 'https://a.example/', 'https://a.', 'mailto:', 'HTTPS://', '']

export const anyAddress: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...STARTS),
      fc.array(fc.constantFrom(...PARTS, ...ENDS, ...ENDS), { maxLength: 8 }).map(list => list.join('')),
    )
    .map(both => both.join('')),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
)
