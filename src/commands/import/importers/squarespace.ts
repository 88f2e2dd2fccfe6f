// Squarespace's export → articles: it has the form of WordPress's, without hosts in its addresses, and with what its own scripts show.

import type { ImportedArticle, ImportedBody, Importer } from '../imported.ts'
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
      get: (): ImportedBody => ({ ...article.body, text: withPlayers(article.body.text) }),
      enumerable: true,
    },
  })
}

/** A video is HTML in an attribute, which a script shows. */
function withPlayers(html: string): string {
  return html.replace(/<div\b[^>]*\sdata-html="([^"]*)"[^>]*>\s*(?=<\/div)/gi, (tag, written: string) => {
    const src = /\ssrc=(?:&quot;|"|')?(?:https?:)?(\/\/[^"'\s&]+)/i.exec(written.replace(/&amp;/g, '&'))?.[1]
    return src === undefined ? tag : `${tag}<iframe src="https:${src}"></iframe>`
  })
}
