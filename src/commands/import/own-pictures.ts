// The files of an export → those of them that articles show, found by the end of an address, and copied when they are wanted.

import { decodePath } from '../../base/index.ts'
import type { ExportFiles } from './export-files.ts'

/** Pictures and recordings that the export holds, found by the end of their address. */
export class OwnPictures {
  copied = 0
  readonly #byName = new Map<string, ExportFiles['files'][number][]>()
  readonly #chosen = new Map<string, ExportFiles['files'][number]>()
  #waiting: string[] = []

  constructor({ files }: ExportFiles) {
    for (const file of files) {
      if (file.bytes > MAX_COPIED_BYTES) continue
      if (!/\.(?:jpe?g|png|gif|webp|avif|svg|mp3|m4a|mp4|ogg|wav|pdf)$/i.test(file.path)) continue
      const name = file.path.slice(file.path.lastIndexOf('/') + 1)
      const same = this.#byName.get(name)
      if (same) same.push(file)
      else this.#byName.set(name, [file])
    }
  }

  /** @returns where it will be, relative to the publication's folder */
  find(url: string, into: string): string | undefined {
    const path = decodePath(url.replace(/[?#].*$/s, '').replace(/^https?:\/\/[^/]+/i, ''))
    const name = path.slice(path.lastIndexOf('/') + 1)
    // WordPress's smaller copies stand for the picture itself.
    const names = [name, name.replace(/-\d+x\d+(?=\.\w+$)/, '')]
    const found = names
      .flatMap(each => this.#byName.get(each) ?? [])
      .sort((a, b) => shared(b.path, path) - shared(a.path, path))[0]
    if (!found) return undefined
    const place = `${into}/images/${found.path.replace(/^(?:.*\/)?(?:uploads|images)\//, '').replace(/^.*:/, '')}`
    if (!this.#chosen.has(place)) this.#waiting.push(place)
    this.#chosen.set(place, found)
    return place
  }

  async copyWaiting(write: (path: string, bytes: Buffer) => void): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    for (const place of waiting) {
      write(place, await this.#chosen.get(place)!.read(MAX_COPIED_BYTES))
      this.copied++
    }
  }
}

/** A longer recording is kept where it is by a podcast host, and not in version control. */
const MAX_COPIED_BYTES = 256 * 2 ** 20

/** How many folders at their ends two paths share. */
function shared(left: string, right: string): number {
  const [a, b] = [left.split('/').reverse(), right.split('/').reverse()]
  const end = a.findIndex((part, at) => part !== b[at])
  return end === -1 ? a.length : end
}
