// A folder and the built program → an edition of ten articles, as a function that renders its letter and one that makes
// messages out from a letter of 60 kB.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** As much as this needs to know of the program's own types. */
export interface Letter {
  readonly html: string
  readonly text: string
  readonly subject: string
}

export interface Reader {
  readonly subscriber: number
  readonly email: string
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

export interface LetterBench {
  render(): Promise<Letter>
  /** The same letter with a comment in it that makes its HTML 60 kB. */
  readonly long: Letter
  message(reader: Reader, room?: Uint8Array): { readonly bytes: Uint8Array }
}

const SETTINGS = `title: The Meridian
tagline: World news
url: https://meridian.example/
language: en-IN
timezone: Asia/Kolkata
address: 12 Observatory Road, New Delhi 110001
service: https://letters.meridian.example/
mail: { bounces: bounces@meridian.example }
sections: { world: World }
newsletters:
  - { id: weekly, title: The Meridian Weekly, every: week, on: friday, at: '07:00', from: The Meridian <news@meridian.example> }
`

const BYTES = 60_000

/** @param dist where the program was compiled to @param folder that may be written into */
export async function aLetter(dist: string, folder: string): Promise<LetterBench> {
  const { openTemplates, builtinTemplates } = await import(join(dist, 'templates/index.js'))
  const { findSlot, planEdition } = await import(join(dist, 'edition/index.js'))
  const { composeLetter, renderLetter } = await import(join(dist, 'letter/index.js'))
  const { createRenderer } = await import(join(dist, 'render/index.js'))
  const { loadPublication } = await import(join(dist, 'content/index.js'))
  writeArticles(folder)
  const now = Date.parse('2026-01-30T02:00:00Z')
  const loaded = loadPublication(folder, { now })
  const [newsletter] = loaded.publication.newsletters
  const edition = planEdition(loaded, newsletter, findSlot(loaded, newsletter, '2026-W05'), {
    carried: new Set(),
  })
  if (edition.articles.length !== 10) throw new Error(`an edition of ${edition.articles.length} articles`)
  const [renderer, templates] = [createRenderer(loaded), openTemplates(builtinTemplates)]
  const render = () => renderLetter(edition, loaded, renderer, templates)
  const letter = await render()
  const line = `<!--${'x'.repeat(70)}-->\n`
  const filler = line.repeat(Math.max(0, Math.ceil((BYTES - letter.html.length) / line.length)))
  const long = { ...letter, html: letter.html.replace('</body>', `${filler}</body>`) }
  const options = { secret: 'a secret for the bench', date: () => now }
  return { render, long, message: composeLetter(long, loaded.publication, newsletter, options) }
}

function writeArticles(folder: string): void {
  mkdirSync(join(folder, 'articles'), { recursive: true })
  writeFileSync(join(folder, 'articles/publication.yaml'), SETTINGS)
  for (let n = 0; n < 10; n++) {
    const head = [
      `title: Ministers speak of trade and minerals, day ${n}`,
      `date: 2026-01-29T${String(8 + n).padStart(2, '0')}:00:00+05:30`,
      'authors: [World Desk]',
      'section: world',
      `image: { src: 'https://elsewhere.example/n${n}.jpg', alt: A bridge }`,
    ]
    const body =
      'The two ministers met in New Delhi on Thursday, days before a larger meeting in Washington. '.repeat(8)
    writeFileSync(join(folder, `articles/n${n}.md`), `---\n${head.join('\n')}\n---\n\n${body}\n`)
  }
}
