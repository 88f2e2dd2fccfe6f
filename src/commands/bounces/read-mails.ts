// A file, a folder or standard input → the mails in it, one at a time. Nothing is deleted; what was understood is marked.

import { createReadStream } from 'node:fs'
import { readdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UserError } from '../../errors.ts'

export interface FoundMail {
  /** For people: the file, and in an mbox the number of the mail. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Marks it as dealt with, where there is a way to. */
  done(): Promise<void>
}

/** More of one mail than this is not read: reports are small. */
const LONGEST = 10 * 1024 * 1024

const nothing = async () => undefined

/** @param path absolute: a Maildir, a folder of .eml files, an mbox or one mail */
export async function* readMails(path: string): AsyncGenerator<FoundMail> {
  const found = await stat(path).catch(() => {
    throw new UserError(`${path} does not exist`, 'Name a Maildir, an mbox, a mail, or - for standard input.')
  })
  if (!found.isDirectory()) yield* readMbox(createReadStream(path), basename(path))
  else if (await isFolder(join(path, 'new'))) yield* readMaildir(path)
  else yield* readFolder(path)
}

/** One mail, or many, each after a line 'From …'. RFC 4155. */
export async function* readMbox(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
): AsyncGenerator<FoundMail> {
  let lines: Buffer[] = []
  let size = 0
  let count = 0
  let rest: Buffer = Buffer.alloc(0)
  const take = (): FoundMail => {
    const bytes = Buffer.concat(lines)
    lines = []
    size = 0
    return { name: count === 0 ? name : `${name}, mail ${count}`, bytes, done: nothing }
  }
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    for (let end = rest.indexOf(10); end >= 0 || rest.length > LONGEST; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end < 0 ? rest.length : end + 1)
      rest = rest.subarray(line.length)
      const afterBlank = lines.length === 0 || /^\r?\n$/.test(lines.at(-1)!.toString('latin1'))
      if (afterBlank && line.subarray(0, 5).toString('latin1') === 'From ') {
        if (size > 0) yield take()
        count += 1
      } else if (size + line.length <= LONGEST) {
        // 'From ' inside a mail was written '>From '.
        const plain =
          count > 0 && /^>+From /.test(line.subarray(0, 100).toString('latin1')) ? line.subarray(1) : line
        lines.push(Buffer.from(plain))
        size += plain.length
      }
    }
  }
  if (rest.length > 0) {
    lines.push(rest)
    size += rest.length
  }
  if (size > 0) yield take()
}

/** https://cr.yp.to/proto/maildir.html: new mails, and those in cur/ that are not marked seen. */
async function* readMaildir(path: string): AsyncGenerator<FoundMail> {
  for (const folder of ['new', 'cur']) {
    const files = await readdir(join(path, folder)).catch(() => [])
    for (const file of files.sort()) {
      const flags = /:2,([A-Za-z]*)$/.exec(file)?.[1] ?? ''
      if (file.startsWith('.') || flags.includes('S')) continue
      const from = join(path, folder, file)
      const seen = `${file.replace(/:2,[A-Za-z]*$/, '')}:2,${[...new Set(`${flags}S`)].sort().join('')}`
      yield {
        name: `${folder}/${file}`,
        bytes: await head(from),
        done: () => rename(from, join(path, 'cur', seen)),
      }
    }
  }
}

async function* readFolder(path: string): AsyncGenerator<FoundMail> {
  for (const file of (await readdir(path)).filter(name => /\.eml$/i.test(name)).sort()) {
    yield { name: file, bytes: await head(join(path, file)), done: nothing }
  }
}

async function head(path: string): Promise<Uint8Array> {
  return (await readFile(path)).subarray(0, LONGEST)
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}
