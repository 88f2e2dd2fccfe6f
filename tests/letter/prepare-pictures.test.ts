// Whatever a picture is, a letter shows a JPEG, a PNG or a GIF of bounded size and weight, the same every time.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOwnFiles, ownFileUrl } from '../../src/content/own-files.ts'
import { convertPicture } from '../../src/letter/convert-picture.ts'
import { renderLetter } from '../../src/letter/letter.ts'
import { openPictureCache, preparePictures } from '../../src/letter/prepare-pictures.ts'
import type { Article, LetterPicture, Picture } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, aRenderer } from '../builders.ts'
import { anEdition, templates } from './letter-edition.ts'

const dir = mkdtempSync(join(tmpdir(), 'pictures-'))
afterAll(() => rmSync(dir, { recursive: true }))
const images = join(dir, 'articles/images')
const publication = aPublication({ dir })
const own = openOwnFiles(join(dir, 'articles'))

/** Noise that no encoder can make small. */
const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })

beforeAll(async () => {
  mkdirSync(images, { recursive: true })
  const svg = (size: string, inside = '') =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} viewBox="0 0 300 200"><rect width="300" height="200" fill="#204060"/>${inside}</svg>`
  writeFileSync(join(images, 'good.jpg'), await noise(400, 300).jpeg({ quality: 60 }).toBuffer())
  writeFileSync(join(images, 'huge.jpg'), await noise(4000, 3000).jpeg({ quality: 90 }).toBuffer())
  writeFileSync(join(images, 'a photo.webp'), await noise(1600, 900).webp().toBuffer())
  writeFileSync(join(images, 'new.avif'), await noise(300, 200).avif({ effort: 0 }).toBuffer())
  writeFileSync(join(images, 'old.tiff'), await noise(800, 600).tiff().toBuffer())
  writeFileSync(join(images, 'drawn.svg'), svg('width="300" height="200"'))
  writeFileSync(
    join(images, 'red.png'),
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer(),
  )
  writeFileSync(
    join(images, 'spy.svg'),
    svg(
      'width="300" height="200"',
      `<image xlink:href="red.png" width="300" height="200"/><image xlink:href="file://${images}/red.png" width="300" height="200"/>`,
    ),
  )
  writeFileSync(
    join(images, 'clear.webp'),
    await sharp({
      create: { width: 1500, height: 500, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } },
    })
      .webp()
      .toBuffer(),
  )
  writeFileSync(
    join(images, 'clear.png'),
    await sharp({
      create: { width: 400, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.4 } },
    })
      .png()
      .toBuffer(),
  )
  writeFileSync(join(images, 'broken.webp'), 'RIFF nothing')
  writeFileSync(join(images, 'cut.jpg'), (await noise(3000, 2000).jpeg().toBuffer()).subarray(0, 40_000))
  const shades = ['#aa3300', '#00aa33', '#3300aa'].map(background =>
    sharp({ create: { width: 60, height: 40, channels: 3, background } })
      .png()
      .toBuffer(),
  )
  const still = await Promise.all(shades)
  const frames = (delay: number, loop: number) =>
    sharp(still, { join: { animated: true } })
      .gif({ delay: [delay, delay, delay], loop })
      .toBuffer()
  writeFileSync(join(images, 'short.gif'), await frames(500, 1))
  writeFileSync(join(images, 'endless.gif'), await frames(500, 0))
  writeFileSync(join(images, 'portrait.jpg'), await noise(450, 800).jpeg({ quality: 40 }).toBuffer())
  writeFileSync(join(images, 'strip.jpg'), await noise(1600, 200).jpeg({ quality: 40 }).toBuffer())
  // Dark above, light below: what a crop kept shows in its mean.
  const halves = (format: 'jpeg' | 'png') =>
    sharp({ create: { width: 300, height: 600, channels: 3, background: '#000000' } })
      .composite([
        {
          input: { create: { width: 300, height: 300, channels: 3, background: '#ffffff' } },
          top: 300,
          left: 0,
        },
      ])
      .toFormat(format)
      .toBuffer()
  writeFileSync(join(images, 'halves.jpg'), await halves('jpeg'))
  writeFileSync(join(images, 'chart.png'), await halves('png'))
  writeFileSync(
    join(images, 'turned.jpg'),
    await noise(2000, 1000).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
  )
})

function picture(name: string): Picture {
  const file = `images/${name}`
  return { url: ownFileUrl(publication.url, file), file, alt: `About ${name}`, ...own.measure(file) }
}

const withPictures = (...names: string[]): Article[] =>
  names.map((name, n) => anArticle({ slug: `a${n}`, image: picture(name) }))
const cache = openPictureCache(dir)

async function prepared(name: string) {
  const articles = withPictures(name)
  const made = await preparePictures(anEdition(articles), aLoaded(articles, publication), aRenderer(), cache)
  return { ...made, picture: made.pictures.get(picture(name).url) as LetterPicture }
}

test('a good one is used as it is', async () => {
  const { picture: made, files, diagnostics } = await prepared('good.jpg')
  expect(made).toEqual({
    url: 'https://meridian.example/images/good.jpg',
    file: 'images/good.jpg',
    type: 'image/jpeg',
    width: 400,
    height: 300,
    bytes: picture('good.jpg').bytes,
  })
  expect([files, diagnostics]).toEqual([[], []])
})

test.each([
  ['huge.jpg', 'image/jpeg', 1104, 828],
  ['a photo.webp', 'image/jpeg', 1104, 621],
  ['new.avif', 'image/jpeg', 300, 200],
  ['old.tiff', 'image/jpeg', 800, 600],
  ['drawn.svg', 'image/png', 1104, 736],
  ['clear.webp', 'image/png', 1000, 500],
  ['turned.jpg', 'image/jpeg', 1000, 750],
  ['portrait.jpg', 'image/jpeg', 450, 338],
  ['strip.jpg', 'image/jpeg', 400, 200],
])('%s becomes %s of at most 200 kB', async (name, type, width, height) => {
  const { picture: made, files, diagnostics } = await prepared(name)
  expect(diagnostics).toEqual([])
  expect(made).toMatchObject({ type })
  expect(made.width / made.height).toBeCloseTo(width / height, 1)
  expect(made.width).toBeLessThanOrEqual(width)
  expect(made.bytes).toBeLessThanOrEqual(200_000)
  expect(files.map(({ path }) => publication.url + path)).toEqual([made.url])
  expect(made.url).toMatch(
    /^https:\/\/meridian\.example\/images\/letter\/[a-z0-9-]+-[0-9a-f]{16}\.(jpg|png)$/,
  )
  const { format, width: real } = await sharp(files[0]!.body as Uint8Array).metadata()
  expect([`image/${format}`, real]).toEqual([type, made.width])
})

async function meanOf(image: Partial<Picture>): Promise<number> {
  const articles = [anArticle({ image: { ...picture('halves.jpg'), ...image } })]
  const { files, pictures } = await preparePictures(
    anEdition(articles),
    aLoaded(articles, publication),
    aRenderer(),
    cache,
  )
  expect([...pictures.values()]).toMatchObject([{ width: 300, height: 225 }])
  const { channels } = await sharp(files[0]!.body as Uint8Array).stats()
  return channels[0]!.mean
}

test('a photograph is cropped to its focus, and the same twice', async () => {
  expect(await meanOf({ focus: [0.5, 0] })).toBeLessThan(5)
  expect(await meanOf({ focus: [0.5, 1] })).toBeGreaterThan(250)
  expect(await meanOf({ focus: [0.5, 0.5] })).toBeCloseTo(127, -1)
  expect(await prepared('portrait.jpg')).toEqual(await prepared('portrait.jpg'))
})

test('a chart stays whole, and so does a photograph that says so; in a letter it is no higher than 4:3', async () => {
  const whole = anArticle({ image: { ...picture('halves.jpg'), fit: 'contain' } })
  for (const article of [whole, anArticle({ image: picture('chart.png') })]) {
    const loaded = aLoaded([article], publication)
    const { pictures, files } = await preparePictures(anEdition([article]), loaded, aRenderer(), cache)
    expect([...pictures.values()]).toMatchObject([{ width: 300, height: 600 }])
    expect(files).toEqual([])
    const letter = await renderLetter(anEdition([article]), loaded, aRenderer(), templates, pictures)
    expect(letter.html).toMatch(/width="207" height="414"/)
  }
})

test('a picture with transparent parts is put on white, one drawn in white on black, and a logo gets a rim', async () => {
  const stroke = (colour: string) =>
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">' +
    `<rect x="100" y="90" width="100" height="20" fill="${colour}"/></svg>`
  writeFileSync(join(images, 'ink.svg'), stroke('#000000'))
  writeFileSync(join(images, 'chalk.svg'), stroke('#ffffff'))
  const corner = async (name: string) => {
    const { files } = await prepared(name)
    const { data } = await sharp(Buffer.from(files[0]!.body as Uint8Array))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return [...data.subarray(0, 4)]
  }
  expect(await corner('ink.svg')).toEqual([255, 255, 255, 255])
  expect(await corner('chalk.svg')).toEqual([28, 28, 30, 255])
  const { bytes } = await convertPicture(readFileSync(join(images, 'ink.svg')), {
    pixels: 300,
    maxBytes: 200_000,
    type: 'image/svg+xml',
    maxGifWidth: 1280,
  })
  const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const pixel = (x: number, y: number) => [...data.subarray((y * 300 + x) * 4, (y * 300 + x) * 4 + 4)]
  expect(pixel(150, 100)).toEqual([0, 0, 0, 255])
  expect(pixel(150, 89).slice(0, 3)).toEqual([255, 255, 255])
  expect(pixel(150, 89)[3]).toBeGreaterThan(200)
  expect(pixel(10, 10)[3]).toBe(0)
})

test('the same bytes every time, with the cache, without it, and when another has written half of it', async () => {
  const folder = join(dir, '.broadsheet/pictures')
  const first = await prepared('a photo.webp')
  expect(await prepared('a photo.webp')).toEqual(first)
  for (const name of readdirSync(folder).filter(name => name.endsWith('.bin')))
    writeFileSync(join(folder, name), 'half')
  expect(await prepared('a photo.webp')).toEqual(first)
  rmSync(join(dir, '.broadsheet'), { recursive: true })
  expect(await prepared('a photo.webp')).toEqual(first)
  expect(readFileSync(join(dir, '.broadsheet/.gitignore'), 'utf8')).toBe('*\n')
})

test('what a drawing refers to is not opened', async () => {
  const spy = await prepared('spy.svg')
  const pixel = await sharp(spy.files[0]!.body as Uint8Array)
    .extract({ left: 500, top: 300, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer()
  expect([...pixel]).toEqual([0x20, 0x40, 0x60])
})

test('a GIF that stops within five seconds moves, another stands still', async () => {
  const short = await prepared('short.gif')
  expect(short.picture).toMatchObject({ type: 'image/gif', file: 'images/short.gif', width: 60, height: 40 })
  const endless = await prepared('endless.gif')
  expect(endless.picture).toMatchObject({ type: 'image/png', width: 60, height: 40 })
})

test.each(['broken.webp', 'cut.jpg'])(
  '%s is told with its article, and its words stand for it',
  async name => {
    const { pictures, diagnostics } = await prepared(name)
    expect(diagnostics).toMatchObject([
      { file: 'articles/a0.md', rule: 'letter-picture', severity: 'warning' },
    ])
    expect(diagnostics[0]!.message).toContain(`images/${name} cannot be shown in letters: `)
    const articles = withPictures(name)
    const letter = await renderLetter(
      anEdition(articles),
      aLoaded(articles, publication),
      aRenderer(),
      templates,
      pictures,
    )
    expect(letter.html).not.toContain('<img')
    expect(letter.html).toContain(`About ${name}`)
  },
)

test('all of a letter weigh at most 1 MB, whatever there are', async () => {
  const names = Array.from({ length: 9 }, (_, n) => `n${n}.png`)
  for (const name of names) writeFileSync(join(images, name), await noise(800, 500).png().toBuffer())
  const articles = withPictures(...names)
  const { pictures, files } = await preparePictures(
    anEdition(articles),
    aLoaded(articles, publication),
    aRenderer(),
    cache,
  )
  const sum = [...pictures.values()].reduce((bytes, made) => bytes + (made as LetterPicture).bytes, 0)
  expect(sum).toBeGreaterThan(300_000)
  expect(sum).toBeLessThanOrEqual(1_000_000)
  expect(files).toHaveLength(9)
})

test('the letter shows what was made, with its size, in cards and in the text of an article', async () => {
  const url = picture('a photo.webp').url
  const body = `<p>Text.</p><p><img src="${url}" alt="A photo" width="1600" height="900"></p>`
  const article = anArticle({ body, image: picture('a photo.webp') })
  const renderer = aRenderer({ files: ['images/a photo.webp'] })
  const edition = anEdition([article], { newsletter: aNewsletter({ every: 'article' }), id: 'a' })
  const loaded = aLoaded([article], publication)
  const { pictures } = await preparePictures(edition, loaded, renderer, cache)
  const made = pictures.get(url) as LetterPicture
  const letter = await renderLetter(edition, loaded, renderer, templates, pictures)
  const shown = [...letter.html.matchAll(/<img [^>]*src="([^"]*)"[^>]*>/g)].map(match => [
    match[1],
    /width="552"/.test(match[0]),
    /height="31\d"/.test(match[0]),
  ])
  expect(shown).toEqual([
    [made.url, true, true],
    [made.url, true, true],
  ])
  expect(letter.files).toEqual([])
})

test('two stories side by side have pictures of one height, whatever was photographed', async () => {
  const section = { slug: 'world', title: 'World' }
  const articles = ['a photo.webp', 'portrait.jpg', 'halves.jpg'].map((file, at) =>
    anArticle({ slug: `a${at}`, section, image: picture(file) }),
  )
  const newsletter = aNewsletter({ layouts: { world: { layout: 'columns' } } })
  const edition = anEdition([anArticle({ slug: 'lead' }), ...articles], { newsletter })
  const loaded = aLoaded(articles, publication)
  const { pictures } = await preparePictures(edition, loaded, aRenderer(), cache)
  const halves = [...pictures].filter(([key]) => key.endsWith('#half'))
  // The third is left over, and a card.
  expect(halves).toHaveLength(2)
  const { html } = await renderLetter(edition, loaded, aRenderer(), templates, pictures)
  for (const [, made] of halves)
    expect(html).toMatch(new RegExp(`src="${(made as LetterPicture).url}"[^>]* width="264" height="176"`))
})

test('pictures somewhere else on the web stay there', async () => {
  const articles = [
    anArticle({ image: { url: 'https://elsewhere.example/a.png', alt: 'Far', width: 5000, height: 3000 } }),
  ]
  const { pictures } = await preparePictures(
    anEdition(articles),
    aLoaded(articles, publication),
    aRenderer(),
    cache,
  )
  expect([...pictures]).toEqual([])
})
