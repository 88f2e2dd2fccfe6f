// Article → the same without its text, for lists and for what stands beside another article: a page follows the faces of
// those, not their texts.

import type { Article } from '../../model.ts'

export type Face = Omit<Article, 'body' | 'bodyLine'>

/** Where an article came from memory, its text is read from its file by whoever asks for it: here nobody does. */
export function withoutText(article: Article): Face {
  let face = faces.get(article)
  if (!face) {
    const view: Record<string, unknown> = {}
    for (const key in article)
      if (key !== 'body' && key !== 'bodyLine') view[key] = article[key as keyof Article]
    face = view as unknown as Face
    faces.set(article, face)
  }
  return face
}
/** Each stands beside several others. */
const faces = new WeakMap<Article, Face>()
