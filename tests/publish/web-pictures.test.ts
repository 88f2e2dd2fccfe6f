// Own pictures that are larger than a screen, as feeds and pages show them; and the covers of episodes.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#4477aa' } })
/** Left half red, right half blue. */
const halves = (width: number, height: number) =>
  picture(width, height).composite([
    { input: { create: { width: width / 2, height, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
  ])

const files = {
  'articles/publication.yaml':
    'title: Harbour Post\nurl: https://harbour.example/\npodcast: { category: News }\narticles: { url: "/{slug}/" }\n',
  'articles/bell.md': `---
title: Bell
date: 2026-01-20
image: { src: images/wide.jpg, alt: Wide, credit: Ines Roth, focus: [0.1, 0.5] }
audio: audio/bell.mp3
---
![Turned](images/turned.jpg)

![A chart](images/chart.png "Chart") <img src="images/wide two.webp" width="300"> ![Small](images/small.jpg)
![Moving](images/moving.gif) ![Broken](images/broken.jpg)
`,
  'articles/own.md':
    '---\ntitle: Own\ndate: 2026-01-19\naudio: { src: audio/own.mp3, image: images/cover.png }\n---\nText.\n',
  'articles/side.md':
    '---\ntitle: Side\ndate: 2026-01-18\nimage: { src: images/side.jpg, alt: S, focus: [0.5, 0.1] }\naudio: audio/side.mp3\n---\nText.\n',
  'articles/audio/side.mp3': 'ID3 3',
  'articles/audio/bell.mp3': 'ID3',
  'articles/audio/own.mp3': 'ID3 2',
}

async function aPublication(): Promise<string> {
  const dir = aFolder(files)
  const write = async (name: string, made: Sharp) =>
    writeFileSync(join(dir, 'articles/images', name), await made.toBuffer())
  mkdirSync(join(dir, 'articles/images'), { recursive: true })
  await Promise.all([
    write(
      'wide.jpg',
      halves(2000, 1400)
        .jpeg({ quality: 30 })
        .withExif({ IFD0: { Copyright: 'SECRET' } }),
    ),
    write('turned.jpg', picture(1500, 1300).withMetadata({ orientation: 5 }).jpeg({ quality: 30 })),
    // On its side: its left half is above.
    write('side.jpg', halves(2000, 1400).withMetadata({ orientation: 6 }).jpeg({ quality: 30 })),
    write('chart.png', picture(1600, 800).png()),
    write('wide two.webp', picture(1400, 700).webp()),
    write('small.jpg', picture(1200, 800).jpeg()),
    write('moving.gif', picture(1300, 10).gif()),
    write('cover.png', picture(1400, 1400).png()),
  ])
  const whole = await picture(2000, 1000).jpeg().toBuffer()
  writeFileSync(join(dir, 'articles/images/broken.jpg'), whole.subarray(0, 700))
  return dir
}

const sizeOf = async (file: string) => {
  const { width, height, format } = await sharp(file).metadata()
  return [format, width, height]
}

test('feeds and pages show what is made for them, whole, upright and without what the camera wrote', async () => {
  const dir = await aPublication()
  const out = (path: string) => join(dir, 'out', path)
  const { json } = await aRun(dir, ['build', '--json', '--now', '2026-01-30T07:00:00Z'])
  const broken = json().diagnostics.filter(({ rule }: { rule: string }) => rule === 'picture-size')
  expect(broken).toMatchObject([{ file: 'articles/images/broken.jpg', severity: 'warning' }])
  expect(statSync(out('images/1200/images/broken.jpg')).size).toBe(700)

  expect(await sizeOf(out('images/1200/images/wide.jpg'))).toEqual(['jpeg', 1200, 840])
  expect(await sizeOf(out('images/1200/images/turned.jpg'))).toEqual(['jpeg', 1200, 1385])
  expect(await sizeOf(out('images/1200/images/chart.png'))).toEqual(['png', 1200, 600])
  expect(await sizeOf(out('images/1200/images/wide two.webp'))).toEqual(['webp', 1200, 600])
  expect(readFileSync(out('images/1200/images/wide.jpg')).includes('SECRET')).toBe(false)
  for (const name of ['small.jpg', 'moving.gif', 'cover.png'])
    expect(existsSync(out(`images/1200/images/${name}`)), name).toBe(false)

  const rss = readFileSync(out('rss.xml'), 'utf8')
  const home = 'https://harbour.example/images'
  expect(rss).toContain(
    `<media:content url="${home}/1200/images/wide.jpg" medium="image" type="image/jpeg" width="1200" height="840">`,
  )
  expect(rss).toContain(`<img src="${home}/1200/images/turned.jpg" alt="Turned" width="1200" height="1385">`)
  expect(rss).toContain(
    `<img src="${home}/1200/images/chart.png" alt="A chart" title="Chart" width="1200" height="600">`,
  )
  expect(rss).toContain(`src="${home}/1200/images/wide%20two.webp" width="300" height="150">`)
  expect(rss).toContain(`<img src="${home}/small.jpg" alt="Small" width="1200" height="800"`)
  const page = readFileSync(out('bell/index.html'), 'utf8')
  expect(page).toContain(
    'src="../images/1200/images/wide.jpg" alt="Wide" fetchpriority="high" width="1200" height="840"',
  )
  expect(page).toContain('src="../images/1200/images/turned.jpg"')
  expect(readFileSync(out('index.html'), 'utf8')).toContain('src="images/1200/images/wide.jpg"')
  // A link to the original finds it.
  expect(await sizeOf(out('images/wide.jpg'))).toEqual(['jpeg', 2000, 1400])

  expect(rss).toContain(`<itunes:image href="${home}/1400/images/wide.jpg"/>`)
  expect(rss).toContain(`<itunes:image href="${home}/cover.png"/>`)
  // Around its focus, seven tenths of it are red; around its middle, a half would be.
  for (const name of ['wide.jpg', 'side.jpg']) {
    expect(await sizeOf(out(`images/1400/images/${name}`))).toEqual(['jpeg', 1400, 1400])
    const { channels } = await sharp(out(`images/1400/images/${name}`)).stats()
    expect(channels[0]!.mean).toBeGreaterThan(170)
  }
})

test('they follow their source, and the next build makes none of them again', async () => {
  const dir = await aPublication()
  const build = () => aRun(dir, ['build', '--json', '--now', '2026-01-30T07:00:00Z'])
  await build()
  const made = join(dir, 'out/images/1200/images/chart.png')
  const before = statSync(made).mtimeMs
  writeFileSync(join(dir, 'articles/own.md'), '---\ntitle: Own\ndate: 2026-01-19\n---\nOther text.\n')
  await build()
  expect(statSync(made).mtimeMs).toBe(before)
  rmSync(made)
  writeFileSync(join(dir, 'articles/images/chart.png'), await picture(1600, 400).png().toBuffer())
  await build()
  expect(await sizeOf(made)).toEqual(['png', 1200, 300])
  writeFileSync(join(dir, 'articles/bell.md'), '---\ntitle: Bell\ndate: 2026-01-20\n---\nNo picture.\n')
  await build()
  expect(existsSync(made)).toBe(false)
})
