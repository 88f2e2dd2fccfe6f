// A server's reply, of any number of lines, → one line fit to keep, and its enhanced status code.

const LONGEST = 500

/** One line of at most 500 characters; the code is kept once: '550 5.1.1 no such user here'. */
export function replyText(response: string): string {
  const [first = '', ...rest] = response.split(/\r?\n/)
  const lines = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...rest.map(line => line.replace(/^\d{3}[ -]?(?:[245]\.\d{1,3}\.\d{1,3}\s)?/, '')),
  ]
  const text = lines
    .join(' ')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

/** RFC 3463 §2, RFC 2034 §4: class.subject.detail right after the reply code. */
export function enhancedCode(response: string): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(response)?.[1]
}
