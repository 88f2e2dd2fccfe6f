// The letter of the rows about sending: about 60 kB as quoted-printable, with a name at the top and a link at the end.

const PARAGRAPH =
  '<tr><td style="font-family:Georgia,serif;font-size:16px;line-height:24px;color:#1a1a1a;padding:0 24px 16px">The bridge opened at dawn, and by noon the queue of carts reached the market; nobody had counted on the goats.</td></tr>\n'

export function page(name: string, leave: string): string {
  return `<!doctype html><html lang="en"><body><p>Good morning, ${name}.</p><table>${PARAGRAPH.repeat(220)}</table><p><a href="${leave}">Leave</a></p></body></html>`
}

export function plain(name: string, leave: string): string {
  return `Good morning, ${name}.\n\n${'The bridge opened at dawn.\n'.repeat(150)}\nLeave: ${leave}\n`
}

export function leaving(n: number): string {
  return `https://letters.example.org/u/${n}`
}

const MARKER = '0123456789ab'
export const letter = {
  edition: 'weekly/2026-W05',
  newsletter: 'weekly',
  subject: 'A bridge at dawn',
  preheader: '',
  language: 'en',
  from: { name: 'News', address: 'news@example.org' },
  html: page(`⟦${MARKER}:name⟧`, `⟦${MARKER}:unsubscribe_url⟧`),
  text: plain(`⟦${MARKER}:name⟧`, `⟦${MARKER}:unsubscribe_url⟧`),
  marker: MARKER,
  files: [],
}

/** @param dist where the program was compiled to */
export async function composer(dist: string) {
  const { composeLetter } = await import(`${dist}/letter/index.js`)
  const publication = {
    url: 'https://example.org/',
    service: 'https://letters.example.org/',
    timezone: 'UTC',
    articles: { idHost: 'example.org' },
    mail: { connections: 20 },
  }
  const newsletter = { id: 'weekly', title: 'Weekly' }
  return composeLetter(letter, publication, newsletter, { secret: 'a-secret-of-the-bench', date: Date.now })
}
