// A file beside the articles → the reason why it must not be published (a browser would run it with the rights of the
// site, or the server would), if there is one; or its text, where an article includes that. Pictures, recordings,
// documents and plain data are not judged; XML (SVG and MathML too) is read.

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, posix, relative, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decodePath, mediaTypeOf, once } from '../base/index.ts'
import type { RefusedFile } from '../model.ts'
import { sortFields } from './articles/fields.ts'
import { parseFrontMatter } from './articles/parse-front-matter.ts'
import { ARTICLE_EXTENSION, placeOfArticles } from './list-folder.ts'
import { readText } from './read-file.ts'
import { splitFrontMatter } from './split-front-matter.ts'

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
  // Servers send page.html.gz as what it is packed from.
  const packed = PACKED.test(last) ? before[0] : undefined
  const extensions = packed !== undefined ? [last, packed] : isKnown ? [last] : [last, ...before]
  const onServer = [last, ...before].find(each => RUN_BY_SERVERS.test(each))
  const inBrowser = extensions.find(each => RUN_BY_BROWSERS.test(each))
  const key = onServer ?? inBrowser
  if (key !== undefined) {
    if (allowed.includes(key)) return undefined
    return { what: onServer ? 'is a program that web servers run' : (NAMES[key] ?? 'is a script'), key }
  }
  const shown = packed !== undefined && XML.test(packed) ? packed : last
  const own = shown || 'none'
  if (allowed.includes(own) || (isKnown && !XML.test(shown))) return undefined
  const what = judgeMarkup(path, shown)
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

/** Content codings, by the ending that a server knows them by. RFC 9110 §8.4.1 */
const PACKED = /^(?:gz|br|zst|bz2|xz|z|lzma)$/

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

// ─── Files that are included ─────────────────────────────────────────────────────────────────────────────────────────
//
// What a tag of another tool names (`{% include_relative x.md %}`, `<<< @/x.js`, `--8<-- "x.md"`) → the text of a file below
// `articles/`, or why there is none.

/** What to say of a file that cannot be included: 'is not there'. */
export interface NotIncluded {
  readonly why: string
}

export interface IncludedFile {
  /** Relative to `articles/`. */
  readonly file: string
  readonly text: string
}

/** @param from a folder relative to `articles/`; '' for `articles/` itself */
export type IncludeReader = (reference: string, from: string) => IncludedFile | NotIncluded

const MAX_PUT_IN_BYTES = 500_000

/** @param root absolute path of the publication's folder */
export function openIncludeReader(root: string): IncludeReader {
  const articles = join(root, 'articles')
  const place = once(() => placeOfArticles(root))
  const top = once(() => realpathSync.native(articles))
  const read = (reference: string, from: string): IncludedFile | NotIncluded => {
    if (/^[a-z][\w+.-]*:/i.test(reference)) return { why: 'is not in the folder: nothing is fetched' }
    const path = decodePath(reference.replace(/^@(?=\/)/, ''))
    if (path === '' || path.includes('\0') || path.length > 500) return { why: 'is no name of a file' }
    const file = placesOf(path, from, place()).find(
      each => each !== '..' && !each.startsWith('../') && isFile(join(articles, each)),
    )
    if (file === undefined) return { why: 'is not there, or not below the folder of the articles' }
    // A link may lead to a file that is private.
    const real = relative(top(), realpathSync.native(join(articles, file)))
      .split(sep)
      .join('/')
    if (real.startsWith('../') || isAbsolute(real))
      return { why: 'is a link out of the folder of the articles' }
    if ([file, real].some(isSecret)) return { why: 'is not for readers, by its name' }
    if (statSync(join(articles, file)).size > MAX_PUT_IN_BYTES)
      return { why: `has more than ${MAX_PUT_IN_BYTES / 1000} kB` }
    const content = readText(join(articles, file))
    if (!('text' in content)) return { why: 'is no text' }
    return withoutFrontMatter(file, content.text)
  }
  return (reference, from) => {
    try {
      return read(reference, from)
    } catch {
      // A name that no file system takes, links in a circle, a folder that nobody may look into.
      return { why: 'cannot be read' }
    }
  }
}

/** Beside the article, at the top of `articles/`, and at the top of the site of which `articles` is a folder. */
function placesOf(path: string, from: string, place: string): string[] {
  const plain = path.replace(/^\/+/, '')
  const inSite = SITE_TOPS.map(above => posix.normalize(`${above}${plain}`))
    .filter(each => each.startsWith(`${place}/`))
    .map(each => each.slice(place.length + 1))
  return [...(path.startsWith('/') ? [] : [posix.join(from, path)]), posix.normalize(plain), ...inSite]
}

const SITE_TOPS = ['', 'docs/', 'src/', 'content/', 'source/', 'source/downloads/code/']

function isSecret(file: string): boolean {
  return (
    file.split('/').some(name => name.startsWith('.') || name === 'node_modules') ||
    /^publication\.ya?ml$|(?:^|\/)_?(?:drafts?|private)\/|\.draft\.\w+$|\.(?:pem|key|p12|pfx|sqlite3?|db)$/i.test(
      file,
    )
  )
}

/** Of an article of its own nothing is shown before its time, and not twice. */
function withoutFrontMatter(file: string, text: string): IncludedFile | NotIncluded {
  const isArticle = ARTICLE_EXTENSION.test(file)
  // Its name is its date, as Jekyll's posts have it.
  if (isArticle && DATED.test(file)) return { why: 'is an article of its own, by its name' }
  const split = isArticle ? splitFrontMatter(text) : undefined
  if (!split || 'problem' in split) return { file, text }
  const parsed = parseFrontMatter(split.language, split.block)
  if ('message' in parsed) return { why: 'has front matter that cannot be read' }
  const { values, heldBackBy } = sortFields(parsed.fields)
  const own = [values.date, values.draft, values.unlisted, values.expires, values.embargo, values.withdrawn]
  if (heldBackBy.length > 0 || own.some(value => value !== undefined && value !== false))
    return { why: 'is an article of its own, or is held back' }
  return { file, text: split.body }
}

const DATED = /(?:^|\/)\d{4}-\d{1,2}-\d{1,2}(?:[-_ .]|$)[^/]*$/

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
