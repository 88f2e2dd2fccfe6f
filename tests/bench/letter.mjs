// How long a letter of 10 articles takes once MJML is loaded, and how long one message made out from a letter of 60 kB.
// node tests/bench/letter.mjs, after `npm run prepare`. CPU time of this process, best of five rounds.

const dist = process.env.BROADSHEET_DIST ?? new URL('../../dist', import.meta.url).pathname
const { openTemplates, builtinTemplates } = await import(`${dist}/templates.js`)
const { composeLetter, renderLetter } = await import(`${dist}/edition/index.js`)
const { createRenderer } = await import(`${dist}/render/index.js`)

const now = Date.parse('2026-01-30T01:30:00Z')
const publication = {
  dir: '/nowhere',
  title: 'The Meridian',
  tagline: 'World news',
  url: 'https://meridian.example/',
  language: 'en-IN',
  direction: 'ltr',
  timezone: 'Asia/Kolkata',
  rights: '© 2026 The Meridian',
  address: '12 Observatory Road, New Delhi 110001',
  accent: '#9a1b2f',
  theme: {
    headings: 'serif',
    text: 'serif',
    labels: 'sans',
    masthead: 'center',
    ground: 'warm',
    corners: 'square',
  },
  social: [],
  sections: [{ slug: 'world', title: 'World' }],
  articles: { url: '/{slug}/', pages: true, idHost: 'meridian.example' },
  newsletters: [],
  service: 'https://letters.meridian.example/',
  mail: { connections: 5, bounces: 'bounces@meridian.example' },
}
const newsletter = {
  id: 'weekly',
  title: 'The Meridian Weekly',
  every: 'week',
  on: 5,
  at: 420,
  from: { name: 'The Meridian', address: 'news@meridian.example' },
  subject: '{{edition.lead.title}}',
  language: 'en-IN',
  layout: 'auto',
}
const articles = Array.from({ length: 10 }, (_, n) => ({
  id: `tag:meridian.example,2026:n${n}`,
  file: `articles/n${n}.md`,
  slug: `n${n}`,
  url: `https://meridian.example/n${n}/`,
  state: 'published',
  title: `Ministers speak of trade and minerals, day ${n}`,
  date: { at: now - n * 3_600_000, offset: 330 },
  authors: [{ name: 'World Desk', social: [], biography: '' }],
  section: publication.sections[0],
  tags: [],
  language: 'en-IN',
  direction: 'ltr',
  live: false,
  extra: {},
  image: {
    url: `https://elsewhere.example/n${n}.jpg`,
    alt: 'A bridge',
    width: 1200,
    height: 675,
    type: 'image/jpeg',
  },
  body: 'The two ministers met in New Delhi on Thursday, days before a larger meeting in Washington. '.repeat(
    8,
  ),
  bodyLine: 5,
}))
const loaded = { publication, articles, authors: new Map(), notes: [], diagnostics: [], read: 10, broken: 0 }
const [lead, ...rest] = articles
const edition = {
  newsletter,
  id: '2026-W05',
  from: 0,
  until: now,
  sendAt: now,
  hold: false,
  lead,
  articles,
  parts: [{ title: 'World', articles: rest }],
  leftOut: [],
}
const renderer = createRenderer(loaded)
const templates = openTemplates(builtinTemplates)
const letterMs = await best(20, () => renderLetter(edition, loaded, renderer, templates))
const letter = await renderLetter(edition, loaded, renderer, templates)
const filler = `<!--${'x'.repeat(70)}-->\n`
const html = letter.html.replace(
  '</body>',
  `${filler.repeat(Math.max(0, Math.ceil((60_000 - letter.html.length) / filler.length)))}</body>`,
)
const make = composeLetter({ ...letter, html }, publication, newsletter, {
  secret: 'a secret for the bench',
  date: () => now,
})
const reader = n => ({ subscriber: n, email: `reader${n}@example.org`, name: 'Asha', fields: {} })
const { length } = make(reader(1)).bytes
let n = 1
const messageMs = await best(1, () => {
  for (let at = 0; at < 20_000; at++) make(reader(n++))
})
console.log(`letter of 10 articles   ${letterMs.toFixed(1)} ms   goal 40`)
console.log(`message of ${Math.round(length / 1000)} kB        ${(messageMs / 20).toFixed(1)} µs   goal 20`)

async function best(times, work) {
  let least = Infinity
  for (let round = 0; round < 6; round++) {
    const before = process.cpuUsage()
    for (let at = 0; at < times; at++) await work()
    const { user, system } = process.cpuUsage(before)
    if (round > 0) least = Math.min(least, (user + system) / 1000 / times)
  }
  return least
}
