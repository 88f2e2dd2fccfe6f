// A block of YAML as nearly everybody writes front matter → its fields, as the real parser would give them, in a
// fiftieth of the time; or undefined for anything that is not surely of that kind, and then the real parser reads it.
//
// Of that kind are lines `key: value` with a plain or simply quoted value, `key: [a, b]`, and `key:` with lines `- item`.

/** A character that means nothing to YAML wherever it stands in a plain value but before a space or after one. */
const safe = '\\x20-\\x7e\\u00a1-\\u1fff\\u2010-\\u2027\\u2030-\\ud7ff'
const line = new RegExp(`^([A-Za-z][A-Za-z0-9_-]{0,60}):(?: +([${safe}]+))?$`)
const item = new RegExp(`^( {0,8})- +([${safe}]+)$`)
const beginsPlain = /^[A-Za-z0-9/.($+_\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff]/
const inList =
  /^ *(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff][^,[\]{}:#"'&*!|>%@`?]*)) *$/
const notText = /^(?:~|null|true|false|-?\d[\d.]*)$/i
/** A bound on what counts as nearly everybody's. */
const most = 200

export function plainYaml(block: string): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {}
  const lines = block.split('\n')
  let open: { key: string; items: unknown[]; indent: number } | undefined
  if (lines.length > most) return undefined
  for (const text of lines) {
    if (text === '') continue
    const entry = line.exec(text)
    if (entry) {
      const key = entry[1]!
      if (Object.hasOwn(fields, key) || notText.test(key)) return undefined
      const value = readValue(entry[2])
      if (value === undefined) return undefined
      fields[key] = value
      open = value === null && entry[2] === undefined ? { key, items: [], indent: -1 } : undefined
      continue
    }
    const member = open && item.exec(text)
    if (!open || !member) return undefined
    const indent = member[1]!.length
    if (open.indent !== -1 && open.indent !== indent) return undefined
    open.indent = indent
    const value = readValue(member[2])
    if (value === undefined || Array.isArray(value)) return undefined
    open.items.push(value)
    fields[open.key] = open.items
  }
  return fields
}

/** @returns undefined for what the real parser has to judge */
function readValue(text: string | undefined): unknown {
  const value = text?.trimEnd()
  if (value === undefined || value === '') return null
  const first = value[0]!
  if (first === '"' || first === "'") {
    const inner = value.slice(1, -1)
    return value.length > 1 && value.endsWith(first) && !inner.includes(first) && !inner.includes('\\')
      ? inner
      : undefined
  }
  if (first === '[') return readList(value)
  if (!beginsPlain.test(value) || value.includes(': ') || value.includes(' #') || value.endsWith(':'))
    return undefined
  return readScalar(value)
}

function readList(value: string): unknown[] | undefined {
  if (!value.endsWith(']')) return undefined
  const inner = value.slice(1, -1)
  if (inner.trim() === '') return []
  const items: unknown[] = []
  for (const part of inner.split(',')) {
    const match = inList.exec(part)
    if (!match) return undefined
    const quoted = match[1] ?? match[2]
    const member = quoted === undefined ? readScalar(match[3]!.trimEnd()) : quoted
    if (member === undefined) return undefined
    items.push(member)
  }
  return items
}

/** What is no text is rare enough to leave to the real parser, but for true and false. */
function readScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return notText.test(text) ? undefined : text
}
