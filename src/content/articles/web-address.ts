// Text → an http(s) URL in its normal form, or undefined.

export function webAddress(text: string): URL | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it refuses
  if (!/^https?:\/\/[^\s/]/i.test(text) || /[\s\0-\x1f]/.test(text)) return undefined
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
