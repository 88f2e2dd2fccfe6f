// Language, zone and style → how a date, a number or a list is written; each formatter is made once, for that is slow.

export interface Formats {
  date(language: string, style: Intl.DateTimeFormatOptions): (at: number) => string
  number(language: string): (value: number) => string
  /** 'A, B and C' */
  list(language: string): (names: readonly string[]) => string
}

export function makeFormats(): Formats {
  const made = new Map<string, unknown>()
  function once<T>(key: string, make: () => T): T {
    if (!made.has(key)) made.set(key, make())
    return made.get(key) as T
  }
  return {
    date(language, style) {
      const format = once(
        `date ${language} ${JSON.stringify(style)}`,
        () => new Intl.DateTimeFormat(language, style),
      )
      return at => format.format(at)
    },
    number(language) {
      const format = once(`number ${language}`, () => new Intl.NumberFormat(language))
      return value => format.format(value)
    },
    list(language) {
      const format = once(`list ${language}`, () => new Intl.ListFormat(language, { type: 'conjunction' }))
      return names => format.format(names)
    },
  }
}
