// A file beside the articles → why no site should publish it: a browser would run it with the rights of the site, or the
// server would. Pictures, recordings, documents and plain data are not judged; XML (SVG and MathML too) is read.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { mediaTypeOf } from '../base/index.ts'
import type { RefusedFile } from '../model.ts'

/** What is dangerous about a file; its key is `none` for a name without extension. */
export type Danger = Pick<RefusedFile, 'what' | 'key'>

/**
 * @param path absolute
 * @param allowed extensions that the settings allow, in small letters
 */
export function attachmentDanger(path: string, allowed: readonly string[]): Danger | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  // A server that knows no "fr" goes by the extension before it: page.html.fr.
  const [last = '', ...before] = name
    .split('.')
    .slice(1)
    .map(part => part.trim())
    .reverse()
  const isKnown = mediaTypeOf(name) !== undefined || PLAIN.test(last)
  const extensions = isKnown ? [last] : [last, ...before]
  const onServer = [last, ...before].find(each => RUN_BY_SERVERS.test(each))
  const inBrowser = extensions.find(each => RUN_BY_BROWSERS.test(each))
  const key = onServer ?? inBrowser
  if (key !== undefined) {
    if (allowed.includes(key)) return undefined
    return { what: onServer ? 'is a program that web servers run' : (NAMES[key] ?? 'is a script'), key }
  }
  const own = last || 'none'
  if (allowed.includes(own) || (isKnown && !XML.test(last))) return undefined
  const what = judgeMarkup(path, last)
  return what === undefined ? undefined : { what, key: own }
}

/** Why such a file is not published, and what to do. @param path as the article has it */
export function notPublished(path: string, { what, key }: Danger): [message: string, advice: string] {
  return [
    `${path} is not published: it ${what}`,
    `Link to where it is elsewhere, or allow all such files in publication.yaml: articles: { attachments: [${key}] }`,
  ]
}

const RUN_BY_SERVERS =
  /^(?:php\d?|phtml?|phar|phps|pht|aspx?|ashx|asmx|ascx|jspx?|jspf|cfml?|cgi|fcgi|shtml?|stm|ssi)$/
const RUN_BY_BROWSERS = /^(?:html?|xhtml?|xht|hta|htc|mht|mhtml|m?js|cjs|jsonp|wasm|swf|spl|xap|jar|class)$/
const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['html', 'htm', 'xhtml', 'xhtm', 'xht', 'hta', 'htc', 'mht', 'mhtml'].map(each => [each, 'is HTML']),
  ),
  wasm: 'is a program',
  swf: 'is a program',
  jar: 'is a program',
}
/** Never taken for anything that runs, beside the types known to all of the program. */
const PLAIN =
  /^(?:zip|gz|tgz|bz2|xz|7z|rar|tar|docx?|xlsx?|pptx?|od[tsp]|rtf|epub|mobi|csv|tsv|md|ya?ml|toml|ini|log|woff2?|ttf|otf|ics|vcf|mov|mkv|avi|ogv|mpe?g|psd|ai|eps|ps|stl|blend|sqlite|parquet|jsonl?|geojson|bib|tex|py|rb|go|rs|c|h|cpp|hpp|java|kt|sh|sql|r|jl|diff|patch)$/

/** Read, whatever else is in their names: browsers show these as documents, with whatever scripts are in them. */
const XML = /^(?:svgz?|xml|xslt?|mml|mathml|rdf|rss|atom|opml|gpx|kml|xsd|dtd|ttml|smil?|xul|xbl|plist|wsdl)$/
/** More is no drawing. */
const MAX_MARKUP_BYTES = 30_000_000

/** @returns what is wrong with a file of XML, or one of no known type that a browser would take for HTML */
function judgeMarkup(path: string, extension: string): string | undefined {
  const text = markupOf(path)
  if (text === undefined) return XML.test(extension) ? 'cannot be read as XML in UTF-8' : undefined
  if (!XML.test(extension)) {
    // MIME Sniffing Standard §7.1: what a browser takes for HTML when nobody says what it is.
    if (HTML_START.test(text)) return 'is HTML'
    if (!/^\s*<[?!a-z]/i.test(text)) return undefined
  }
  return DANGERS.find(([pattern]) => pattern.test(text))?.[1]
}

/** Entities of numbers are resolved. @returns undefined for what is in no encoding that is certain */
function markupOf(path: string): string | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
    if (bytes[0] === 0x1f && bytes[1] === 0x8b)
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_MARKUP_BYTES })
  } catch {
    return undefined
  }
  if (bytes.length > MAX_MARKUP_BYTES) return undefined
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '')
  if (/^(?:\xff\xfe|\xfe\xff)|\0/.test(text)) return undefined
  const encoding = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)/i.exec(text)?.[1]
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii|iso-8859-1|latin-?1|windows-1252)$/i.test(encoding))
    return undefined
  return text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex, decimal) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code < 128 ? String.fromCharCode(code) : whole
  })
}

const HTML_START =
  /^\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[\s>]/i

/** In XML of any kind: an element counts under every prefix, since any prefix may be that of HTML or SVG. */
const DANGERS: readonly (readonly [RegExp, string])[] = [
  [/<(?:[\w.-]+:)?(?:script|handler|listener)[\s/>]/i, 'has a script in it'],
  [/[\s"'/]on[a-z]+\s*=\s*["']/i, 'has a script in it'],
  [/j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:|attributename\s*=\s*["']\s*on/i, 'has a script in it'],
  [/<(?:[\w.-]+:)?(?:iframe|frame|object|embed|applet|base|meta|form|link)[\s/>]/i, 'has HTML in it'],
  [
    /<\?xml-stylesheet(?![^>]{0,500}?\btype\s*=\s*["']text\/css["'])/i,
    'has a stylesheet that may run scripts',
  ],
  [/<!ATTLIST\b/, 'declares what may hide a script'],
  // Illustrator declares the addresses of its namespaces.
  [/<!ENTITY(?!\s+\w+\s+(["'])https?:[^"'<&%]*\1\s*>)/, 'declares what may hide a script'],
]
