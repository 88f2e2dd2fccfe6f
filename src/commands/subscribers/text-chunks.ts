// A file → its text in chunks: UTF-8, or UTF-16 with a byte order mark; never more than a chunk in memory.

import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { UserError } from '../../errors.ts'

/**
 * @param read told how many bytes have been read so far
 * @throws UserError when the file cannot be read, or is text in no Unicode encoding
 */
export async function* textChunks(path: string, read: (bytes: number) => void): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      bytes += chunk.length
      read(bytes)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    throw explain(error, path, bytes)
  }
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8'
}

function explain(error: unknown, path: string, bytes: number): unknown {
  const { code } = error as { code?: string }
  if (code === 'ENOENT')
    return new UserError(`there is no file ${path}`, 'Check the path; - reads standard input.')
  if (code === 'EISDIR') return new UserError(`${path} is a folder`, 'Name a CSV file in it.')
  if (code === 'EACCES' || code === 'EPERM') return new UserError(`${path} may not be read`)
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    const hint = 'Save it as UTF-8: in Excel "CSV UTF-8", or iconv -f WINDOWS-1252 -t UTF-8'
    return new UserError(`${path} is not UTF-8 (within the first ${bytes} bytes)`, hint)
  }
  return error
}
