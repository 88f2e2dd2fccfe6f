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

/** Links and pictures of Markdown, where they stand and where they are defined, and those of HTML. */
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
function judge(
  reference: string,
  picture: boolean,
  { article, byFile, fileByLowerCase, ownFiles }: CheckedArticle,
): Omit<Finding, 'line'> | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\#?|@~]|\{)/i.test(reference)) return undefined
  const path = decodePath(reference.replace(/[?#].*$/s, ''))
  if (/\{\{|\{%/.test(path) || path === '') return undefined
  const folder = dirname(article.file)
  if (/\.(?:md|markdown|mdown|mkdn?|mdx)$/i.test(path)) {
    const file = normalize(join(folder, path)).normalize()
    const target = byFile.get(file)
    if (!target) {
      const other = fileByLowerCase.get(file.toLowerCase())
      return {
        message: `links to ${cutShort(path, 120)}, which does not exist`,
        advice:
          other === undefined
            ? 'Correct the path; it starts from the folder of this file.'
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
  if (!picture && !FILE_NAME.test(path)) return undefined
  const from = folder === 'articles' ? '' : folder.slice('articles/'.length)
  const own = ownFiles.find(path, from)
  // Hexo's folder of an article's own files, and the one that an article names.
  const folders = [
    join(from, basename(article.file).replace(/\.\w+$/, '')),
    mediaFolder(article.extra)?.slice(1),
  ]
  if (folders.some(each => each !== undefined && 'file' in ownFiles.find(path, each))) return undefined
  if (!('why' in own) || own.why === 'active') return undefined
  if (own.why === 'outside')
    return {
      message: `refers to ${cutShort(path, 120)}, which lies outside articles/; it was not read`,
      advice: 'Put a copy below articles/.',
    }
  if (own.why === 'private')
    return {
      message: `refers to ${cutShort(path, 120)}, a source or hidden file; it is not copied`,
      advice: 'Refer to what it becomes on the web.',
    }
  if (own.why === 'unreadable')
    return {
      message: `refers to ${cutShort(path, 120)}, which cannot be read`,
      advice: 'Correct its permissions.',
    }
  // `story.html` may be another page of the site.
  return picture || !/\.html?$/i.test(path)
    ? {
        message: `refers to ${cutShort(path, 120)}, which does not exist`,
        advice: 'Correct the path; it starts from the folder of this file.',
      }
    : undefined
}
