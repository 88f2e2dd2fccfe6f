// Squarespace's export → articles: it has the form of WordPress's, without hosts in its addresses, and with what its own scripts show.

import type { Finding, ImportedArticle, ImportedBody, Importer } from '../imported.ts'
import { isWxr, openWxr } from './wordpress.ts'

export const squarespace: Importer = {
  name: 'squarespace',
  title: 'Squarespace',
  recognises: ({ files }) =>
    files.some(
      ({ path, head }) => /\.xml$/i.test(path) && isWxr(head) && /squarespace/i.test(head.slice(0, 20_000)),
    ),
  async open(files, settings) {
    const head = files.files.find(({ path, head }) => /\.xml$/i.test(path) && isWxr(head))?.head ?? ''
    const home = settings.site ?? /<link>\s*(https?:\/\/[^<\s]+)/.exec(head.split('<item')[0]!)?.[1]
    const open = await openWxr(files, 'Squarespace', home)
    return {
      ...open,
      feeds: [],
      async *articles() {
        for await (const article of open.articles())
          yield ownArticle(article, home?.replace(/\/+$/, '') ?? '')
      },
    }
  },
}

/** Its body is made when it is asked for, as that of any other. */
function ownArticle(article: ImportedArticle, home: string): ImportedArticle {
  const slug = article.slug
    ?.replace(/\/+$/, '')
    .replace(/^.*\//, '')
    .replace(/\.html?$/, '')
  const isName = /^(?:exc|img)-[0-9a-f]{16,}$/.test(article.image?.caption ?? '')
  const image = article.image && { ...article.image, ...(isName ? { caption: undefined } : {}) }
  return Object.create(article, {
    ...Object.getOwnPropertyDescriptors(article),
    // Its addresses have no host, and its ids are not in the export.
    id: { value: article.id.startsWith('/') ? home + article.id : article.id, enumerable: true },
    slug: { value: slug, enumerable: true },
    image: { value: image, enumerable: true },
    body: {
      get(): ImportedBody {
        const { body, findings } = article
        const lost = (message: string, line: number) =>
          (findings as Finding[]).push({ ...article.place, line: body.line + line, kind: FILLED, message })
        return { ...body, text: withBlocks(withPlayers(body.text), lost) }
      },
      enumerable: true,
    },
  })
}

const FILLED = 'blocks that Squarespace fills'

/** Recordings and players are attributes, too; what has only settings is named. */
function withBlocks(html: string, lost: (message: string, line: number) => void): string {
  return html.replace(
    /<div\b[^<>]*\sdata-(?:url="(https?:[^"<>]+)"[^<>]*\sdata-title="([^"<>]*)"|block-json="([^"<>]*)")[^<>]*>(\s*<\/div>)?/gi,
    (tag, url?: string, title?: string, json?: string, end?: string, at = 0) => {
      if (url !== undefined)
        return `${tag.slice(0, tag.length - (end?.length ?? 0))}<audio src="${url}"></audio><p>${title}</p>${end ?? ''}`
      const address = /&quot;url&quot;:&quot;(https?:.+?)&quot;/.exec(json ?? '')?.[1]
      if (end === undefined) return tag
      if (address !== undefined && /\bembed-block|\bvideo-block/.test(tag))
        return `<div><p><a href="${address}">${address}</a></p></div>`
      const name = /\b(?!sqs-block\b)([\w-]+-block)\b/.exec(tag)?.[1] ?? 'a block'
      lost(`${name} has no text of its own`, html.slice(0, at).split('\n').length - 1)
      return tag
    },
  )
}

/** A video is HTML in an attribute, which a script shows. */
function withPlayers(html: string): string {
  return html.replace(/<div\b[^<>]*\sdata-html="([^"<>]*)"[^<>]*>\s*(?=<\/div)/gi, (tag, written: string) => {
    const src = /\ssrc=(?:&quot;|"|')?(?:https?:)?(\/\/[^"'\s&]+)/i.exec(written.replace(/&amp;/g, '&'))?.[1]
    return src === undefined ? tag : `${tag}<iframe src="https:${src}"></iframe>`
  })
}
