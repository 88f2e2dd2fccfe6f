// Every edition of the demo: no rule finds anything, every link to the publication leads to a page of the build, and the
// newest one on a telephone is the README's picture.

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageSize } from 'image-size'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { textWidth } from '../../src/base/text.ts'
import { checkLetters } from '../../src/check/check-letters.ts'
import { parseLetter } from '../../src/check/parse-letter.ts'
import { quotedPrintable } from '../../src/letter/header-fields.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aMailClient } from './a-mail-client.ts'
import { filled } from './letter-edition.ts'
import { demoLetters, loaded, root } from './the-demo.ts'

const { letters, pictures, files } = await demoLetters()
const { url } = loaded.publication

test('there are some of both newsletters', () => {
  expect(new Set(letters.map(({ letter }) => letter.newsletter))).toEqual(new Set(['weekly', 'morning']))
  expect(letters.length).toBeGreaterThan(5)
})

test('no rule finds anything in any of them', () => {
  expect(checkLetters(letters, { loaded, pictures, locate: name => `templates/${name}` })).toEqual([])
})

test.each(letters.map(one => [one.letter.edition, one] as const))(
  '%s: lines, columns, pictures, sizes',
  (_, { letter }) => {
    const encoded = quotedPrintable(filled(letter.html)).split('\r\n')
    expect(Math.max(...encoded.map(line => line.length))).toBeLessThanOrEqual(76)
    const wide = filled(letter.text)
      .split('\n')
      .filter(line => textWidth(line) > 78 && !/^\s*(?:.{0,40}: )?<[a-z]+:[^>]*>\S*$/.test(line))
    expect(wide).toEqual([])
    expect(Buffer.byteLength(letter.html)).toBeLessThan(60_000)
    for (const image of parseLetter(letter.html).elements.filter(({ name }) => name === 'img')) {
      const { src, width } = image.attributes
      expect(pictures.get(src!)!.width, src).toBeGreaterThanOrEqual(2 * Number(width))
    }
  },
)

test('every link to the publication leads to a file of the build', async () => {
  const folder = aFolder()
  cpSync(join(root, 'articles'), join(folder, 'articles'), { recursive: true })
  const ran = await aRun(folder, ['build'])
  expect(ran.code).toBe(0)
  const dead = new Set<string>()
  // What an author calls her own page is hers.
  const others = new Set([...loaded.authors.values()].map(author => author.url))
  for (const { letter } of letters)
    for (const { attributes } of parseLetter(filled(letter.html)).elements)
      for (const link of [attributes.href, attributes.src]) {
        if (!link?.startsWith(url) || others.has(link)) continue
        const path = decodeURIComponent(new URL(link).pathname)
        if (!existsSync(join(folder, 'out', path.endsWith('/') ? `${path}index.html` : path))) dead.add(link)
      }
  expect([...dead]).toEqual([])
})

test('letter.png: the newest one on a telephone, by day and by night', async () => {
  const golden = join(root, 'tests/golden/shots/letter.png')
  if (process.env.UPDATE_GOLDEN) {
    const newest = letters.filter(({ letter }) => letter.newsletter === 'weekly').at(-1)!
    const client = await aMailClient({
      scale: 2,
      file: path => files.get(path.slice(1)) ?? readFileSync(join(root, 'articles', path)),
    })
    const shots: Buffer[] = []
    for (const scheme of ['light', 'dark'] as const) {
      const page = await client.show(newest.letter.html, { width: 360, height: 842, scheme })
      shots.push(await page.screenshot())
    }
    await client.close()
    const [left, right] = shots as [Buffer, Buffer]
    const both = sharp({
      create: { width: 1488, height: 1684, channels: 3, background: '#8a8780' },
    }).composite([
      { input: left, left: 0, top: 0 },
      { input: right, left: 768, top: 0 },
    ])
    mkdirSync(join(golden, '..'), { recursive: true })
    writeFileSync(golden, await both.png({ palette: true, colours: 200, effort: 10 }).toBuffer())
  }
  const bytes = readFileSync(golden)
  expect(imageSize(bytes)).toMatchObject({ type: 'png', width: 1488, height: 1684 })
  expect(bytes.length).toBeLessThanOrEqual(300_000)
})
