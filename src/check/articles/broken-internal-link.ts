/**
 * Everything in this folder that an article links to or shows exists. A link to a draft is not an error: its text
 * appears without a link.
 *
 * Good:
 *
 *     More in [the harbour's story](harbour.md), with ![boats](images/harbour.png).
 *
 * Bad:
 *
 *     More in [the harbour's story](habour.md), with ![boats](images/habour.png).
 */

import { basename, dirname, join, normalize, relative } from 'node:path/posix'
import { cutShort, decodePath } from '../../base/index.ts'
import { mediaFolder } from '../../content/index.ts'
import type { ArticleRule, CheckedArticle, Finding } from '../rule.ts'

export const brokenInternalLink: ArticleRule = {
  name: 'broken-internal-link',
  severity: 'warning',
  find: checked =>
    checked.lines.flatMap(({ line, text }) =>
      referencesIn(text).flatMap(({ reference, isPicture }) => {
        const found = judge(reference, isPicture, checked)
        return found ? { line, ...found } : []
      }),
    ),
}

interface Reference {
  readonly reference: string
  readonly isPicture: boolean
}

/** Links and pictures of Markdown, where they are and where they are defined, and those of HTML. */
function referencesIn(text: string): Reference[] {
  const found: Reference[] = []
  for (const [, sign, bracketed, plain] of text.matchAll(INLINE))
    found.push({ reference: (bracketed ?? plain)!, isPicture: sign === '!' })
  const [, bracketed, plain] = (text.includes(']:') && DEFINITION.exec(text)) || []
  const defined = bracketed ?? plain
  if (defined !== undefined) found.push({ reference: defined, isPicture: false })
  if (text.includes('<'))
    for (const [tag] of text.matchAll(TAG)) {
      // The picture that a script puts in the place of another.
      const isLater = /\sdata-src\s*=/i.test(tag)
      for (const [, name, double, single, bare] of tag.matchAll(ADDRESS))
        if (!(isLater && name!.toLowerCase() === 'src'))
          found.push({
            reference: (double ?? single ?? bare)!.replaceAll('&amp;', '&').trim(),
            isPicture: !/^href$/i.test(name!),
          })
    }
  return found
}

const INLINE = /(!?)\[[^[\]]*\]\(\s*(?:<([^<>\n]+)>|([^\s()<>]+))(?:\s+["'(][^)]{0,500})?\)/g
const DEFINITION = /^ {0,3}\[(?!\^)[^[\]]+\]:\s*(?:<([^<>\n]+)>|([^\s<>]+))/
const TAG = /<(?:a|img|video|audio|source|embed)\s[^<>]*>/gi
const ADDRESS = /\s(href|src|data-src|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/gi
/** Of a file; `v1.2` is a page. */
const FILE_NAME = /(?:^|\/)\.[^/]+$|\.(?:[a-z0-9]{2,4}|[a-z][a-z0-9]{0,11})$/i

/** Paths of the site (`/about/`) and folders may be made by somebody else: only files beside the article are known. */
function judge(reference: string, isPicture: boolean, checked: CheckedArticle): Found {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\#?|@~]|\{)/i.test(reference)) return undefined
  const path = decodePath(reference.replace(/[?#].*$/s, ''))
  if (/\{\{|\{%/.test(path) || path === '') return undefined
  if (/\.(?:md|markdown|mdown|mkdn?|mdx)$/i.test(path)) return ofArticle(path, checked)
  return isPicture || FILE_NAME.test(path) ? ofFile(path, isPicture, checked) : undefined
}

type Found = Omit<Finding, 'line'> | undefined

function ofArticle(path: string, { article, byFile, fileByLowerCase }: CheckedArticle): Found {
  const folder = dirname(article.file)
  const file = normalize(join(folder, path)).normalize()
  const target = byFile().get(file)
  if (!target) {
    const other = fileByLowerCase().get(file.toLowerCase())
    return {
      message: `links to ${cutShort(path, 120)}, which does not exist`,
      advice:
        other === undefined
          ? NO_SUCH_FILE
          : `Did you mean ${relative(folder, other)}? Capitals and small letters differ on most servers.`,
    }
  }
  if (target.state === 'published' || target.state === 'unlisted') return undefined
  return {
    severity: 'info',
    message: `links to ${cutShort(path, 120)}, which is ${target.state}: its words stay without a link`,
    advice: 'Nothing to do; the link comes when that article does.',
  }
}

function ofFile(path: string, isPicture: boolean, { article, ownFiles }: CheckedArticle): Found {
  const folder = dirname(article.file)
  const from = folder === 'articles' ? '' : folder.slice('articles/'.length)
  const own = ownFiles.find(path, from)
  // Hexo's folder of an article's own files, and the one that an article names.
  const folders = [
    join(from, basename(article.file).replace(/\.\w+$/, '')),
    mediaFolder(article.extra)?.slice(1),
  ]
  if (folders.some(each => each !== undefined && 'file' in ownFiles.find(path, each))) return undefined
  if (!('why' in own) || own.why === 'active') return undefined
  // `story.html` may be another page of the site.
  if (own.why === 'missing' && !isPicture && /\.html?$/i.test(path)) return undefined
  const [what, advice] = WHY[own.why]
  return { message: `refers to ${cutShort(path, 120)}, ${what}`, advice }
}

const NO_SUCH_FILE = 'Correct the path; it starts from the folder of this file.'

/** Why a file is not there → the words, and what to do. */
const WHY = {
  outside: ['which lies outside articles/; it was not read', 'Put a copy below articles/.'],
  private: ['a source or hidden file; it is not copied', 'Refer to what it becomes on the web.'],
  unreadable: ['which cannot be read', 'Correct its permissions.'],
  missing: ['which does not exist', NO_SUCH_FILE],
} as const
