// The text of a WordPress post → HTML: paragraphs from blank lines, block comments, shortcodes, footnotes.

export interface Attachment {
  readonly url: string
  readonly alt: string | undefined
  readonly caption: string | undefined
  readonly credit: string | undefined
}

export interface BodyParts {
  readonly attachments: ReadonlyMap<string, Attachment>
  /** Reusable blocks, by id. */
  readonly blocks: ReadonlyMap<string, string>
  /** JSON of the block editor's footnotes. */
  readonly footnotes: string
  /** @param line of the text, 1-based */
  lost(kind: string, message: string, line: number): void
}

export function readBody(text: string, parts: BodyParts): string {
  const source = text.replace(/\r\n?/g, '\n').replace(/<!--\s*nextpage\s*-->/g, '\n\n')
  const isOfBlocks = hasBlocks(text)
  const opened = isOfBlocks ? withAddresses(readBlocks(source, at(parts, source), 0)) : source
  const short = readShortcodes(opened, at(parts, source))
  return isOfBlocks ? short : onTheirLines(paragraphs(short), source)
}

/** Parts that find the line of what they report: each sign is behind the one before, or it is looked for from the start. */
function at(parts: BodyParts, source: string): Finder {
  let [from, line] = [0, 1]
  return {
    ...parts,
    lostAt(kind, message, sign) {
      const next = source.indexOf(sign, from)
      const found = next === -1 ? source.indexOf(sign) : next
      if (found !== -1) {
        if (next === -1) [from, line] = [0, 1]
        line += lineBreaks(source, from, found)
        from = found + 1
      }
      parts.lost(kind, message, line)
    },
  }
}

function lineBreaks(text: string, from: number, until: number): number {
  let count = 0
  for (let end = text.indexOf('\n', from); end !== -1 && end < until; end = text.indexOf('\n', end + 1))
    count++
  return count
}

interface Finder extends BodyParts {
  /** @param sign as it is in the text */
  lostAt(kind: string, message: string, sign: string): void
}

/** The block of a player holds its address on a line of its own. */
function withAddresses(html: string): string {
  return html.replace(
    /(<div class="wp-block-embed__wrapper">)\s*(https?:\/\/[^\s<]+)\s*(<\/div>)/g,
    (_, open: string, url: string, close: string) => open + bareAddress(url) + close,
  )
}

function hasBlocks(text: string | undefined): boolean {
  return text !== undefined && /<!--\s*wp:/.test(text)
}

/** Blocks that WordPress fills when somebody looks. */
const FILLED =
  /^(?:latest-\w+|archives|calendar|categories|tag-cloud|rss|search|query|post-[\w-]+|site-[\w-]+|navigation\S*|loginout|comments\S*|jetpack\/(?:contact-form|subscriptions|related-posts)\S*|social-links?|page-list|avatar|template-part)/

/** Their comments go; one that stands for a text of its own is put in. */
function readBlocks(text: string, parts: Finder, depth: number): string {
  return text.replace(
    /<!--\s*(\/?)wp:([a-z0-9/-]+)\s*(\{(?:[^-]|-(?!->))*\})?\s*(\/?)-->/g,
    (sign, close: string, name: string, json: string | undefined, isSingle: string) => {
      if (close) return ''
      const bare = name.replace(/^core\//, '')
      if (bare === 'block') {
        const { ref, content } = attributesOf(json)
        const own = parts.blocks.get(String(ref))
        if (content !== undefined)
          parts.lostAt(
            'shared blocks with words of their own',
            `the shared block ${ref} is shown as others show it, without ${JSON.stringify(content).slice(0, 120)}`,
            sign,
          )
        if (own !== undefined && depth < 5) return readBlocks(own, parts, depth + 1)
      } else if (bare === 'footnotes') return footnotes(parts.footnotes)
      else if (bare === 'embed' || bare.startsWith('core-embed/')) {
        // Its address is inside, too, unless the block is empty.
        const { url } = attributesOf(json)
        return isSingle && typeof url === 'string' ? bareAddress(url) : ''
      }
      if ((isSingle && !/^(?:more|nextpage|separator|spacer)$/.test(bare)) || FILLED.test(bare))
        parts.lostAt('blocks that WordPress fills', `the block ${bare} has no text of its own`, sign)
      return ''
    },
  )
}

function attributesOf(json: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(json ?? '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}

function footnotes(json: string): string {
  let notes: unknown
  try {
    notes = JSON.parse(json || '[]')
  } catch {
    return ''
  }
  if (!Array.isArray(notes)) return ''
  const items = notes.map(
    ({ id, content }: { id: string; content: string }) =>
      `<li id="${id}">${content} <a href="#${id}-link">↩</a></li>`,
  )
  return `<ol class="wp-block-footnotes">${items.join('')}</ol>`
}

function bareAddress(url: string): string {
  const safe = url.replace(/&(?!\w+;)/g, '&amp;').replace(/[<>"]/g, encodeURIComponent)
  return `<p><a href="${safe}">${safe}</a></p>`
}

const SHORTCODE = /\[(\[?)([a-z][a-z0-9_-]*)((?:[\s=][^[\]]*)?)\](\]?)/gi

/** Those that WordPress itself, or a plugin that everybody has, knows. */
const SHORTCODES: Readonly<Record<string, (found: Shortcode, parts: BodyParts) => string>> = {
  caption: caption,
  wp_caption: caption,
  gallery: ({ attributes }, { attachments }) =>
    gallery(attributes.ids ?? attributes.include ?? '', attachments),
  playlist: ({ attributes }, { attachments }) =>
    (attributes.ids ?? '')
      .split(',')
      .map(id => player('audio', attachments.get(id.trim())?.url ?? ''))
      .join('\n\n'),
  audio: ({ attributes }) => player('audio', firstOf(attributes, 'src', 'mp3', 'm4a', 'ogg', 'wav')),
  video: ({ attributes }) => player('video', firstOf(attributes, 'src', 'mp4', 'm4v', 'webm', 'ogv')),
  embed: ({ inside }) => `\n\n${bareAddress(inside.trim())}\n\n`,
  youtube: addressed('https://www.youtube.com/watch?v='),
  vimeo: addressed('https://vimeo.com/'),
  tweet: addressed('https://twitter.com/i/status/'),
  twitter: addressed('https://twitter.com/i/status/'),
  instagram: addressed('https://www.instagram.com/p/'),
  soundcloud: addressed('https://soundcloud.com/'),
  gist: addressed('https://gist.github.com/'),
  sourcecode: code,
  code,
}

interface Shortcode {
  readonly attributes: Readonly<Record<string, string>>
  /** Values without a name: `[youtube https://…]`. */
  readonly words: string
  readonly inside: string
}

function readShortcodes(text: string, parts: Finder): string {
  // What shows a shortcode is no shortcode.
  return text
    .split(/(<(?:pre|code|script|style)\b[\s\S]*?<\/(?:pre|code|script|style)\s*>)/i)
    .map((part, at) => (at % 2 === 1 ? part : replaceShortcodes(part, parts, 0)))
    .join('')
}

function replaceShortcodes(text: string, parts: Finder, depth: number): string {
  if (!text.includes('[')) return text
  let out = ''
  let at = 0
  const endless = new Set<string>()
  const lowered = text.toLowerCase()
  const find = new RegExp(SHORTCODE)
  for (let found = find.exec(text); found; found = find.exec(text)) {
    const [whole, double, name = '', rest = '', shut] = found
    let end = found.index + whole.length
    const key = name.toLowerCase()
    let inside: string | undefined
    if (!double && !shut && !/\/\s*$/.test(rest) && !endless.has(key)) {
      const close = lowered.indexOf(`[/${key}]`, end)
      if (close === -1) endless.add(key)
      else {
        inside = text.slice(end, close)
        end = close + key.length + 3
      }
    }
    const own = double && shut ? whole.slice(1, -1) : meaning(key, rest, inside, parts, depth, whole)
    if (own === undefined) continue
    out += text.slice(at, found.index) + (double && !shut ? '[' : '') + own + (shut && !double ? ']' : '')
    at = end
    find.lastIndex = end
  }
  return out + text.slice(at)
}

/** @returns undefined for what is no shortcode */
function meaning(
  name: string,
  rest: string,
  inside: string | undefined,
  parts: Finder,
  depth: number,
  sign: string,
): string | undefined {
  const attributes: Record<string, string> = {}
  const words = rest
    .replace(
      /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g,
      (_, key: string, ...values: (string | undefined)[]) => {
        attributes[key.toLowerCase()] = values.slice(0, 3).find(value => value !== undefined) ?? ''
        return ''
      },
    )
    .replace(/^[\s=]+/, '')
    .trim()
  const own = Object.hasOwn(SHORTCODES, name) ? SHORTCODES[name] : undefined
  if (own) return own({ attributes, words, inside: inside ?? '' }, parts)
  // `[sic]` and `[1]` are words; what has settings, an end or a name that no word has is a plugin's.
  const isCode = Object.keys(attributes).length > 0 || inside !== undefined || /[_-]/.test(name)
  if (!isCode) return undefined
  parts.lostAt(
    'shortcodes',
    `[${name}] has no meaning here${inside?.trim() ? ': what it encloses stays' : ''}`,
    sign,
  )
  return inside !== undefined && depth < 8 ? replaceShortcodes(inside, parts, depth + 1) : (inside ?? '')
}

function caption({ attributes, inside }: Shortcode): string {
  const picture = /^\s*(?:<p>\s*)?((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*<\/a>)?)([\s\S]*)$/i.exec(inside)
  if (!picture) return inside
  const words = attributes.caption ?? picture[2]!.trim()
  return `\n\n<figure>${picture[1]}<figcaption>${words}</figcaption></figure>\n\n`
}

function gallery(ids: string, attachments: BodyParts['attachments']): string {
  const figures = ids.split(',').flatMap(id => {
    const picture = attachments.get(id.trim())
    if (!picture) return []
    const img = `<img src="${escapeHtml(picture.url)}" alt="${escapeHtml(picture.alt ?? '')}">`
    return picture.caption
      ? `<figure>${img}<figcaption>${escapeHtml(picture.caption)}</figcaption></figure>`
      : `<p>${img}</p>`
  })
  return `\n\n${figures.join('\n\n')}\n\n`
}

function player(tag: 'audio' | 'video', url: string): string {
  return url === '' ? '' : `\n\n<${tag} src="${escapeHtml(url)}"></${tag}>\n\n`
}

function firstOf(attributes: Readonly<Record<string, string>>, ...keys: string[]): string {
  return keys.map(key => attributes[key] ?? '').find(value => value !== '') ?? ''
}

/** @param prefix of an address, where only an id is given */
function addressed(prefix: string) {
  return ({ attributes, words, inside }: Shortcode): string => {
    const given = firstOf(attributes, 'url', 'id') || words || inside
    const url = /^https?:/.test(given) ? given : prefix + given
    return given.trim() === '' ? '' : `\n\n${bareAddress(url.trim())}\n\n`
  }
}

function code({ attributes, inside }: Shortcode): string {
  const language = firstOf(attributes, 'language', 'lang').replace(/[^\w+-]/g, '')
  return `\n\n<pre><code${language ? ` class="language-${language}"` : ''}>${inside}</code></pre>\n\n`
}

function escapeHtml(text: string): string {
  return text
    .replace(/&(?!#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/"/g, '&quot;')
}

const OF_TEXT =
  'p|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|pre|hr|figure|figcaption|form|address|fieldset|details|summary|iframe|video|audio'
const OF_BLOCKS = 'blockquote|div|section|article|aside|header|footer|main|center'
const OPENS_BLOCK = new RegExp(`^</?(?:${OF_TEXT}|${OF_BLOCKS})(?=[\\s/>])|^<!--`, 'i')

/** How far behind the last one a block is looked for; then in all of the text, so many times. */
const NEAR_CHARACTERS = 50_000
const MAX_FAR_SEARCHES = 100

/** Blocks as one text, in which each begins on the line that it had, as far as that is known: problems are told with their line. */
function onTheirLines(blocks: readonly string[], source: string): string {
  let out = ''
  let line = 1
  let [at, lineAt] = [0, 1]
  let far = MAX_FAR_SEARCHES
  let before = 0
  for (const block of blocks) {
    const sign = signOf(block)
    const near = source.slice(at, at + NEAR_CHARACTERS + before).indexOf(sign)
    const start = near !== -1 ? at + near : far-- > 0 ? source.indexOf(sign, at) : -1
    if (start !== -1) {
      lineAt += lineBreaks(source, at, start)
      at = start
      if (lineAt > line) out += '\n'.repeat(lineAt - line)
      line = Math.max(line, lineAt)
    }
    before = block.length
    // Several may be on one line.
    out += `${block} `
    line += lineBreaks(block, 0, block.length)
  }
  return out
}

/** What is at its beginning in the export, too: of a picture with a caption, its address. */
function signOf(block: string): string {
  const address = /^<figure>(?:<a\b[^>]*>\s*)?<img\b[^>]*\ssrc=["']([^"']{8,})/i.exec(block)?.[1]
  if (address !== undefined) return address
  return block
    .replace(/^<p>/, '')
    .slice(0, 30)
    .replace(/<(?:br|\/p).*$/s, '')
}

/** As WordPress shows a text without paragraphs: a blank line ends one, a line break is one. */
function paragraphs(text: string): string[] {
  const kept: string[] = []
  const bare = text.replace(/<(pre|script|style|textarea|svg|math)\b[\s\S]*?<\/\1\s*>/gi, whole => {
    kept.push(whole)
    return `\n\n<pre data-kept="${kept.length - 1}">\n\n`
  })
  return bare
    .replace(new RegExp(`<(?:${OF_TEXT}|${OF_BLOCKS})(?=[\\s/>])`, 'gi'), '\n\n$&')
    .replace(new RegExp(`</(?:${OF_TEXT}|${OF_BLOCKS})\\s*>`, 'gi'), '$&\n\n')
    .replace(new RegExp(`<(?:${OF_BLOCKS})(?:\\s[^<>]*)?>|<hr\\b[^<>]*>|<!--more-->`, 'gi'), '\n\n$&\n\n')
    .split(/\n[ \t]*\n\s*/)
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const place = /^<pre data-kept="(\d+)">$/.exec(part)?.[1]
      if (place !== undefined) return kept[Number(place)]!
      if (OPENS_BLOCK.test(part)) return part
      if (/^https?:\/\/\S+$/.test(part)) return bareAddress(part)
      return `<p>${part.replace(/(?<!<br\s*\/?>)[ \t]*\n/gi, '<br>\n')}</p>`
    })
}
