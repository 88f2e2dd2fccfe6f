// Text of settings that were read before, and a key → the line on which it stands. By its letters: YAML is not parsed
// again for it, as every build asks.

/** @param path of keys that are plain words: 'podcast.image' */
export function keyLine(text: string, path: string): number {
  let at = 0
  for (const [depth, key] of path.split('.').entries()) {
    // A key at the top stands at the margin; one below it behind spaces, a brace or a comma.
    const before = depth === 0 ? '^' : '(?:^[ \\t]+|[{,][ \\t]*)'
    const found = text.slice(at).search(new RegExp(`${before}["']?${key}["']?[ \\t]*:`, 'm'))
    if (found < 0) break
    at += found
  }
  return text.slice(0, at).split('\n').length
}
