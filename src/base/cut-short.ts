// What somebody wrote → so much of it as a message shows; that something is missing is to be seen.

/** @param most characters, with the sign of the cut */
export function cutShort(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
