// Name and first bytes of a file in out/ → its Content-Type. A feed is known by what it says, wherever it lies.

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
  opml: 'text/x-opml; charset=utf-8',
  eml: 'message/rfc822',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  vtt: 'text/vtt; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
}

/** @param head its first bytes as text, some hundred */
export function mediaType(name: string, head: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (extension === 'xml' && /<rss[\s>]/.test(head)) return 'application/rss+xml; charset=utf-8'
  // RFC 4287 §7
  if (extension === 'xml' && /<feed[\s>]/.test(head)) return 'application/atom+xml; charset=utf-8'
  if (extension === 'json' && /jsonfeed\.org\/version/.test(head))
    return 'application/feed+json; charset=utf-8'
  return TYPES[extension] ?? 'application/octet-stream'
}

/** Whether it gets smaller when compressed. */
export function isText(type: string): boolean {
  return /^text\/|[+/](xml|json)\b|^message\/|x-subrip/.test(type)
}
