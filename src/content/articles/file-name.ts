// Path of an article → its name without date and extension, and the date, if it begins with one.

export interface FileName {
  /** NFC. 'hello' of '2026-01-30-hello.md'; the folder's name when the file is `index.md` (a bundle of Hugo's). */
  readonly name: string
  /** '2026-01-30' */
  readonly date?: string | undefined
}

export function readFileName(file: string): FileName {
  const parts = file.normalize().split('/')
  let base = parts.at(-1)!.replace(/\.(?:md|markdown)$/i, '')
  if (/^index$/i.test(base) && parts.length > 2) base = parts.at(-2)!
  // As nearly all are that bear no date.
  if (!/^\d{4}-/.test(base)) return { name: base }
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[-_\s]+(.*))?$/s.exec(base)
  return match ? { name: match[2] || base, date: match[1] } : { name: base }
}
