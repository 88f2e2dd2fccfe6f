// Address on the publication's site → the file below `out/` that a web server answers with.

/** No file system takes a longer name. */
const LONGEST = 255

/**
 * @param home the publication's address, ending in a slash
 * @returns 'world/2026/a/index.html', or undefined for an address that no file can stand for
 */
export function pagePath(url: string, home: string): string | undefined {
  if (!url.startsWith(home)) return undefined
  const parts = decodeParts(url.slice(home.length).replace(/[?#].*$/s, ''))
  if (!parts) return undefined
  if (parts.at(-1) === '') parts.pop()
  if (!/\.html?$/i.test(parts.at(-1) ?? '')) parts.push('index.html')
  return parts.every(isName) ? parts.join('/') : undefined
}

/** From a page below `out/` to the top of it: '' or '../../'. */
export function prefixOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** The other way: `sections/world/` → its absolute address. */
export function pageUrl(home: string, path: string): string {
  return home + path.split('/').map(encodeURIComponent).join('/')
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path.split('/').map(part => (part.includes('%') ? decodeURIComponent(part) : part))
  } catch {
    return undefined
  }
}

function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file may have one in its name
  return !/[/\\\0-\x1f]/.test(part) && (part.length < 80 || Buffer.byteLength(part) <= LONGEST)
}
