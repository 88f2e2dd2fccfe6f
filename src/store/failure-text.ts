// A server's reply → the same without what is different from reader to reader, so that failures can be grouped and shown.

/** Keeps no address: '550 5.1.1 <anna@x.example>: user unknown (id 4Xy9Zt1)' → '550 5.1.1 <…>: user unknown (id …)'. */
export function failureText(reply: string): string {
  return (
    reply
      .replace(/<[^<>]*@[^<>]*>/g, '<…>')
      .replace(/[^\s<>()"',;:]+@[^\s<>()"',;]+/g, '…')
      // Queue ids and the like: six or more letters and digits with both among them.
      .replace(/\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}\b/g, '…')
      .replace(/\b\d{6,}\b/g, '…')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}
