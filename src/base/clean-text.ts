// Any text → text that every destination may hold. A leaf: load cleans front matter, render cleans articles.

/** What XML 1.0 §2.2 forbids: control characters but tab and line ends, lone surrogates, U+FFFE and U+FFFF. */
const illegal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const everyIllegal = new RegExp(illegal.source, 'g')

/** Without the characters that are illegal in XML 1.0, and DEL. */
export function cleanText(text: string): string {
  return illegal.test(text) ? text.replace(everyIllegal, '') : text
}

/** Where the first illegal character stands, or -1. */
export function findIllegal(text: string): number {
  return text.search(illegal)
}

/** One line: no control character, white space collapsed, no space at the ends. */
export function oneLine(text: string): string {
  // As nearly every title is: printable ASCII without two spaces together.
  if (!/[^\x20-\x7e]| {2}|^ | $/.test(text)) return text
  return cleanText(text.replace(/[\s\x85\u2028\u2029]+/g, ' ').replace(/[\x80-\x9f]/g, '')).trim()
}
