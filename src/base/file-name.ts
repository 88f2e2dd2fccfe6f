// Name of a file → what other systems make of it: their spelling, a name that all of them allow, its media type.

import { createHash } from 'node:crypto'

/**
 * The same for every name that is the same file on a disk that ignores case and the encoding of accents, as
 * macOS and Windows have them. Full case folding (Unicode §3.13, D145): 'ſ' is 's', 'σς' is 'σσ', 'ß' is 'ss'.
 */
export function foldedName(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toUpperCase()
  // A dotless ı is a letter of its own, on disks as in Turkish; in capitals it would be an I.
  const parts = name.normalize('NFD').toLowerCase().split('ı')
  return parts.map(part => part.toUpperCase()).join('ı')
}

/** Device names that Windows reserves, whatever follows after a dot; superscript digits count as well. */
const RESERVED = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?=\.|$)/i

/**
 * On Windows a file with the name of a device cannot be created, nor a git repository with one checked out:
 * 'con' → 'con-1143da', 'con.txt' → 'con-d3bde2.txt'.
 */
export function portableName(name: string): string {
  return RESERVED.test(name) ? name.replace(RESERVED, device => `${device}-${shortHash(name)}`) : name
}

/** Six letters and digits that make a name unique where the rest of it is not. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6)
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heif: 'image/heif',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  tiff: 'image/tiff',
  tif: 'image/tiff',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  json: 'application/json',
  xml: 'application/xml',
  opml: 'text/x-opml',
  html: 'text/html',
  css: 'text/css',
  txt: 'text/plain',
  eml: 'message/rfc822',
}

/** @param name a file's name or path, or the path of an address; what comes after its last point counts */
export function mediaTypeOf(name: string): string | undefined {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]
}
