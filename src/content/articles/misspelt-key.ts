// A key of front matter that is none of ours → the one of ours that was meant, where a slip of one letter makes it.

/** The one that was meant, where only one letter is wrong. Both without capitals, `-` and `_`. */
export function misspeltKey(key: string, known: Iterable<string>): string | undefined {
  // `image2`, `title_1` are counted, not misspelt.
  if (key.length < 3 || /\d/.test(key) || ON_PURPOSE.has(key)) return undefined
  for (const candidate of known) if (isOneSlip(key, candidate)) return candidate
  return undefined
}

/**
 * Keys that people and other tools (Jekyll, Hugo, Eleventy, Astro, Ghost) have on purpose, however near they are to ours:
 * lists of what we have one of, and words of their own.
 */
const ON_PURPOSE = new Set(
  (
    'audios comment covers dates descriptions directions excerpts featureimage images languages paths permalinks ' +
    'places podcasts sections slugs sources summaries titles ' +
    'audit coder covert craft drift enlisted except graft guide hover imagen lover over palace placed plane plate publisher ' +
    'raft rover sourced subtitle tile undated'
  ).split(' '),
)

/**
 * Two neighbours that changed places; in longer words, which are not so easily another word, also one letter too many, too
 * few or wrong.
 */
function isOneSlip(key: string, meant: string): boolean {
  if (Math.abs(key.length - meant.length) > 1) return false
  let at = 0
  while (at < key.length && key[at] === meant[at]) at++
  if (key.length === meant.length) {
    const rest = key.slice(at + 2) === meant.slice(at + 2)
    const swapped = key[at] === meant[at + 1] && key[at + 1] === meant[at]
    if (rest && swapped) return true
  }
  if (meant.length < 5) return false
  if (key.length < meant.length) return key.slice(at) === meant.slice(at + 1)
  return key.slice(at + 1) === meant.slice(key.length > meant.length ? at : at + 1)
}
