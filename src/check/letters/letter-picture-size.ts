/**
 * A picture has two pixels for each that it is shown at and weighs at most 200 kB, all of a letter 1 MB; it is not stretched.
 *
 * Good:
 *
 *     <img src="https://meridian.example/images/harbour.png" alt="The harbour" width="552" height="368">
 *
 * Bad:
 *
 *     <img src="https://meridian.example/images/heavy.png" alt="The harbour" width="552" height="100">
 */

import type { LetterFound, LetterRule } from './letter-rule.ts'

const EACH = 200_000
const ALL = 1_000_000

export const letterPictureSize: LetterRule = {
  name: 'letter-picture-size',
  severity: 'warning',
  find({ seen, pictures }) {
    const shown = seen.filter(({ name }) => name === 'img')
    const found = shown.flatMap((element): LetterFound[] => {
      const { src = '', width, height } = element.attributes
      const own = pictures.get(src)
      if (!own) return []
      const problems: LetterFound[] = []
      const tell = (message: string, advice: string, severity?: 'info') =>
        problems.push({ element, message, advice, blame: 'article', ...(severity ? { severity } : {}) })
      if (own.bytes > EACH) tell(`${src} has ${kilobytes(own.bytes)}`, `Make it at most ${kilobytes(EACH)}.`)
      if (own.width < Number(width) * 1.5)
        tell(
          `${src} has ${own.width} pixels for ${width}`,
          `Give it ${Number(width) * 2}, to be sharp on a telephone.`,
          'info',
        )
      if (height && Math.abs(own.width / own.height / (Number(width) / Number(height)) - 1) > 0.03)
        tell(`${src} is stretched`, 'Let width and height be in proportion.')
      return problems
    })
    const used = new Set(shown.map(({ attributes }) => attributes.src ?? ''))
    const sum = [...used].reduce((bytes, src) => bytes + (pictures.get(src)?.bytes ?? 0), 0)
    if (sum > ALL)
      found.push({
        message: `its pictures have ${kilobytes(sum)} together`,
        advice: `Keep them below ${kilobytes(ALL)}: smaller or fewer ones.`,
        blame: 'article',
      })
    return found
  },
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
