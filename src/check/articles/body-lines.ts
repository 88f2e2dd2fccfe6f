// An article's Markdown → its lines with their numbers in the file, what stands in code replaced by spaces.

export interface BodyLine {
  /** 1-based line of the file. */
  readonly line: number
  /** As long as the line in the file. */
  readonly text: string
}

/** Fenced blocks and code spans: rules judge prose. Indented code is rare, and looks like a list's second paragraph. */
export function bodyLines(body: string, first: number): BodyLine[] {
  let fence: string | undefined
  return body.split('\n').map((raw, at) => {
    const line = first + at
    const mark = /^(?:[ \t>]|[-*+] |\d+[.)] )*(`{3,}|~{3,})/.exec(raw)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && raw.trim().replace(/^[>\s]*/, '') === mark) fence = undefined
      return { line, text: ' '.repeat(raw.length) }
    }
    if (mark !== undefined) {
      fence = mark
      return { line, text: ' '.repeat(raw.length) }
    }
    return { line, text: raw.includes('`') ? blankSpans(raw) : raw }
  })
}

function blankSpans(text: string): string {
  return text.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, whole => ' '.repeat(whole.length))
}
