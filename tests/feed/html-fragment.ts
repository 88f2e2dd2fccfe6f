// HTML fragment → its start tags, and what is not balanced or not escaped. Stricter than any browser: nothing is repaired.

export interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

const VOID = new Set(['br', 'hr', 'img', 'source', 'track', 'wbr', 'col', 'input', 'link', 'meta', 'embed'])
const TOKEN =
  /<(?<close>\/)?(?<name>[a-zA-Z][\w-]*)(?<rest>(?:\s+[^\s"'<>/=]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>|<!--[\s\S]*?-->|(?<bad><)|(?<ampersand>&(?!#x[0-9a-fA-F]+;|#\d+;|[a-zA-Z][a-zA-Z0-9]*;))/g
const ATTRIBUTE = /([^\s"'<>/=]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g

export function parseFragment(html: string): { tags: Tag[]; faults: string[] } {
  const tags: Tag[] = []
  const faults: string[] = []
  const open: string[] = []
  for (const { groups, 0: token } of html.matchAll(TOKEN)) {
    if (groups?.bad) faults.push('html: stray <')
    if (groups?.ampersand) faults.push('html: stray &')
    const name = groups?.name?.toLowerCase()
    if (!name) continue
    if (groups?.close) {
      const expected = open.pop()
      if (expected !== name) faults.push(`html: ${token} closes <${expected}>`)
      continue
    }
    tags.push({ name, attributes: readAttributes(groups?.rest ?? '') })
    if (!VOID.has(name)) open.push(name)
  }
  for (const name of open) faults.push(`html: <${name}> is not closed`)
  return { tags, faults }
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, double, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes[name!.toLowerCase()] = (double ?? single ?? bare ?? '').replaceAll('&amp;', '&')
  }
  return attributes
}
