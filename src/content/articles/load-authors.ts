// Paths of the authors' files → the authors, by id and by every name an article may call them; from memory while the
// articles that name them may be.

import type { Author, Diagnostic } from '../../model.ts'
import type { Same } from '../compare-memory.ts'
import { readFile } from '../read-file.ts'
import type { LoadContext } from './article-context.ts'
import { readAuthor } from './read-author.ts'

export interface People {
  readonly authors: ReadonlyMap<string, Author>
  readonly byName: ReadonlyMap<string, Author>
  readonly problems: readonly Diagnostic[]
  /** They are those of the memory, and so are the articles' bylines. */
  readonly same: boolean
}

export function loadAuthors(
  root: string,
  paths: readonly string[],
  context: LoadContext,
  same: Same | undefined,
): People {
  const authors = new Map<string, Author>()
  const problems: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => void problems.push(diagnostic)
  for (const path of paths) {
    const author = readFile(root, path, (name, text) => readAuthor(name, text, context, report), report)
    if (author) authors.set(author.id, author)
  }
  const known = same?.memory
  if (known && written(authors, problems) === written(known.authors, known.authorProblems))
    return {
      authors: known.authors,
      byName: authorsByName(known.authors),
      problems: known.authorProblems,
      same: true,
    }
  return { authors, byName: authorsByName(authors), problems, same: false }
}

function written(authors: ReadonlyMap<string, Author>, problems: readonly Diagnostic[]): string {
  return JSON.stringify([[...authors], problems])
}

/** An id rules over a name. */
function authorsByName(authors: ReadonlyMap<string, Author>): Map<string, Author> {
  const names = new Map([...authors.values()].map(author => [author.name.normalize().toLowerCase(), author]))
  for (const author of authors.values()) names.set(author.id!.toLowerCase(), author)
  return names
}
