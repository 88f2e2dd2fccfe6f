// HTML with parts of the author's own → HTML that feed readers and mail clients may be given: an allow-list of tags and
// attributes, every address absolute, embeds as links. Loaded by the first article that has HTML.
import { createRequire } from 'node:module'
import type { IOptions, Transformer } from 'sanitize-html'
import { byEachName, cleanText, unescapeHtml } from '../base/index.ts'
import { isMisnested, MAX_DEPTH, withinDepth } from './html-depth.ts'
import type { Base, Resolve } from './references.ts'

type Sanitize = typeof import('sanitize-html')
let sanitize: Sanitize | undefined

interface CleanOptions {
  readonly base: Base
  readonly resolve: Resolve
  readonly letter: boolean
  /** Told every own file that the HTML shows. */
  file(file: string): void
  /** Told that tags were left out, which lie too deep in one another. */
  tooDeep?(): void
}

export function cleanHtml(html: string, options: CleanOptions): string {
  sanitize ??= createRequire(import.meta.url)('sanitize-html') as Sanitize
  const single = withoutTwins(html)
  const shallow = withinDepth(single)
  if (shallow !== single) options.tooDeep?.()
  const clean = cleanText(sanitize(shallow, sanitizeOptions(options)))
    .replaceAll('<span></span>', '')
    .trim()
  return isMisnested(clean) ? asBrowsersRead(clean) : clean
}

/** Readers and mail clients would each put right in their own way what lies wrong; validators warn of it. */
function asBrowsersRead(html: string): string {
  const { parseFragment, serialize } = createRequire(import.meta.url)('parse5') as typeof import('parse5')
  return serialize(parseFragment(html)).replace(/<p><\/p>\n?/g, '')
}

/** MathML, and nothing else: no style, no address, no text beside it. */
export function cleanMathml(mathml: string): string {
  sanitize ??= createRequire(import.meta.url)('sanitize-html') as Sanitize
  return cleanText(
    sanitize(mathml, {
      allowedTags: MATHML_TAGS,
      allowedAttributes: { '*': MATHML_ATTRIBUTES },
      nestingLimit: MAX_DEPTH,
    }),
  )
}

/** MathML Core, §2 to §4. */
const MATHML_TAGS =
  `math semantics annotation merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot
  mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none menclose mfenced`.split(
    /\s+/,
  )
const MATHML_ATTRIBUTES =
  `display displaystyle scriptlevel mathvariant stretchy symmetric form fence separator lspace rspace largeop
  movablelimits accent accentunder linethickness columnspan rowspan minsize maxsize width height depth
  voffset encoding linebreak columnalign notation dir xmlns`.split(/\s+/)

/** Whether there are tags only, and none that shows anything by itself: a text may have a hundred thousand of such blocks. */
export function isOnlyTags(html: string): boolean {
  return html.startsWith('<') && html.replace(WORDLESS, '').trim() === ''
}
const WORDLESS = /<\/?(?!(?:a|audio|br|embed|iframe|img|object|source|t[dh]|video)[\s/>])[a-z][^<>]*>/gi

/** Text of HTML, without any tag. */
export function stripHtml(html: string): string {
  if (!/[<&]/.test(html)) return cleanText(html)
  sanitize ??= createRequire(import.meta.url)('sanitize-html') as Sanitize
  const text = sanitize(withinDepth(html), {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: NON_TEXT_TAGS,
    nestingLimit: MAX_DEPTH,
  })
  return cleanText(unescapeHtml(text))
}

/** Of HTML, SVG and MathML, those of old included. */
export const ELEMENTS = new Set(
  (
    'a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br ' +
    'button canvas caption center circle cite clippath code col colgroup command content data datalist dd defs del desc details ' +
    'dfn dialog dir div dl dt ellipse em embed fieldset figcaption figure filter font footer foreignobject form frame frameset g ' +
    'h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li line ' +
    'lineargradient link listing main map mark marker marquee mask math menclose menu menuitem merror meta metadata meter mfenced ' +
    'mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd ' +
    'mtext mtr multicol munder munderover nav nobr noembed noframes none noscript object ol optgroup option output p param path ' +
    'pattern picture plaintext polygon polyline portal pre progress q radialgradient rb rect rp rt rtc ruby s samp script search ' +
    'section select semantics slot small source spacer span stop strike strong style sub summary sup svg switch symbol table tbody ' +
    'td template text textarea textpath tfoot th thead time title tr track tspan tt u ul use var video view wbr xmp'
  ).split(' '),
)

/** Their text is no text of the article. */
export const NON_TEXT_TAGS =
  'script style textarea option select button datalist template svg title noframes noembed'.split(' ')

/** Attributes that hold one. */
const ADDRESSES = ['href', 'src', 'poster', 'cite', 'longdesc'] as const

function sanitizeOptions({ base, resolve, letter, file }: CleanOptions): IOptions {
  function absolute(reference: string): string | undefined {
    const found = resolve(reference, base)
    if (found?.file !== undefined) file(found.file)
    return found?.url
  }

  const everyTag: Transformer = (tagName, given) => {
    const attribs = tagName === 'img' || tagName === 'source' ? shownLater(given) : { ...given }
    for (const name of ADDRESSES) {
      if (attribs[name] === undefined) continue
      const url = absolute(attribs[name])
      if (url === undefined) delete attribs[name]
      else attribs[name] = url
    }
    if (attribs.srcset !== undefined) attribs.srcset = absoluteSet(attribs.srcset, absolute)
    // A picture without an address is an empty frame. (To filter it out later takes time that grows with all before it.)
    // The name of an element that is not allowed would be taken for that of the next one, too, by its closing tag.
    if (tagName === 'img' && !attribs.src && !attribs.srcset) return { tagName: 'span', attribs: {} }
    return { tagName: letter ? (letterTags[tagName] ?? tagName) : tagName, attribs }
  }

  const embed: Transformer = (tagName, attribs) => {
    const link = embedLink(tagName, attribs, absolute)
    return link
      ? { tagName: 'a', attribs: { href: link.url }, text: link.text }
      : { tagName: 'span', attribs: {} }
  }
  const embeds = letter ? ['iframe', 'embed', 'object', 'video', 'audio'] : ['iframe', 'embed', 'object']

  return {
    allowedTags: letter
      ? allowedTags.filter(tag => !(tag in letterTags) && !embeds.includes(tag) && tag !== 'source')
      : [...allowedTags, ...MATHML_TAGS],
    allowedAttributes: allowedAttributes(letter),
    allowedClasses: { code: ['language-*'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'sms', 'xmpp', 'ftp', 'gemini', 'geo', 'magnet'],
    allowedSchemesAppliedToAttributes: [...ADDRESSES],
    nonTextTags: NON_TEXT_TAGS,
    nestingLimit: MAX_DEPTH,
    selfClosing: ['img', 'br', 'hr', 'wbr', 'source', 'track', 'col'],
    transformTags: { '*': everyTag, ...Object.fromEntries(embeds.map(tag => [tag, embed])) },
  }
}

/** A picture that a script would put in the place of an empty one: it is shown at once, for no script runs here. */
function shownLater(given: Readonly<Record<string, string>>): Record<string, string> {
  const source = given['data-src'] ?? given['data-lazy-src'] ?? given['data-original'] ?? given['data-lazy']
  const set = given['data-srcset'] ?? given['data-lazy-srcset']
  const attribs: Record<string, string> = { ...(source ? { src: source } : {}), ...given }
  if (source) attribs.src = source
  if (set) attribs.srcset = set
  else if (source) delete attribs.srcset
  return attribs
}

/** Where the picture of a script is a second time, for those without one. */
function withoutTwins(html: string): string {
  if (!/<noscript\b/i.test(html) || !/\sdata-(?:lazy-)?(?:src|original)\b|\sdata-lazy\b/i.test(html))
    return html
  return html.replace(/<noscript\b[^>]*>(?:(?!<\/noscript)[\s\S]){0,5000}<\/noscript\s*>/gi, twin =>
    /<img\b/i.test(twin) ? '' : twin,
  )
}

/** Address of a player → the page that it is the player of. */
const PLAYERS: readonly [RegExp, (id: string) => string][] = [
  [
    /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]{6,})/,
    id => `https://www.youtube.com/watch?v=${id}`,
  ],
  [/^https?:\/\/player\.vimeo\.com\/video\/(\d+)/, id => `https://vimeo.com/${id}`],
]

/**
 * An embedded player or page → the link that takes its place: no feed reader and no mail client shows a frame.
 *
 * @param absolute makes a reference absolute, or refuses it
 */
function embedLink(
  tag: string,
  attribs: Readonly<Record<string, string>>,
  absolute: (reference: string) => string | undefined,
): { url: string; text: string } | undefined {
  const reference = tag === 'object' ? attribs.data : attribs.src
  const found = reference === undefined ? undefined : absolute(reference)
  if (found === undefined) return undefined
  const player = PLAYERS.find(([pattern]) => pattern.test(found))
  const url = player ? player[1](player[0].exec(found)![1]!) : found
  return { url, text: attribs.title?.trim() || url.replace(/^https?:\/\/(?:www\.)?/, '') }
}

/** `a.jpg 1x, b.jpg 2x`: each candidate made absolute, the refused ones left out. HTML §4.8.4.2.1, by its own steps. */
function absoluteSet(set: string, absolute: (reference: string) => string | undefined): string {
  const out: string[] = []
  let rest = set
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '')
    if (rest === '') return out.join(', ')
    const reference = /^\S+/.exec(rest)![0]
    rest = rest.slice(reference.length)
    // An address that ends in a comma has no size behind it.
    const size = reference.endsWith(',') ? '' : /^[^,]*/.exec(rest)![0]
    rest = rest.slice(size.length)
    const url = absolute(reference.replace(/,+$/, ''))
    const known = /^\d+(?:\.\d+)?[wxh]$/.test(size.trim())
    if (url !== undefined && (known || size.trim() === '')) out.push(`${url} ${size.trim()}`.trim())
  }
}

// The tags and attributes that are allowed in a feed, and what becomes of them in a letter.

const allowedTags = [
  'h1 h2 h3 h4 h5 h6 p div section article aside header footer main nav hgroup blockquote pre hr br wbr',
  'ul ol li dl dt dd figure figcaption details summary address center a abbr b bdi bdo cite code data',
  'del dfn em i ins kbd mark q s samp small span strike strong sub sup time tt u var ruby rb rp rt rtc',
  'big img picture source audio video track table caption colgroup col thead tbody tfoot tr th td',
].flatMap(names => names.split(' '))

/** Tag → the one that every mail client shows in its place. */
export const letterTags: Readonly<Record<string, string>> = byEachName({
  div: 'section article aside header footer main nav hgroup figure details address dl center',
  p: 'figcaption summary dt dd',
  span: 'picture data time wbr big',
  b: 'mark',
  code: 'tt',
  s: 'strike',
})

function allowedAttributes(letter: boolean): Record<string, string[]> {
  const everywhere = letter ? ['dir', 'lang'] : ['id', 'dir', 'lang', 'title']
  return {
    '*': everywhere,
    a: ['href', 'title', 'rel', 'hreflang'],
    img: letter
      ? ['src', 'alt', 'title', 'width', 'height']
      : ['src', 'srcset', 'sizes', 'alt', 'title', 'width', 'height', 'longdesc'],
    source: ['src', 'srcset', 'sizes', 'type', 'media', 'width', 'height'],
    video: ['src', 'poster', 'width', 'height', 'controls', 'preload', 'muted', 'loop'],
    audio: ['src', 'controls', 'preload', 'loop'],
    track: ['src', 'kind', 'srclang', 'label', 'default'],
    blockquote: ['cite'],
    q: ['cite'],
    del: ['cite', 'datetime'],
    ins: ['cite', 'datetime'],
    time: ['datetime'],
    data: ['value'],
    ol: ['start', 'reversed', 'type'],
    li: ['value'],
    table: ['border', 'cellpadding', 'cellspacing', 'width', 'summary', 'align'],
    th: ['align', 'valign', 'colspan', 'rowspan', 'scope', 'abbr', 'width'],
    td: ['align', 'valign', 'colspan', 'rowspan', 'width'],
    tr: ['align', 'valign'],
    col: ['span', 'width', 'align'],
    colgroup: ['span'],
    p: ['align'],
    div: ['align'],
    abbr: ['title'],
    dfn: ['title'],
    details: ['open'],
    ...(letter ? {} : Object.fromEntries(MATHML_TAGS.map(tag => [tag, MATHML_ATTRIBUTES]))),
  }
}
