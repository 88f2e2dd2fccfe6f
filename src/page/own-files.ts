// Articles that readers see → copies of the publication's own files that these show, and of no other.

import type { Article, Loaded, OutputFile, Prose, Renderer } from '../model.ts'

/**
 * What only a draft shows stays where it is: a picture leaks as much as a text.
 *
 * @param used the articles that some feed, page or edition carries
 */
export function ownFiles(
  { publication }: Loaded,
  renderer: Renderer,
  used: readonly Article[],
): OutputFile[] {
  const { logo, icon, podcast } = publication
  const paths = new Set<string>()
  const add = (...files: readonly (string | undefined)[]) => {
    for (const file of files) if (file) paths.add(file)
  }
  const addProse = ({ files }: Prose) => add(...files)
  add(logo?.file, icon?.file, podcast?.image?.file)
  for (const article of used) {
    const body = renderer.body(article)
    add(article.image?.file, article.audio?.file, ...(article.audio?.files ?? []))
    addProse(body)
    body.entries.forEach(addProse)
    for (const author of article.authors) {
      add(author.photo?.file)
      if (author.biography) addProse(renderer.prose(author.biography, `authors/${author.id}.md`))
    }
  }
  return [...paths].sort().map(path => ({ path, body: { copy: path } }))
}
