// `{{ site.baseurl }}`, `{{ "/x/" | relative_url }}`, `{{ page.title }}`: the value that is written so, where it is known.
// And the arguments of a tag.

export interface Values {
  /** 'site.title', 'page.title', and what the settings call variables. */
  value(name: string): string | undefined
}

/** They mean the top of the site, which an address that begins with a slash starts from. */
const TOP =
  /^(?:site\.)?(?:base_?url|url|base_?path|root|prefix)$|^(?:SITE|BASE)_URL$|^metadata\.url$|^config\.(?:base_url|root|url)$/i

const STRING = /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`)$/

export function outputOf(expression: string, values: Values): string | undefined {
  const [first, ...filters] = partsOf(expression)
  let value = valueIn(first!.trim(), values)
  for (const filter of filters) {
    const [, name, given] = /^\s*(\w+)\s*:?\s*([\s\S]*)$/.exec(filter) ?? []
    if (name === 'default' && (value === undefined || value === '')) value = valueIn(given!.trim(), values)
    else if (value !== undefined && name && name in FILTERS)
      value = FILTERS[name]!(value, given ? (valueIn(given.trim(), values) ?? '') : '')
  }
  return value
}

function valueIn(text: string, values: Values): string | undefined {
  const string = STRING.exec(text)
  if (string) return string[1] ?? string[2] ?? string[3]
  if (TOP.test(text)) return ''
  return values.value(
    text.replace(/^\$?frontmatter\./, 'page.').replace(/^\.(?:Page\.)?(?:Params\.)?/, 'page.'),
  )
}

const FILTERS: Readonly<Record<string, (value: string, given: string) => string>> = {
  prepend: (value, given) => given + value,
  append: (value, given) => value + given,
  upcase: value => value.toUpperCase(),
  downcase: value => value.toLowerCase(),
  upper: value => value.toUpperCase(),
  lower: value => value.toLowerCase(),
  strip: value => value.trim(),
  trim: value => value.trim(),
}

/** At each `|` that is in no string. */
function partsOf(expression: string): string[] {
  const parts = expression.match(/(?:"[^"]*"|'[^']*'|`[^`]*`|[^|"'`]|["'`])+/g)
  return parts ?? ['']
}

export interface TagCall {
  readonly name: string
  readonly args: readonly string[]
  readonly named: Readonly<Record<string, string>>
  /** What stands behind the name, as it was written. */
  readonly rest: string
}

const ARGUMENT =
  /(?:--)?(?:([A-Za-z_][\w-]*)\s*(?:=|:(?!\/\/))\s*)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|([^\s,"'`()]+))/g

/** @param content of a tag, without its signs */
export function callOf(name: string, content: string): TagCall {
  const rest = content.slice(name.length).replace(/\/$/, '').trim()
  const args: string[] = []
  const named: Record<string, string> = Object.create(null)
  for (const [, key, double, single, back, bare] of rest.slice(0, 5000).matchAll(ARGUMENT)) {
    const value = (double ?? single ?? back ?? bare ?? '').replace(/\\(["'])/g, '$1')
    if (key === undefined) args.push(value)
    else named[key.toLowerCase()] = value
  }
  return { name, args, named, rest }
}
