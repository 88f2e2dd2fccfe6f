// The folder where converted pictures are kept from one run to the next, by what they were made of. Safe to delete.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IGNORED, makeIgnoredFolder } from '../content/index.ts'
import type { PictureCache } from './prepare-pictures.ts'

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
        whole(join(folder, `${hash}.bin`), bytes)
        whole(join(folder, `${hash}.json`), JSON.stringify({ ...about, sum: bytes.length }))
      } catch {
        // A folder that is read only has no cache.
      }
    },
  }
}

/** Two builds at once write the same bytes; nobody ever reads half of them. */
function whole(path: string, content: string | Uint8Array): void {
  const half = `${path}.${process.pid}.half`
  writeFileSync(half, content)
  renameSync(half, path)
}
