// A hash of a source and its conversion → the converted picture, kept in a folder from one run to the next. Safe to delete.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IGNORED, makeIgnoredFolder, writeWhole } from '../base/index.ts'
import type { ConvertedPicture } from './convert-picture.ts'

export interface PictureCache {
  /** Bytes of one of the publication's own files. @param file relative to `articles/` */
  source(file: string): Buffer
  read(hash: string): ConvertedPicture | undefined
  write(hash: string, made: ConvertedPicture): void
}

/** @param dir the publication's folder */
export function openPictureCache(dir: string): PictureCache {
  const own = join(dir, IGNORED)
  const folder = join(own, 'pictures')

  return {
    source: file => readFileSync(join(dir, 'articles', file)),
    read(hash) {
      try {
        const { sum, ...about } = JSON.parse(readFileSync(join(folder, `${hash}.json`), 'utf8'))
        const bytes = readFileSync(join(folder, `${hash}.bin`))
        return bytes.length === sum ? { ...about, bytes } : undefined
      } catch {
        return undefined
      }
    },
    write(hash, { bytes, ...about }) {
      try {
        makeIgnoredFolder(own)
        mkdirSync(folder, { recursive: true })
        // Two builds at the same time write the same bytes.
        writeWhole(join(folder, `${hash}.bin`), bytes)
        writeWhole(join(folder, `${hash}.json`), JSON.stringify({ ...about, sum: bytes.length }))
      } catch {
        // There is no cache in a read-only folder.
      }
    },
  }
}
