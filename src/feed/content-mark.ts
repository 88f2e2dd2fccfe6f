// What stands in the place of an item's content while npm `feed` writes the item around it.

/** U+0001 is illegal in XML and gone from every text before it comes to a format: no article can forge it. */
export const CONTENT_MARK = String.fromCharCode(1)
