// Text → an address, or undefined where it is none. A leaf. In place of `URL.canParse`, which in Node 20, once it has been
// called some thousand times, takes `https://münchen.de/` for no address: a folder of many links lost some of them.

export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
