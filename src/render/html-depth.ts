// HTML → the same without tags that lie deeper in one another than any text has them, and whether its tags lie in one another
// as HTML lets them. The parser behind clean-html.ts looks through all open elements at each tag: a megabyte of `<b></i>` would
// take it minutes.

/** Elements in one another. */
export const MAX_DEPTH = 200

export function withinDepth(html: string): string {
  // The number of tags bounds the depth.
  if (html.split('<', MAX_DEPTH + 2).length <= MAX_DEPTH + 1) return html
  const open = new OpenElements()
  let out = ''
  let copied = 0
  for (const { isClosing, name, from, to } of tagsOf(html)) {
    const stays = isClosing ? open.close(name) : open.open(name, () => endsItself(html, from, to))
    if (stays) continue
    out += html.slice(copied, from)
    copied = to
  }
  return copied === 0 ? html : out + html.slice(copied)
}

const FORMATTING = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '))
const HEADING = /^h[1-6]$/
const SCOPE = new Set(['td', 'th', 'caption', 'math', 'object', 'button'])
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  table: ['caption', 'colgroup', 'thead', 'tbody', 'tfoot', 'tr'],
  thead: ['tr'],
  tbody: ['tr'],
  tfoot: ['tr'],
  tr: ['td', 'th'],
}
const TABLE_PART = /^(?:caption|colgroup|thead|tbody|tfoot|tr|td|th)$/
/** Each paragraph repeats what is open around it, when HTML is parsed: a megabyte could become gigabytes. */
const MAX_REPEATED_TAGS = 100_000

/**
 * HTML §13.2.6: whether a browser would move something of this to another place: a block in a paragraph, a heading in a
 * heading, a link in a link, words between the cells of a table.
 *
 * @param html where every element that is opened is closed, as clean-html.ts leaves it
 */
export function isMisnested(html: string): boolean {
  const open: string[] = []
  let formatting = 0
  let repeated = 0
  let isWrong = false
  let from = 0
  const isOpen = (name: string) => {
    const scope = open.findLastIndex(other => SCOPE.has(other))
    return open.lastIndexOf(name) > scope
  }
  for (const { isClosing, name, from: at, to } of tagsOf(html)) {
    const parent = open.at(-1) ?? ''
    const allowed = INSIDE[parent]
    if (allowed && /\S/.test(html.slice(from, at))) isWrong = true
    from = to
    if (isClosing) {
      if (open.pop() !== name) isWrong = true
      if (FORMATTING.has(name)) formatting--
      continue
    }
    if (allowed ? !allowed.includes(name) : TABLE_PART.test(name)) isWrong ||= !(parent === 'colgroup')
    if (CLOSES.get(name)?.includes('p')) isWrong ||= isOpen('p')
    if (name === 'p' || name === 'center' || name === 'summary' || name === 'hgroup') isWrong ||= isOpen('p')
    if (HEADING.test(name)) isWrong ||= HEADING.test(parent)
    if (name === 'a') isWrong ||= open.includes('a')
    if (FORMATTING.has(name)) formatting++
    repeated += formatting
    if (!VOID.has(name)) open.push(name)
  }
  return isWrong && repeated < MAX_REPEATED_TAGS
}

interface FoundTag {
  readonly isClosing: boolean
  /** In small letters. */
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Each character is looked at once; a tag or a comment that does not end ends the search. */
function* tagsOf(html: string): Generator<FoundTag> {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4)
      if (end === -1) return
      at = end + 3
      continue
    }
    NAME.lastIndex = at + 1
    const [, slash, name] = NAME.exec(html) ?? []
    if (name === undefined) {
      at++
      continue
    }
    const to = endOfTag(html, NAME.lastIndex)
    if (to === undefined) return
    yield { isClosing: slash === '/', name: name.toLowerCase(), from: at, to }
    at = to
  }
}

const NAME = /(\/?)([a-z][^\s/>]*)/iy
const QUOTE_OR_END = /["'>]/g

function endOfTag(html: string, from: number): number | undefined {
  for (let at = from; ; ) {
    QUOTE_OR_END.lastIndex = at
    const found = QUOTE_OR_END.exec(html)
    if (!found) return undefined
    at = found.index + 1
    if (found[0] === '>') return at
    // Elsewhere than behind an equals sign it is a part of a name.
    if (!/=\s*$/.test(html.slice(Math.max(from, at - 20), at - 1))) continue
    const end = html.indexOf(found[0], at)
    if (end === -1) return undefined
    at = end + 1
  }
}

/** `<path/>`, and not `<path d=x/>`, whose value ends in a slash. */
function endsItself(html: string, from: number, to: number): boolean {
  return html[to - 2] === '/' && !/=\s*[^\s"']*$/.test(html.slice(Math.max(from, to - 200), to - 2))
}

const VOID = new Set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr'.split(
    ' ',
  ),
)
const P = ['p']
const FORM = 'input option optgroup select button datalist textarea'.split(' ')
/** Opening tag → what it closes without a word, as the parser has it: where one said more, the parser's list would grow without end. */
const CLOSES = new Map<string, readonly string[]>([
  ...'p li th option'.split(' ').map(name => [name, [name]] as const),
  ['optgroup', ['optgroup', 'option']],
  ['tr', ['tr', 'th', 'td']],
  ['td', ['thead', 'th', 'td']],
  ['dd', ['dd', 'dt']],
  ['dt', ['dd', 'dt']],
  ['rt', ['rt', 'rp']],
  ['rp', ['rt', 'rp']],
  ['tbody', ['thead', 'tbody']],
  ['tfoot', ['thead', 'tbody']],
  ['body', ['head', 'link', 'script']],
  ...'select input output button datalist textarea'.split(' ').map(name => [name, FORM] as const),
  ...'h1 h2 h3 h4 h5 h6 address article aside blockquote details div dl fieldset figcaption figure footer form header hr main'
    .split(' ')
    .concat('nav', 'ol', 'pre', 'section', 'table', 'ul')
    .map(name => [name, P] as const),
])
/** In them `<path/>` is closed. */
const FOREIGN = new Set(['math', 'svg'])
/** Parts of those in which it is not. */
const HTML_IN_FOREIGN = new Set('mi mo mn ms mtext annotation-xml foreignobject desc title'.split(' '))

/** The parser never forgets one that ends itself or is closed by what is around it. */
const MAX_FOREIGN = 2000

/** What is open at a place, outermost first. */
class OpenElements {
  readonly #names: string[] = []
  readonly #counts = new Map<string, number>()
  /** Opening tags that were left out, and not closed yet. */
  readonly #dropped = new Map<string, number>()
  /** Whether each part of SVG and MathML that is open, and each part of HTML in it, is foreign to HTML. */
  readonly #foreign: boolean[] = []

  /** @param endsItself whether the tag ends in a slash @returns whether it stays */
  open(name: string, endsItself: () => boolean): boolean {
    const closed = CLOSES.get(name)
    while (closed?.includes(this.#names.at(-1) ?? '')) this.#pop()
    if (VOID.has(name)) return true
    const changes = FOREIGN.has(name) || HTML_IN_FOREIGN.has(name)
    const isForeign = changes ? FOREIGN.has(name) : this.#foreign.at(-1) === true
    const isClosed = isForeign && endsItself()
    const isTooDeep = !isClosed && this.#names.length >= MAX_DEPTH
    if (isTooDeep || (changes && this.#foreign.length >= MAX_FOREIGN)) {
      this.#dropped.set(name, (this.#dropped.get(name) ?? 0) + 1)
      return false
    }
    if (changes) this.#foreign.push(isForeign)
    if (isClosed) return true
    this.#names.push(name)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
    return true
  }

  /** @returns whether the tag stays: that of one that was left out goes, too */
  close(name: string): boolean {
    const dropped = this.#dropped.get(name) ?? 0
    if (dropped > 0) {
      this.#dropped.set(name, dropped - 1)
      return false
    }
    if (FOREIGN.has(name) || HTML_IN_FOREIGN.has(name)) this.#foreign.pop()
    if ((this.#counts.get(name) ?? 0) > 0) while (this.#pop() !== name);
    return true
  }

  #pop(): string {
    const name = this.#names.pop()!
    this.#counts.set(name, this.#counts.get(name)! - 1)
    return name
  }
}
