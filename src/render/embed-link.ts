// An embedded player or page → the link that takes its place: no feed reader and no mail client shows a frame.

const players: readonly [RegExp, (id: string) => string][] = [
  [
    /^https?:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]{6,})/,
    id => `https://www.youtube.com/watch?v=${id}`,
  ],
  [/^https?:\/\/player\.vimeo\.com\/video\/(\d+)/, id => `https://vimeo.com/${id}`],
]

/** @param absolute makes a reference absolute, or refuses it */
export function embedLink(
  tag: string,
  attribs: Readonly<Record<string, string>>,
  absolute: (reference: string) => string | undefined,
): { url: string; text: string } | undefined {
  const reference = tag === 'object' ? attribs.data : attribs.src
  const found = reference === undefined ? undefined : absolute(reference)
  if (found === undefined) return undefined
  const player = players.find(([pattern]) => pattern.test(found))
  const url = player ? player[1](player[0].exec(found)![1]!) : found
  return { url, text: attribs.title?.trim() || url.replace(/^https?:\/\/(?:www\.)?/, '') }
}
