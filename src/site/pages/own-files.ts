// Articles that readers see → copies of the publication's own files that these show, and of no other.

import type { Article, Loaded, OutputFile, Prose, Renderer } from '../../model.ts'

/**
 * What only a draft shows stays where it is: a picture leaks as much as a text.
 *
 * @param used the articles that some feed or edition carries; those that have a page are counted in
 */
export function ownFiles(
  { publication, articles }: Loaded,
  renderer: Renderer,
  used: readonly Article[],
): OutputFile[] {
  const { logo, icon, podcast } = publication
  const paths = new Set<string>()
  const add = (...files: readonly (string | undefined)[]) => {
    for (const file of files) if (file) paths.add(file)
  }
  const addProse = ({ files }: Prose) => add(...files)
  const paged = publication.articles.pages ? articles.filter(hasPage) : []
  add(logo?.file, icon?.file, podcast?.image?.file)
  for (const article of new Set([...used, ...paged])) {
    const body = renderer.body(article)
    add(article.image?.file, article.audio?.file, ...(article.audio?.files ?? []))
    addProse(body)
    for (const author of article.authors) {
      add(author.photo?.file)
      if (author.biography) addProse(renderer.prose(author.biography, `authors/${author.id}.md`))
    }
  }
  return [...paths].sort().map(path => ({ path, body: { copy: path } }))
}

/** Whether readers can read it at its address, where there are pages at all. */
export function hasPage({ state }: Article): boolean {
  return state === 'published' || state === 'unlisted'
}
