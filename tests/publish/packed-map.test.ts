// What is packed comes back by its name, whatever stands in it and however many are asked for.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openPacked, packMap } from '../../src/publish/cache/packed-map.ts'

const texts = fc.string({ unit: 'binary', maxLength: 12 })

test('each value is found by its name, and no other name is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, fc.jsonValue()), { maxLength: 150 }), texts, (entries, other) => {
      const values = new Map(entries.toReversed().map(([name, value]) => [name, JSON.stringify(value)]))
      const packed = openPacked(packMap(entries))
      for (const name of [...entries.map(([name]) => name), other])
        expect(JSON.stringify(packed.get(name))).toBe(values.get(name))
    }),
  )
})

test('a part of a name, a value and the ends of lines are no names', () => {
  const packed = openPacked(packMap([['a\n"b"\t1', { '\n"c"\t': '\n"d"\t2\n' }]]))
  for (const name of ['', 'a', 'b', 'c', 'd', '\n', '\t', 'a\n']) expect(packed.get(name)).toBeUndefined()
  expect(packed.get('a\n"b"\t1')).toEqual({ '\n"c"\t': '\n"d"\t2\n' })
})
