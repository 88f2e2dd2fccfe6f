// The text of a template that feeds are made with → nothing, or an Error with the line of the first thing that no feed may
// hold: script, form, frame, style or event handler. What articles say is cleaned elsewhere.

const ELEMENT =
  /^(?:script|style|link|meta|base|form|input|button|select|textarea|iframe|frame|frameset|object|embed|applet)$/i
const ATTRIBUTE = /^(?:style|on[a-z]+)$/i
const ADDRESS = /^["']?\s*(javascript:|data:text\/html)/i

/** Tags of Handlebars hold signs of HTML that mean something else. */
const HANDLEBARS = /\{\{!--[\s\S]*?--\}\}|\{\{\{?[\s\S]*?\}?\}\}/g
/** What a comment or a quoted value holds is no tag. */
const COMMENT_OR_TAG = /<!--[\s\S]*?-->|<([a-z][^\s/>]*)((?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*)/gi
const NAME_AND_VALUE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?/g

export function checkFeedHtml(text: string): void {
  const bare = text.replace(HANDLEBARS, tag => tag.replace(/[^\n]/g, ' '))
  for (const { index, 1: element, 2: attributes } of bare.matchAll(COMMENT_OR_TAG)) {
    if (element === undefined) continue
    if (ELEMENT.test(element)) fail(`<${element}>`, bare.slice(0, index))
    for (const { index: within, 1: name, 2: value } of attributes!.matchAll(NAME_AND_VALUE)) {
      const before = bare.slice(0, index + 1 + element.length + within)
      if (ATTRIBUTE.test(name!) && value !== undefined) fail(`${name}=`, before)
      const address = /^(?:href|src)$/i.test(name!) ? ADDRESS.exec(value ?? '') : null
      if (address) fail(address[1]!, before)
    }
  }
}

function fail(what: string, before: string): never {
  throw Object.assign(new Error(`${what} may not stand in a feed: readers take it out, or refuse the feed`), {
    lineNumber: before.split('\n').length,
  })
}
