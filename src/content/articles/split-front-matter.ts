// Text of an article → its front matter's language and block, and its body; or why it cannot be split. No YAML is read
// here: cutting a file at two lines costs a hundredth of parsing it.

export interface Split extends Content {
  readonly language: string
  /** Between the two delimiters. */
  readonly block: string
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
  const lineEnd = text.indexOf('\n') === -1 ? text.length : text.indexOf('\n')
  const named = text.slice(3, lineEnd).trim()
  // `-----` is a rule, not front matter.
  if (!delimiter || named.startsWith(text[0]!)) return { problem: 'none', language: '' }

  const language = named === '' ? delimiter.language : languages[named.toLowerCase()]
  if (!language || !Object.hasOwn(languages, language)) return { problem: 'language', language: named }

  const rest = text.slice(lineEnd + 1)
  const close = delimiter.close.exec(rest)
  if (!close) return { problem: 'open', language }
  const block = rest.slice(0, close.index)
  const end = lineEnd + 1 + close.index + close[0].length
  return {
    language,
    block,
    body: text.slice(end + 1),
    bodyLine: countLines(text, Math.min(end + 1, text.length)),
  }
}

/** 1-based line of an offset. */
export function countLines(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}
