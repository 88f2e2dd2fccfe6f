// A page that a browser saved as one file (MHTML, RFC 2557) → the page and the files that it shows.

import type { MessageChunk, MimeNode } from '@zone-eu/mailsplit'

export interface SavedPart {
  /** 'text/html' */
  readonly type: string
  /** Content-Location: the address that it had. */
  readonly location: string
  readonly bytes: Buffer
}

/** A page that shows more files was made to be a burden. */
const MAX_PARTS = 2000
const MAX_HEADER_BYTES = 256 * 1024

export function isMhtml(head: string): boolean {
  const headers = head.split(/\r?\n\r?\n/)[0]!
  return /^content-type:\s*multipart\/related/im.test(headers) && /^[\w-]+:/.test(headers)
}

/** The page is first. */
export async function readMhtml(bytes: Buffer): Promise<SavedPart[]> {
  const { Splitter } = await import('@zone-eu/mailsplit')
  const splitter = new Splitter({
    ignoreEmbedded: true,
    maxHeadSize: MAX_HEADER_BYTES,
    maxChildNodes: MAX_PARTS,
  })
  splitter.end(bytes)
  const raw = new Map<MimeNode, Buffer[]>()
  for await (const found of splitter as AsyncIterable<MimeNode | MessageChunk>) {
    if (found.type === 'node') raw.set(found, [])
    else raw.get(found.node)?.push(found.value)
  }
  const parts: SavedPart[] = []
  for (const [node, chunks] of raw) {
    if (node.multipart || chunks.length === 0) continue
    const head = node
      .getHeaders()
      .toString('latin1')
      .replace(/\r?\n[ \t]+/g, '')
    const location = /^content-location:[ \t]*(\S+)/im.exec(head)?.[1] ?? ''
    const type = (node.contentType || 'text/plain').toLowerCase()
    const decoder = node.getDecoder()
    decoder.end(Buffer.concat(chunks))
    const content: Buffer[] = []
    for await (const chunk of decoder) content.push(Buffer.from(chunk))
    parts.push({ type, location, bytes: Buffer.concat(content) })
  }
  const page = parts.findIndex(({ type }) => /^(?:text\/html|application\/xhtml\+xml)$/.test(type))
  return page > 0 ? [parts[page]!, ...parts.filter((_, at) => at !== page)] : parts
}
