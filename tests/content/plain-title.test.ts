import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainTitle } from '../../src/base/index.ts'
import { busyTime } from '../busy-time.ts'

test.each([
  ['A **bold** and *slanted* _title_', 'A bold and slanted title'],
  ['Use `<script>` and `**`', 'Use <script> and **'],
  ['A <b>title</b> &amp; more&nbsp;&#8212; &lt;x&gt;', 'A title & more — <x>'],
  ['[Linked](https://x.example) and ![pic](a.png)', 'Linked and pic'],
  ['snake_case_name and 5 * 3 * 2', 'snake_case_name and 5 * 3 * 2'],
  ['5 < 6 and 7 > 2', '5 < 6 and 7 > 2'],
  ['Escaped \\*stars\\* and \\\\', 'Escaped *stars* and \\'],
  ['~~Gone~~ here', 'Gone here'],
  ['Two\r\nBcc: x@y.example', 'Two Bcc: x@y.example'],
  ['  tab\tand\u2028line\u0000 ', 'tab and line'],
  ['***all***', 'all'],
  ['C# & F#', 'C# & F#'],
  ['AT&T; R&amp;D', 'AT&T; R&D'],
])('%j → %j', (title, plain) => {
  expect(plainTitle(title)).toBe(plain)
})

test('any text becomes one clean line', () => {
  const marks = fc.constantFrom(
    '*',
    '_',
    '`',
    '<b>',
    '[a](',
    ')',
    '\\',
    '&#10;',
    '&#x0;',
    '~~',
    '\ud800',
    '\r\n',
    '\u0085',
    'a',
    ' ',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(marks).map(parts => parts.join('')),
      ),
      title => {
        const line = plainTitle(title)
        expect(line).toBe(line.trim())
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]/u)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a hostile title takes no time', async () => {
  const took = await busyTime(() => {
    for (const piece of ['**', '*a', '[', '<a', '_', '~~a', '`', '\\']) {
      plainTitle(piece.repeat(50_000))
      plainTitle(piece.repeat(400))
    }
  })
  expect(took).toBeLessThan(20_000)
})

test.each([
  ['List<String>', 'List<String>'],
  ['The <dialog> element', 'The <dialog> element'],
  ['<InputAccessoryView> of React', '<InputAccessoryView> of React'],
  ['__init__ and __main__', '__init__ and __main__'],
  ['__two words__', 'two words'],
  ['2*3*4', '2*3*4'],
  ['2**3**4', '2**3**4'],
  ['a <em class="x">b <strong>c</strong></em>', 'a b c'],
  ['one<br>two<br/>three', 'one two three'],
  ['Use <b>, not <strong>', 'Use <b>, not <strong>'],
  ['x < y and y > z', 'x < y and y > z'],
  ['<img src="a.png" alt="A"> b', 'A b'],
])('%s is called %s', (text, title) => {
  expect(plainTitle(text)).toBe(title)
})
