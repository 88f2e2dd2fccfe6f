// What a browser says it reads, and what pages can be in → the language of the page. RFC 9110 §12.5.4.

/** Languages that Broadsheet ships words for; a publication's own catalogue adds its language. */
const SHIPPED = ['en', 'es', 'fr', 'de', 'pt', 'hi', 'ar', 'ja']

/** @param own the publication's and its newsletters', the first being the publication's */
export function pageLanguages(own: readonly string[], speaks: (language: string) => boolean): string[] {
  const known = new Map<string, string>()
  for (const language of [...own.filter(speaks), ...SHIPPED.filter(speaks)]) {
    const base = baseOf(language)
    if (!known.has(base)) known.set(base, language)
  }
  return known.size > 0 ? [...known.values()] : ['en']
}

/** @param accepted the Accept-Language field; only its first 20 languages count */
export function chooseLanguage(languages: readonly string[], accepted: string | null): string {
  const wishes = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .slice(0, 20)
    .map((wish, place) => {
      const [tag = '', ...parameters] = wish.split(';').map(part => part.trim())
      const quality = Number(/^q=([\d.]+)$/i.exec(parameters[0] ?? '')?.[1] ?? 1)
      return { base: baseOf(tag), quality: Number.isFinite(quality) ? quality : 0, place }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.place - b.place)
  for (const { base } of wishes) {
    if (base === '*') return languages[0]!
    const found = languages.find(language => baseOf(language) === base)
    if (found) return found
  }
  return languages[0]!
}

/** The page language for a subscriber's own, when there are words for it. */
export function ownLanguage(languages: readonly string[], own: string): string | undefined {
  return own === '' ? undefined : languages.find(language => baseOf(language) === baseOf(own))
}

function baseOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase()
}
