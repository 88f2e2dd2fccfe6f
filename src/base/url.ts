// Text → an address, or undefined where it is none. In place of `URL.canParse`, which in Node 20, once it has been
// called some thousand times, takes `https://münchen.de/` for no address: a folder of many links lost some of them.

export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

const NORMAL_URL =
  /^https?:\/\/(?![^/]*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?:\/(?!\.\.?(?:[/?#]|$))[\w\-.~]*)+(?:[?#][\w\-.~=&/]*)?$/

/**
 * Whether a text is certainly an address in its normal form, found at a tenth of the cost of parsing it:
 * nothing in it is encoded, short for something or in capitals that mean nothing.
 */
export function isNormalUrl(text: string): boolean {
  return NORMAL_URL.test(text)
}

/** A path without percent signs; as it is where they mean nothing. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
