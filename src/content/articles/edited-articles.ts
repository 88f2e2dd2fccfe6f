// Articles' files that changed, and what was read of them before → the articles with their new texts, where everything but
// these is still the same; and any other article as it was.

import { join } from 'node:path'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { leaveOutMisplaced } from '../addresses/leave-out-misplaced.ts'
import { knownPublication } from '../known-publication.ts'
import { type Listing, stampAt } from '../list-folder.ts'
import { loadContext } from '../load-context.ts'
import { type LoadMemory, openMemory } from '../memory.ts'
import { readText } from '../read-text.ts'
import { isReadme } from './article-loader.ts'
import { type KnownArticle, noBody } from './columns.ts'
import { updatedByNow } from './hide-future-updates.ts'
import { leaveOutDoubles } from './leave-out-doubles.ts'
import { authorsByName } from './load-authors.ts'
import { readArticle } from './read-article.ts'
import { expectSame } from './read-body.ts'

export interface EditedArticles {
  readonly publication: Publication
  /** In the order of the files that were asked for. */
  readonly articles: readonly Article[]
  /** What is wrong with these files themselves, as before. */
  readonly problems: readonly Diagnostic[]
  /** Any article as it was, without its text. @returns undefined for a file that was none */
  find(file: string): Article | undefined
  /** All of them, in any order, without their texts. */
  all(): readonly Article[]
}

/**
 * @param root absolute path of the publication's folder
 * @param listing of `articles/`, as it is now
 * @param files relative to the root
 * @param now ms since epoch, in the span in which the folder loads to the same
 * @throws ChangedMeanwhile when a file is no longer what was listed
 */
export function editedArticles(
  root: string,
  memory: LoadMemory,
  listing: Listing,
  files: readonly string[],
  now: number,
): EditedArticles | undefined {
  const { publication, ownFiles } = knownPublication(root, memory.settings)
  const context = loadContext(publication, ownFiles, now, authorsByName(memory.authors))
  const fresh = { now, sections: context.sections, body: noBody }
  const recall = openMemory(memory)
  const known = (at: number) => recall(at, fresh)
  const byNow = (article: Article) => updatedByNow([article], now, () => {}).articles[0]!

  const articles: Article[] = []
  const allProblems: Diagnostic[] = []
  for (const file of files) {
    const at = memory.paths.indexOf(file)
    const content = readText(join(root, file))
    expectSame(join(root, file), stampAt(listing, listing.paths.indexOf(file)))
    if (at === -1 || !('text' in content) || isReadme(file, content.text)) return undefined
    const problems: Diagnostic[] = []
    const report = (problem: Diagnostic) => void problems.push(problem)
    let body = ''
    const read = readArticle(file, content.text, context, report, split => {
      body = split.body
      return noBody
    })
    const before = known(at)
    const is: KnownArticle = { ...read, problems, readme: false, local: before.local }
    if (is.undated || written(is) !== written(before)) return undefined
    allProblems.push(...problems)
    if (is.article)
      articles.push(byNow(Object.defineProperty(is.article, 'body', { ...noBody, value: body })))
  }
  return {
    publication,
    articles,
    problems: allProblems,
    find(file) {
      const article = known(memory.paths.indexOf(file)).article
      return article && byNow(article)
    },
    all: () =>
      leaveOutMisplaced(
        leaveOutDoubles(
          memory.paths.flatMap((_, at) => known(at).article ?? []),
          root,
          () => {},
        ),
        publication,
        listing.paths,
        () => {},
      ),
  }
}

/** In one order, whatever order it was put together in. */
function written({ article, problems, readme, draft, unlisted, local, undated }: KnownArticle): string {
  return JSON.stringify([article, problems, readme, draft, unlisted, local, undated])
}
