// Any value of a template → its text, escaped for HTML as Handlebars escapes it.

export function escapeText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object' && 'toHTML' in value && typeof value.toHTML === 'function')
    return value.toHTML() as string
  const text = String(value)
  return SIGN.test(text) ? text.replace(SIGNS, sign => ESCAPED[sign]!) : text
}

const SIGN = /[&<>"'`=]/
const SIGNS = /[&<>"'`=]/g
const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
}
