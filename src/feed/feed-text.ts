// Any text → text that XML 1.0, HTML and JSON can all carry: nothing an author types can make a feed unreadable.

// XML 1.0 §2.2 forbids most control characters and half surrogates; HTML also the other controls and noncharacters.
const FORBIDDEN = /(?![\t\n])[\p{Cc}\p{Cs}]|\p{Noncharacter_Code_Point}/gu
// The same and a little more, without knowledge of pairs: where it finds nothing, which is nearly always, nothing is to do.
const SUSPECT = /[^\t\n -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc]/
const LINE_SPACE = /[\t\n\v\f\r \u0085\u2028\u2029]+/g

// What plain text must not hold, and a little more: where it finds nothing, which is nearly always, nothing is to do.
const UNPLAIN = /[^ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc]| {2}|^\s|\s$/

/** Plain text on one line. U+FFFD goes too: it only ever stands where text was already lost. */
export function plainText(text: string): string {
  if (!UNPLAIN.test(text)) return text
  return text.replace(LINE_SPACE, ' ').replace(FORBIDDEN, '').replaceAll('\uFFFD', '').trim()
}

/**
 * HTML that can stand in a CDATA section: XML 1.0 §2.7 ends one at the first `]]>`, and npm `feed` splits only the first.
 * The escaping is done here, for all three formats, so that their content is the same to the byte.
 */
export function safeHtml(html: string): string {
  const lines = html.includes('\r') ? html.replace(/\r\n?/g, '\n') : html
  const clean = SUSPECT.test(lines) ? lines.replace(FORBIDDEN, '').replaceAll('\uFFFD', '&#xFFFD;') : lines
  return clean.replaceAll(']]>', ']]&gt;').trim()
}

/** Plain text as HTML, for the places where a format says that the text is HTML. */
export function textToHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
