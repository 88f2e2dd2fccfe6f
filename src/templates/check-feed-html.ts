// The text of a template that feeds are made with → nothing, or an Error with the line of the first thing that no feed may
// hold: script, form, frame, style or event handler. What articles say is cleaned elsewhere.

const ELEMENT =
  /<(script|style|link|meta|base|form|input|button|select|textarea|iframe|frame|frameset|object|embed|applet)(?=[\s/>])/i
const ATTRIBUTE = /<[a-z][^<>]*?\s(style|on[a-z]+)\s*=/i
const ADDRESS = /<[a-z][^<>]*?\s(?:href|src)\s*=\s*["']?\s*(javascript:|data:text\/html)/i

export function checkFeedHtml(text: string): void {
  // Tags of Handlebars hold signs of HTML that mean something else.
  const bare = text.replace(/\{\{!--[\s\S]*?--\}\}|\{\{\{?[\s\S]*?\}?\}\}/g, tag =>
    tag.replace(/[^\n]/g, ' '),
  )
  for (const [pattern, show] of [
    [ELEMENT, (name: string) => `<${name}>`],
    [ATTRIBUTE, (name: string) => `${name}=`],
    [ADDRESS, (name: string) => name],
  ] as const) {
    const found = pattern.exec(bare)
    if (!found) continue
    const upTo = found.index + found[0].lastIndexOf(found[1]!)
    throw Object.assign(
      new Error(`${show(found[1]!)} may not stand in a feed: readers take it out, or refuse the feed`),
      { lineNumber: bare.slice(0, upTo).split('\n').length },
    )
  }
}
