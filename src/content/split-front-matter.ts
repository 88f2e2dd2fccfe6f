// Text of an article → its front matter's language and block, and its body; or why it cannot be split. No YAML is read
// here: cutting a file at two lines costs a hundredth of parsing it.

export interface Split extends Content {
  readonly language: string
  /** Between the two delimiters. */
  readonly block: string
  /** Lines of the file before the block. */
  readonly linesBefore: number
}

export interface Content {
  readonly body: string
  /** 1-based line on which the body begins. */
  readonly bodyLine: number
}

export type SplitProblem = { readonly problem: 'none' | 'open' | 'language'; readonly language: string }

/** Opening delimiter → its language when none is named behind it, and how it ends. */
const delimiters: Readonly<Record<string, { language: string; close: RegExp }>> = {
  // Jekyll also ends front matter with the end-of-document mark of YAML.
  '---': { language: 'yaml', close: /^(?:---|\.\.\.)[ \t]*$/m },
  '+++': { language: 'toml', close: /^\+\+\+[ \t]*$/m },
  ';;;': { language: 'json', close: /^;;;[ \t]*$/m },
}

/** What may be written behind `---`. Everything else could be code, and none of it is run. */
const languages: Readonly<Record<string, string>> = { yaml: 'yaml', yml: 'yaml', toml: 'toml', json: 'json' }

export function splitFrontMatter(text: string): Split | SplitProblem {
  const delimiter = delimiters[text.slice(0, 3)]
  if (!delimiter) return splitWithoutFence(text)
  const lineEnd = text.indexOf('\n') === -1 ? text.length : text.indexOf('\n')
  const named = text.slice(3, lineEnd).trim()
  const rest = text.slice(lineEnd + 1)
  // `-----` may be a rule; Hexo and Hakyll have it for a fence, too, and then a key follows.
  if (named.startsWith(text[0]!) && !(/^-+$/.test(named) && FIRST_KEY.test(rest)))
    return { problem: 'none', language: '' }

  const language = named === '' || named.startsWith('-') ? delimiter.language : languages[named.toLowerCase()]
  if (!language || !Object.hasOwn(languages, language)) return { problem: 'language', language: named }

  const close = (named.startsWith('-') ? /^-{3,}[ \t]*$/m : delimiter.close).exec(rest)
  if (!close) return { problem: 'open', language }
  const block = rest.slice(0, close.index)
  return splitAfter(text, lineEnd + 1 + close.index + close[0].length, language, block)
}

/** @param end where the line ends that closes the front matter */
function splitAfter(text: string, end: number, language: string, block: string, linesBefore = 1): Split {
  return {
    language,
    block,
    linesBefore,
    body: text.slice(end + 1),
    bodyLine: countLines(text, Math.min(end + 1, text.length)),
  }
}

const FIRST_KEY = /^\s*["']?[A-Za-z][\w .-]{0,60}["']?[ \t]*:/

/**
 * Heads without a fence: Hexo's, which ends at the first `---`; Hugo's and Hexo's bare JSON; MultiMarkdown's and Pelican's
 * `Title: …`, which end at an empty line; Nikola's `.. title: …` in a comment.
 */
function splitWithoutFence(text: string): Split | SplitProblem {
  const none: SplitProblem = { problem: 'none', language: '' }
  if (text.startsWith('<!--')) return splitComment(text) ?? none
  if (text.startsWith('{')) return splitBareJson(text) ?? none
  const exported = MDX_METADATA.exec(text)
  if (exported) return splitMetadata(text, exported[0].length) ?? none
  if (!HEAD_KEY.test(text)) return none
  const fence = /^-{3,}[ \t]*$/m.exec(text)
  const block = fence && text.slice(0, fence.index)
  if (block && /^(?:title|date)[ \t]*:/im.test(block) && block.split('\n').every(isYamlLine))
    return splitAfter(text, fence.index + fence[0].length, 'yaml', block, 0)
  const empty = text.search(/\n[ \t]*(?:\n|$)/)
  const head = empty === -1 ? text.trimEnd() : text.slice(0, empty)
  const lines = head.split('\n')
  if (!/^(?:title|date)[ \t]*:/im.test(head) || !lines.every(line => HEAD_LINE.test(line))) return none
  return splitAfter(text, empty === -1 ? text.length : empty + 1, 'head', head, 0)
}

const MDX_METADATA =
  /^(?:\s*(?:import\s[^\n]*|\/\/[^\n]*)\n)*\s*export\s+const\s+(?:metadata|meta|frontmatter)\s*(?::\s*\w+\s*)?=\s*(?:\w+\(\s*)?(?=\{)/i

/** `export const metadata = { title: 'x' }` in MDX: a table of plain values is read as such, and no code is run. */
function splitMetadata(text: string, start: number): Split | undefined {
  const end = closingBrace(text, start)
  if (end === undefined) return undefined
  const block = text
    .slice(start, end)
    .replace(
      /"(?:[^"\\\n]|\\.)*"|'((?:[^'\\\n]|\\.)*)'|`([^`$\\]*)`|\/\/[^\n]*/g,
      (whole, single?: string, back?: string) => {
        const words = single?.replace(/\\(.)/g, '$1') ?? back
        return words !== undefined ? JSON.stringify(words) : whole.startsWith('//') ? '' : whole
      },
    )
    .replace(/\bnew Date\(\s*("[^"\n]*")\s*\)/g, '$1')
  const linesBefore = countLines(text, start) - 1
  return { language: 'export', block, linesBefore, body: text, bodyLine: 1 }
}

/** Of the brace at `start`, whatever is in quotation marks. */
function closingBrace(text: string, start: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const sign = text[at]!
    if (quote !== '') {
      if (sign === '\\') at++
      else if (sign === quote) quote = ''
    } else if (/["'`]/.test(sign)) quote = sign
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return at + 1
  }
  return undefined
}

const HEAD_KEY = /^[A-Za-z][\w-]{0,40}[ \t]*:(?:[ \t]|\n)/
const HEAD_LINE = /^(?:[A-Za-z][\w .-]{0,60}:(?:[ \t].*)?|[ \t]+\S.*)$/

function isYamlLine(line: string): boolean {
  return /^(?:\s*$|\s*#|\s*-(?: |$)|\s+\S|["']?[\w][\w .-]*["']?[ \t]*:(?:\s|$)|[}\]])/.test(line)
}

function splitComment(text: string): Split | undefined {
  const end = text.indexOf('-->')
  const block = text.slice(4, end).replace(/^\n/, '')
  if (end === -1 || !/^[ \t]*\.\.[ \t]+(?:title|slug|date)[ \t]*:/im.test(block)) return undefined
  const lineEnd = text.indexOf('\n', end)
  return splitAfter(text, lineEnd === -1 ? text.length : lineEnd, 'comment', block)
}

function splitBareJson(text: string): Split | undefined {
  if (!/^\{\s*"/.test(text)) return undefined
  let [depth, quoted] = [0, false]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (quoted && sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (quoted) continue
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) {
      const lineEnd = text.indexOf('\n', at)
      return splitAfter(text, lineEnd === -1 ? text.length : lineEnd, 'json', text.slice(0, at + 1), 0)
    }
  }
  return undefined
}

/** 1-based line of an offset. */
export function countLines(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}
