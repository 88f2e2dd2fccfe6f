// An MJML template's text → the same with every MJML tag saying which line it came from, and back. Filled MJML has lost
// its lines to loops and partials; a mistake found in it is still reported with template and line.

/** Where a tag of filled MJML was written. */
export interface Origin {
  /** Relative to templates/. */
  readonly template: string
  /** 1-based. */
  readonly line: number
}

const ATTRIBUTE = 'data-origin'

/**
 * @param name of the template; only `.mjml.hbs` is changed
 * @param all marks HTML tags too; these marks stay in the letter until `dropOrigins`
 */
export function markOrigins(text: string, name: string, all = false): string {
  if (!name.endsWith('.mjml.hbs')) return text
  let line = 1
  return text.replace(all ? /\n|<[a-z][a-z0-9-]*(?=[\s/>{])/g : /\n|<mj[a-z-]*(?=[\s/>])/g, found => {
    if (found === '\n') {
      line += 1
      return found
    }
    return `${found} ${ATTRIBUTE}="${name}:${line}"`
  })
}

/** Takes the marks out of filled MJML: `origins[n]` is where the n-th MJML start tag was written. */
export function takeOrigins(mjml: string): { mjml: string; origins: Origin[] } {
  const origins: Origin[] = []
  const clean = mjml.replace(
    /(<mj[a-z-]*) data-origin="([^"]*):(\d+)"/g,
    (_, tag: string, template, line) => {
      origins.push({ template, line: Number(line) })
      return tag
    },
  )
  return { mjml: clean, origins }
}

/** HTML with the marks of its tags → without them. */
export function dropOrigins(html: string): string {
  return html.replace(/(<[a-z][a-z0-9-]*) data-origin="[^"]*"/g, '$1')
}
