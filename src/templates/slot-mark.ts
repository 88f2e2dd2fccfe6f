// Marker, name and fallback → the slot that stands in a letter until it is made out to one reader.

/** What a slot may be called: the columns of a subscriber's row and the addresses that are her own. */
const NAME = /^[\p{L}\p{N}_.-][\p{L}\p{N}_. -]*$/u

/**
 * @param fallback what a reader without that column sees; the slot's own brackets are taken out of it
 * @returns '⟦0123456789ab:name|fallback⟧'
 * @throws Error when no column can have that name
 */
export function slotMark(marker: string, name: string, fallback = ''): string {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot be a column of a reader's row`)
  const plain = fallback.replace(/[⟦⟧|]/gu, '')
  return plain ? `⟦${marker}:${name}|${plain}⟧` : `⟦${marker}:${name}⟧`
}
