// Text is HTML once it is escaped, and a language says in which direction it is read.

import { expect, test } from 'vitest'
import { directionOf, escapeHtml, escapeText } from '../../src/base/index.ts'

test('the direction is that of the script, named or usual', () => {
  const rightToLeft = ['ar', 'ur-PK', 'fa', 'he', 'ks', 'ur-Aran', 'pa-PK', 'uz-Arab', 'arc', 'sd-Sogd']
  expect(rightToLeft.map(directionOf)).toEqual(rightToLeft.map(() => 'rtl'))
  const leftToRight = ['en', 'hi', 'ks-Deva', 'sd-IN', 'pa', 'ja', 'zh-Hant', 'not a language', '']
  expect(leftToRight.map(directionOf)).toEqual(leftToRight.map(() => 'ltr'))
})

test('text as HTML, between tags and in attributes', () => {
  expect(escapeText(`a "b" & <i>'c'</i>`)).toBe(`a "b" &amp; &lt;i&gt;'c'&lt;/i&gt;`)
  expect(escapeHtml(`a "b" & <i>'c'</i>`)).toBe(`a &quot;b&quot; &amp; &lt;i&gt;'c'&lt;/i&gt;`)
  expect(escapeHtml('"')).toBe('&quot;')
})
