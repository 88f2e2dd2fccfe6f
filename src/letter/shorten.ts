// Text and a number of characters → at most that many, cut after a sentence where one ends late enough, else after a word.

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** @param most characters as a reader counts them; 0 for nothing at all */
export function shorten(text: string, most: number): string {
  if (most <= 0) return ''
  if (text.length <= most) return text
  const parts = Array.from(characters.segment(text), ({ segment }) => segment)
  if (parts.length <= most) return text
  const head = parts.slice(0, most).join('')
  const sentence = Math.max(
    ...[...head.matchAll(/[.!?](?=\s)|[।。！？؟۔]/gu)].map(end => end.index + end[0].length),
    0,
  )
  if (sentence > head.length * 0.6) return head.slice(0, sentence)
  const word = parts
    .slice(0, most - 1)
    .join('')
    .replace(/[\s,;:–—-]+\S*$/u, '')
  return `${word.length > head.length * 0.5 ? word : parts.slice(0, most - 1).join('')}…`
}
