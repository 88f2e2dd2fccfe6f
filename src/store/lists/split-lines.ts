// Text in chunks → its lines, each with the line end that it had: CRLF, LF or CR.

export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    rest += chunk
    // A CR at the very end may be the first half of a CRLF.
    const whole = /\r$/.test(rest) ? rest.length - 1 : rest.length
    let start = 0
    for (const match of rest.slice(0, whole).matchAll(/\r\n|\n|\r/g)) {
      const end = match.index + match[0].length
      // CRLF cut by the limit above: wait for the next chunk.
      if (match[0] === '\r' && end === whole && whole < rest.length) break
      yield rest.slice(start, end)
      start = end
    }
    rest = rest.slice(start)
  }
  for (const line of rest.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []) yield line
}
