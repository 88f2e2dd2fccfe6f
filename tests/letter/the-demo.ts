// The demo publication → every edition of it with its letter, as `check` and `build` make them.

import { join } from 'node:path'
import { loadPublication } from '../../src/content/load-publication.ts'
import { editionsOf } from '../../src/edition/due-editions.ts'
import { traceLetter } from '../../src/letter/letter.ts'
import { openPictureCache, preparePictures } from '../../src/letter/prepare-pictures.ts'
import type { Edition, Letter, LetterPicture, Loaded } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { openTemplates } from '../../src/templates/index.ts'

export const root = new URL('../../', import.meta.url).pathname
/** After its last edition. */
export const now = Date.parse('2026-02-14T00:00:00Z')
export const loaded = loadPublication(root, { now })

export interface DemoLetter {
  readonly edition: Edition
  readonly letter: Letter
  readonly traced: string
}

/** By newsletter as in the settings, oldest first. */
export async function demoLetters(demo: Loaded = loaded): Promise<{
  letters: readonly DemoLetter[]
  pictures: ReadonlyMap<string, LetterPicture>
  /** Converted pictures by path. */
  files: ReadonlyMap<string, Buffer>
}> {
  const renderer = createRenderer(demo)
  const templates = openTemplates(join(root, 'templates'), { trace: true })
  const cache = openPictureCache(root)
  const letters: DemoLetter[] = []
  const pictures = new Map<string, LetterPicture>()
  const files = new Map<string, Buffer>()
  for (const newsletter of demo.publication.newsletters)
    for (const edition of editionsOf(demo, newsletter, now)) {
      const prepared = await preparePictures(edition, demo, renderer, cache, { shades: true })
      for (const made of prepared.pictures.values()) if (made !== 'broken') pictures.set(made.url, made)
      for (const { path, body } of prepared.files) files.set(path, Buffer.from(body as Uint8Array))
      letters.push({
        edition,
        ...(await traceLetter(edition, demo, renderer, templates, prepared.pictures)),
      })
    }
  return { letters, pictures, files }
}
