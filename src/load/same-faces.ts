// Articles' files that changed, and what was read of them before → whether everything but their bodies is still the same.

import { join } from 'node:path'
import type { Diagnostic } from '../model.ts'
import { isReadme } from './article-loader.ts'
import { knownPublication } from './known-publication.ts'
import { authorsByName } from './load-authors.ts'
import { loadContext } from './load-context.ts'
import { type KnownArticle, type LoadMemory, recall } from './memory.ts'
import { readArticle } from './read-article.ts'
import { readText } from './read-text.ts'

/** @param root absolute path of the publication's folder @param files relative to it @param now ms since epoch */
export function sameFaces(root: string, memory: LoadMemory, files: readonly string[], now: number): boolean {
  const { publication, ownFiles } = knownPublication(root, memory.settings)
  const context = loadContext(publication, ownFiles, now, authorsByName(memory.authors))
  const noBody = { value: '', enumerable: true, configurable: true }
  const fresh = { now, sections: context.sections, body: noBody }
  return files.every(file => {
    const at = memory.paths.indexOf(file)
    const content = readText(join(root, file))
    if (at === -1 || !('text' in content) || isReadme(file, content.text)) return false
    const problems: Diagnostic[] = []
    const report = (problem: Diagnostic) => void problems.push(problem)
    const read = readArticle(file, content.text, context, report, () => noBody)
    const before = recall(memory, at, fresh)
    const now: KnownArticle = { ...read, problems, readme: false, local: before.local }
    return !now.undated && written(now) === written(before)
  })
}

/** In one order, whatever order it was put together in. */
function written({ article, problems, readme, draft, unlisted, local, undated }: KnownArticle): string {
  return JSON.stringify([article, problems, readme, draft, unlisted, local, undated])
}
