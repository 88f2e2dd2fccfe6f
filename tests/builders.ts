// Overrides → whole, valid values for tests: a publication, articles, what a folder loads to, and a renderer.
// Nothing here imitates a stage: the renderer really makes its (very plain) prose, so tests of later stages need no other.

import type {
  Article,
  Author,
  Body,
  Loaded,
  Newsletter,
  Picture,
  Prose,
  Publication,
  Renderer,
  Timestamp,
} from '../src/model.ts'

/** '2026-01-30T05:06:00+05:30' → the instant with its offset. */
export function at(iso: string): Timestamp {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(iso)
  const minutes = zone ? Number(zone[2]) * 60 + Number(zone[3]) : 0
  return { at: Date.parse(iso), offset: zone?.[1] === '-' ? -minutes : minutes }
}

export function aPublication(overrides: Partial<Publication> = {}): Publication {
  return {
    dir: '/publication',
    title: 'The Meridian',
    tagline: 'World news, one line of longitude at a time',
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
    social: [{ name: 'Instagram', url: 'https://instagram.example/meridian' }],
    sections: [
      { slug: 'world', title: 'World' },
      { slug: 'business', title: 'Business' },
    ],
    articles: { url: '/{section}/{year}/{slug}/', pages: true, idHost: 'meridian.example' },
    feeds: { items: 30, content: 'full', per: ['section', 'tag', 'author'], archive: true, hubs: [] },
    newsletters: [],
    mail: { connections: 5 },
    ...overrides,
  }
}

export function aNewsletter(overrides: Partial<Newsletter> = {}): Newsletter {
  return {
    id: 'weekly',
    title: 'The Meridian Weekly',
    every: 'week',
    on: 5,
    at: 7 * 60,
    from: { name: 'The Meridian', address: 'news@meridian.example' },
    subject: '{{edition.lead.title}}',
    language: 'en-IN',
    layout: 'auto',
    ...overrides,
  }
}

export function anAuthor(overrides: Partial<Author> = {}): Author {
  return { name: 'World Desk', social: [], biography: '', ...overrides }
}

export function aPicture(overrides: Partial<Picture> = {}): Picture {
  return {
    url: 'https://meridian.example/images/bridge.jpg',
    file: 'images/bridge.jpg',
    alt: 'A bridge at dawn',
    width: 1200,
    height: 800,
    bytes: 34_567,
    type: 'image/jpeg',
    ...overrides,
  }
}

/** A published article. Slug, address and id follow from `slug` unless they are given. */
export function anArticle(overrides: Partial<Article> = {}): Article {
  const slug = overrides.slug ?? 'bridge-opens'
  return {
    id: `tag:meridian.example,2026:${slug}`,
    file: `articles/${slug}.md`,
    slug,
    url: `https://meridian.example/world/2026/${slug}/`,
    state: 'published',
    title: 'A bridge opens',
    date: at('2026-01-30T07:00:00+05:30'),
    authors: [anAuthor()],
    tags: [],
    language: 'en-IN',
    direction: 'ltr',
    live: false,
    extra: {},
    body: 'The bridge opened this morning.\n\nIt had been closed since autumn.',
    bodyLine: 5,
    ...overrides,
  }
}

/** Articles in the order given; make them newest first, as `load` does. */
export function aLoaded(
  articles: readonly Article[],
  publication: Publication = aPublication(),
  overrides: Partial<Loaded> = {},
): Loaded {
  const authors = articles.flatMap(article => article.authors).filter(author => author.id !== undefined)
  return {
    publication,
    articles,
    authors: new Map(authors.map(author => [author.id!, author])),
    notes: [],
    settings: { file: 'articles/publication.yaml', text: '' },
    diagnostics: [],
    read: articles.length,
    broken: 0,
    ...overrides,
  }
}

/**
 * Prose without Markdown: a body that begins with `<` is HTML as it stands, anything else is paragraphs of plain text.
 *
 * @param overrides what `body` says of every article beyond that: `{ files: ['images/map.png'] }`
 */
export function aRenderer(overrides: Partial<Body> = {}): Renderer {
  return {
    body(article) {
      const made = plainProse(article.body)
      const words = made.text.split(/\s+/).filter(Boolean).length
      const summary = article.summary ?? made.text.split('\n\n')[0]!
      return {
        ...made,
        summary,
        words,
        minutes: Math.max(1, Math.round(words / 230)),
        textLength: made.text.length,
        live: undefined,
        notes: [],
        refused: [],
        ...overrides,
      }
    },
    prose: markdown => plainProse(markdown),
  }
}

function plainProse(source: string): Prose {
  if (source.trimStart().startsWith('<')) {
    return { html: source, letterHtml: source, text: source.replace(/<[^>]*>/g, ''), files: [] }
  }
  const paragraphs = source.split(/\n{2,}/).filter(paragraph => paragraph.trim() !== '')
  const html = paragraphs.map(paragraph => `<p>${escapeHtml(paragraph)}</p>`).join('\n')
  return { html, letterHtml: html, text: paragraphs.join('\n\n'), files: [] }
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
