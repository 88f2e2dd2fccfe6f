// The HTML that MJML makes → the same without MJML's known faults and without insignificant white space.

import type { Direction } from '../model.ts'

/** Numbers are those of MJML's issues. */
export function repairHtml(html: string, direction: Direction): string {
  let repaired = html
    // `height="auto"` is not valid HTML, and the style has it already.
    .replace(/(<img\b[^>]*?) height="auto"/g, '$1')
    // Only for Internet Explorer.
    .replace(/<!--\[if !mso\]><!-->\s*<meta http-equiv="X-UA-Compatible"[^>]*>\s*<!--<!\[endif\]-->/, '')
    // Only for Outlook 2007 (mso 11), which nobody uses any more.
    .replace(/<!--\[if lte mso 11\]>[\s\S]*?<!\[endif\]-->/, '')
  // #230: every column has text-align:left, whatever its direction.
  if (direction === 'rtl')
    repaired = repaired.replace(/text-align:left;(\s*)direction:rtl/g, 'text-align:right;$1direction:rtl')
  return repaired
}

const BLOCK =
  'html|head|title|meta|style|body|div|table|tbody|thead|tr|td|th|p|h[1-6]|ul|ol|li|blockquote|hr|link|noscript|xml|o:[A-Za-z]+'
/** Not a no-break space, which is seen. */
const SPACE = '[ \\t\\r\\n\\f]'
/** Of one space there is nothing to change. */
const SPACES = /[\t\r\n\f][ \t\r\n\f]*| [ \t\r\n\f]+/g
const AROUND_BLOCK = new RegExp(`${SPACE}*(</?(?:${BLOCK})(?:\\s(?:"[^"]*"|[^">])*)?>)${SPACE}*`, 'g')
/** What there may be to change in a tag. */
const UNTIDY = /[\t\r\n\f]| {2}| \/?>|;"/

/**
 * Without insignificant white space. MJML's own minifier is ten times slower and needs packages that do not run on Node 20.
 * `<pre>` stays unchanged. Some blocks begin on a new line, so that no line becomes too long.
 */
export function collapse(html: string): string {
  return html
    .split(/(<pre[\s>][\s\S]*?<\/pre>)/)
    .map((part, index) => (index % 2 === 1 ? part : tighten(part).replace(/^\s+/, '')))
    .join('')
}

/** Of a part without `<pre>`. The content of one element mostly has none of what is looked for first. */
export function tighten(html: string): string {
  if (!html.includes('<')) return html.replace(SPACES, ' ')
  const uncommented = html.includes('<!--')
    ? html.replace(/<!--(?!\[if|<!\[endif|\[endif)[\s\S]*?-->/g, '')
    : html
  const styled = uncommented.includes('<style')
    ? uncommented.replace(/<style[^>]*>[\s\S]*?<\/style>/g, tightenStyle)
    : uncommented
  const tightened = styled
    .replace(/<[a-z][^<>]*>/gi, tag => {
      if (!UNTIDY.test(tag)) return tag
      return (
        tag
          .replace(SPACES, ' ')
          .replace(/ (?=\/?>)/, '')
          // Only of styles: elsewhere it ends a character reference, as in alt="&quot;Yes&quot;".
          .replace(/( style="[^"]*);"/g, '$1"')
      )
    })
    .replace(SPACES, ' ')
    .replace(AROUND_BLOCK, '$1')
  const conditions = tightened.includes('<!')
    ? tightened.replace(/\s*(<!--\[if [^\]]*\]>)\s*/g, '$1').replace(/\s*(<!\[endif\]-->)\s*/g, '$1')
    : tightened
  return conditions.replace(/<(?=(?:table|p|h[1-6]|meta|style|body)[\s>])/g, '\n<')
}

function tightenStyle(style: string): string {
  return style
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,>])\s*/g, (_, sign: string) => sign)
    .replace(/:\s+(?=[^{}]*[;}])/g, ':')
    .replace(/;\}/g, '}')
    .replace(/\}(?=[.#@[a-z])/g, '}\n')
}
