// The header of a mail, and the names of fields → those fields as DKIM signs them: relaxed, in the order of `h=`.
// All text is Latin-1, a character for each byte: what stands in UTF-8 is signed as the bytes it is.

/** RFC 6376 §3.4.2: name in lower case, unfolded, white space of any length one space, none at either end. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return `${field
    .slice(0, colon)
    .toLowerCase()
    .replace(/[ \t]+$/, '')}:${value}`
}

/** A field is covered as often as it stands there; with `sealed` once more, so that nobody can add one. */
export interface Covered {
  readonly name: string
  readonly sealed: boolean
}

/**
 * RFC 6376 §5.4.2: of fields of one name the last is taken first.
 *
 * @param head all fields, without the empty line
 * @returns the value of `h=` as a list, and the fields, each with CRLF
 */
export function coverHeader(head: string, covered: readonly Covered[]): { names: string[]; fields: string } {
  const found = new Map<string, string[]>()
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const name = field.slice(0, field.indexOf(':')).trim().toLowerCase()
    const others = found.get(name)
    if (others) others.unshift(field)
    else found.set(name, [field])
  }
  const names: string[] = []
  let fields = ''
  for (const { name, sealed } of covered) {
    for (const field of found.get(name) ?? []) {
      names.push(name)
      fields += `${relaxedField(field)}\r\n`
    }
    if (sealed) names.push(name)
  }
  return { names, fields }
}
