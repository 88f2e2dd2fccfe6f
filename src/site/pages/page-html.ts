// An article's HTML, made for everywhere → the same for its own page: own pictures addressed from where the page lies,
// footnotes within the page, wide tables and code that a keyboard can scroll.

export interface PageHtmlOptions {
  /** The publication's address. */
  readonly home: string
  /** The article's address. */
  readonly url: string
  /** From the page to the top of `out/`. */
  readonly prefix: string
  /** What a table is called. */
  readonly table: string
}

// Clean HTML has `>`, `<` and `"` escaped in every attribute, so that a tag ends where it seems to.
const MEDIA = /<(img|source|audio|video|track)\b[^>]*>/g
const LINK = /<a\b[^>]*>/g

export function pageHtml(html: string, { home, url, prefix, table }: PageHtmlOptions): string {
  let out = html
  if (/<(?:img|source|audio|video|track)\b/.test(out)) {
    const [start, next] = [`"${escapeHtml(home)}`, `, ${escapeHtml(home)}`]
    out = out.replace(MEDIA, (tag, name: string) => {
      const local = tag.replaceAll(start, `"${prefix}`).replaceAll(next, `, ${prefix}`)
      return name === 'img' ? local.replace('<img ', '<img loading="lazy" ') : local
    })
  }
  const here = `href="${escapeHtml(url)}#`
  if (out.includes(here)) out = out.replace(LINK, tag => tag.replace(here, 'href="#'))
  if (out.includes('<table')) {
    const wide = `<div class="wide" role="group" tabindex="0" aria-label="${escapeHtml(table)}">`
    out = out.replace(/<table\b[^>]*>/g, `${wide}$&`).replaceAll('</table>', '</table></div>')
  }
  // Its sign is its bullet.
  if (out.includes('<li>')) out = out.replace(/<li>(?=(?:<p>|\s)*[☐☑])/g, '<li class="task">')
  return out.includes('<pre>') ? out.replaceAll('<pre>', '<pre tabindex="0">') : out
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
