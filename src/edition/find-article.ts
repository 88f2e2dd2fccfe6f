// What an editor wrote to name an article (an id, a slug, a file name) → the article, or nothing.

import type { Article } from '../model.ts'

/** Of several articles with one slug or file name the newest. */
export type ArticleFinder = (reference: string) => Article | undefined

const finders = new WeakMap<readonly Article[], ArticleFinder>()

/** @param articles newest first, as `load` gives them; the index over them is made once */
export function articleFinder(articles: readonly Article[]): ArticleFinder {
  let finder = finders.get(articles)
  if (!finder) {
    finder = makeFinder(articles)
    finders.set(articles, finder)
  }
  return finder
}

/** An id rules over a file name, a file name over a slug, so that the surest way to name an article always works. */
function makeFinder(articles: readonly Article[]): ArticleFinder {
  const byId = new Map<string, Article>()
  const byFile = new Map<string, Article>()
  const bySlug = new Map<string, Article>()
  for (const article of [...articles].reverse()) {
    byId.set(article.id, article)
    for (const name of fileNames(article.file)) byFile.set(name, article)
    bySlug.set(article.slug, article)
  }
  return reference => {
    const name = reference.trim()
    return byId.get(name) ?? byFile.get(name.replace(/^\.?\//, '')) ?? bySlug.get(name)
  }
}

/** 'articles/2026/01-hello.md' → with and without its folders, with and without extension. */
function fileNames(file: string): string[] {
  const inArticles = file.replace(/^articles\//, '')
  const alone = file.slice(file.lastIndexOf('/') + 1)
  return [...new Set([file, inArticles, alone])].flatMap(name => [
    name,
    name.replace(/\.(md|markdown)$/i, ''),
  ])
}
