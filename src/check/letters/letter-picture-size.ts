/**
 * A picture has two pixels for each CSS pixel, weighs at most 200 kB (all of a letter 1 MB), and keeps its
 * proportions.
 *
 * Good:
 *
 *     <img src="https://meridian.example/images/harbour.png" alt="The harbour" width="552" height="368">
 *
 * Bad:
 *
 *     <img src="https://meridian.example/images/heavy.png" alt="The harbour" width="552" height="100">
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

const MAX_PICTURE_BYTES = 200_000
const MAX_LETTER_BYTES = 1_000_000

export const letterPictureSize: LetterRule = {
  name: 'letter-picture-size',
  severity: 'warning',
  find({ visible, pictures }) {
    const shown = visible.filter(({ name }) => name === 'img')
    const found = shown.flatMap((element): LetterFinding[] => {
      const { src = '', width, height } = element.attributes
      const own = pictures.get(src)
      if (!own) return []
      const problems: LetterFinding[] = []
      const add = (message: string, advice: string, severity?: 'info') =>
        problems.push({ element, message, advice, blame: 'article', ...(severity ? { severity } : {}) })
      if (own.bytes > MAX_PICTURE_BYTES)
        add(`${src} has ${kilobytes(own.bytes)}`, `Make it at most ${kilobytes(MAX_PICTURE_BYTES)}.`)
      if (own.width < Number(width) * 1.5)
        add(
          `${src} has ${own.width} pixels for ${width}`,
          `Give it ${Number(width) * 2}, to be sharp on a telephone.`,
          'info',
        )
      if (height && Math.abs(own.width / own.height / (Number(width) / Number(height)) - 1) > 0.03)
        add(`${src} is stretched`, 'Let width and height be in proportion.')
      return problems
    })
    const used = new Set(shown.map(({ attributes }) => attributes.src ?? ''))
    const sum = [...used].reduce((bytes, src) => bytes + (pictures.get(src)?.bytes ?? 0), 0)
    if (sum > MAX_LETTER_BYTES)
      found.push({
        message: `its pictures have ${kilobytes(sum)} together`,
        advice: `Keep them below ${kilobytes(MAX_LETTER_BYTES)}: smaller or fewer ones.`,
        blame: 'article',
      })
    return found
  },
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
