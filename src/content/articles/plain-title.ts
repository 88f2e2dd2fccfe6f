// A title with inline Markdown and HTML → plain text on one line.

import { oneLine } from '../../base/index.ts'

/** Escaped punctuation waits here while marks are taken away: oneLine has removed every C1 control before. */
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const waiting = 0x80

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  shy: '',
  copy: '©',
  eacute: 'é',
}

export function plainTitle(text: string): string {
  const line = oneLine(text)
  // Nothing so long is a title, and the patterns below are made for one line.
  if (line.length > 2000 || !/[*_`~[<\\]|&[#a-z]/i.test(line)) return line
  if (!/[`\\]/.test(line)) return oneLine(stripMarks(line))
  const parts = line.split(/(`+)/)
  let out = ''
  for (let at = 0; at < parts.length; at++) {
    const close = at % 2 === 1 ? parts.indexOf(parts[at]!, at + 1) : -1
    if (close === -1) {
      out += parts[at]
      continue
    }
    // Code is no Markdown: it is hidden as escaped punctuation is.
    out += hide(
      parts
        .slice(at + 1, close)
        .join('')
        .trim(),
    )
    at = close
  }
  return oneLine(show(stripMarks(out)))
}

function stripMarks(text: string): string {
  let out = text.includes('\\') ? text.replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => hide(mark)) : text
  if (out.includes('<')) out = out.replace(/<!--[^>]*-->|<\/?[a-z][^<>]*>/gi, '')
  if (out.includes('[')) out = out.replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
  if (out.includes('**'))
    out = out
      .replace(/\*\*\*(?=[^\s*])([^*]*[^\s*])\*\*\*/g, '$1')
      .replace(/\*\*(?=[^\s*])((?:[^*]|\*(?!\*))*[^\s])\*\*/g, '$1')
  if (out.includes('*')) out = out.replace(/\*(?=[^\s*])([^*]*[^\s*])\*/g, '$1')
  if (out.includes('_'))
    out = out.replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\1(?![\p{L}\p{N}_])/gu, '$2')
  if (out.includes('~')) out = out.replace(/~~(?=[^\s~])([^~]*)~~/g, '$1')
  return out.includes('&') ? out.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, decode) : out
}

function decode(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name) return entities[name.toLowerCase()] ?? whole
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function hide(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, mark => String.fromCharCode(waiting + punctuation.indexOf(mark)))
}

function show(text: string): string {
  return text.replace(/[\x80-\x9f]/g, mark => punctuation[mark.charCodeAt(0) - waiting] ?? '')
}
