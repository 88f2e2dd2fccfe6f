/**
 * HTML that runs, asks for input or embeds a page is left out of feeds, pages and letters; a frame becomes a link.
 *
 * Good:
 *
 *     Water is H<sub>2</sub>O. <details><summary>More</summary>Text</details>
 *
 * Bad:
 *
 *     <form action="/vote"><input name="choice"></form>
 */

import type { ArticleRule, CheckedArticle, Finding } from '../rule.ts'
import { notesOf } from './component-left-out.ts'

const REMOVED =
  /<(script(?!\s+setup\b)|style|form|input|button|select|textarea|svg|canvas|object|embed|iframe|frameset|applet|link|meta|base|template|dialog)\b/gi
/** Scripts that only make the words beside them look like those of a site: nothing is lost without them. */
const HELPER =
  /^<script\s[^<>]*\/\/(?:platform\.(?:twitter|x|instagram)\.com\/|(?:www\.)?instagram\.com\/embed\.js|embed\.(?:bsky\.app|reddit\.com|redditmedia\.com)\/|(?:public)?(?:static)?\.?codepen\.io\/|cpwebassets\.codepen\.io\/|www\.tiktok\.com\/embed\.js|connect\.facebook\.net\/)/i
const GIST = /^<script\s[^<>]*\/\/gist\.github\.com\//i
const HANDLER = /<(?:[a-z]|[A-Z]+\s)[^<>]*\s([oO][nN][a-zA-Z]+)\s*=/g
const BECOMES_LINK = new Set(['iframe', 'embed', 'object'])

export const rawHtmlRemoved: ArticleRule = {
  name: 'raw-html-removed',
  severity: 'warning',
  find: checked => [...inLines(checked), ...notesOf('raw-html-removed')(checked)],
}

function inLines({ lines }: CheckedArticle): Finding[] {
  return lines.flatMap(({ line, text }): Finding[] => {
    if (!text.includes('<')) return []
    // `<Link>` and `<Button>` are components of somebody's, and read as such.
    const elements = [...text.matchAll(REMOVED)].filter(([, tag]) => !/^[A-Z].*[a-z]/.test(tag!))
    const tags = elements.flatMap(({ 1: tag, index }): Finding[] => {
      const name = tag!.toLowerCase()
      const rest = name === 'script' ? text.slice(index, index + 500) : ''
      if (HELPER.test(rest)) return []
      if (GIST.test(rest))
        return [
          {
            line,
            severity: 'info',
            message: 'the script of a gist becomes a link',
            advice: 'Nothing to do.',
          },
        ]
      return [
        BECOMES_LINK.has(name)
          ? {
              line,
              severity: 'info',
              message: `<${name}> becomes a link`,
              advice: 'Give it a title="…": it is the text of the link.',
            }
          : {
              line,
              message: `<${name}> is left out`,
              advice: 'Say it in Markdown, or link to a page that has it.',
            },
      ]
    })
    const handlers = [...text.matchAll(HANDLER)].map(
      ([, name]): Finding => ({
        line,
        message: `${name!.toLowerCase()}= is left out`,
        advice: 'Nothing runs in a feed or a letter; delete it.',
      }),
    )
    return [...tags, ...handlers]
  })
}
