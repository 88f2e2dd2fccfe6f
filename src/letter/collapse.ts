// HTML of a letter → the same without the white space that nobody sees. MJML's own minifier is ten times slower and needs
// packages that do not run on Node 20.

const BLOCK =
  'html|head|title|meta|style|body|div|table|tbody|thead|tr|td|th|p|h[1-6]|ul|ol|li|blockquote|hr|link|noscript|xml|o:[A-Za-z]+'
const AROUND_BLOCK = new RegExp(`\\s*(</?(?:${BLOCK})(?:\\s(?:"[^"]*"|[^">])*)?>)\\s*`, 'g')

/** `<pre>` stays as it is; a line begins before some blocks, so that none grows without end. */
export function collapse(html: string): string {
  return html
    .split(/(<pre[\s>][\s\S]*?<\/pre>)/)
    .map((part, index) => (index % 2 === 1 ? part : tighten(part)))
    .join('')
}

function tighten(html: string): string {
  return html
    .replace(/<!--(?!\[if|<!\[endif|\[endif)[\s\S]*?-->/g, '')
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, tightenStyle)
    .replace(/<[a-z][^<>]*>/gi, tag =>
      tag
        .replace(/\s+/g, ' ')
        .replace(/ (?=\/?>)/, '')
        .replace(/;"/g, '"'),
    )
    .replace(/\s+/g, ' ')
    .replace(AROUND_BLOCK, '$1')
    .replace(/\s*(<!--\[if [^\]]*\]>)\s*/g, '$1')
    .replace(/\s*(<!\[endif\]-->)\s*/g, '$1')
    .replace(/<(?=(?:table|p|h[1-6]|meta|style|body)[\s>])/g, '\n<')
    .replace(/^\s+/, '')
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
