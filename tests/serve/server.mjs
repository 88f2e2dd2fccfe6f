// A whole service in a process of its own, from compiled files: node server.mjs <compiled> <templates> <database> <secret>
// Says its address on standard output; is killed or told to stop.

const [dir, templates, database, secret] = process.argv.slice(2)
const { createApp } = await import(`${dir}/serve/create-app.js`)
const { listen } = await import(`${dir}/serve/index.js`)
const { openStore } = await import(`${dir}/store/index.js`)
const { openTemplates } = await import(`${dir}/templates/index.js`)

const newsletter = {
  id: 'weekly',
  title: 'The Weekly',
  every: 'week',
  on: 5,
  at: 420,
  from: { name: 'The Meridian', address: 'news@meridian.example' },
  subject: 'x',
  language: 'en',
  layout: 'auto',
}
const publication = {
  dir: '/nowhere',
  title: 'The Meridian',
  tagline: '',
  url: 'https://meridian.example/',
  language: 'en',
  direction: 'ltr',
  timezone: 'UTC',
  rights: '',
  address: '',
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
  sections: [],
  articles: {},
  newsletters: [newsletter],
  mail: { connections: 5 },
}
const { db } = await openStore(database)
const app = createApp({
  publication,
  db,
  templates: openTemplates(templates),
  secret,
  address: 'http://127.0.0.1/',
  out: '/nowhere',
  accent: { light: '#9a1b2f', dark: '#e8909d' },
  now: Date.now,
  elapsed: () => performance.now(),
  wake: () => undefined,
  failed: (_route, error) => console.error(error),
})
const listening = await listen(app, { host: '127.0.0.1', port: 0 })
console.log(listening.url)
process.once('SIGTERM', async () => {
  await listening.close()
  await db.close()
})
