// Articles and overrides → an edition for letters, as the planning half would make it, and the letter of it.

import { renderLetter } from '../../src/letter/letter.ts'
import type { Article, Edition, EditionNote, Letter, Publication, Renderer } from '../../src/model.ts'
import { builtinTemplates, openTemplates, type Templates } from '../../src/templates/index.ts'
import { aLoaded, aNewsletter, anArticle, aPicture, aPublication, aRenderer, at } from '../builders.ts'

export const world = { slug: 'world', title: 'World' }
export const business = { slug: 'business', title: 'Business' }

/** The first article leads; the others are grouped by section in the order in which sections first appear. */
export function anEdition(articles: readonly Article[], overrides: Partial<Edition> = {}): Edition {
  const [lead, ...rest] = articles
  const titles = [...new Set(rest.map(article => article.section?.title ?? ''))]
  return {
    newsletter: aNewsletter(),
    id: '2026-W05',
    from: 0,
    until: Date.parse('2026-01-30T07:00:00+05:30'),
    sendAt: Date.parse('2026-01-30T07:00:00+05:30'),
    hold: false,
    lead,
    articles,
    parts: titles.map(title => ({
      title,
      articles: rest.filter(article => (article.section?.title ?? '') === title),
    })),
    leftOut: [],
    ...overrides,
  }
}

export function aNote(body: string, overrides: Partial<EditionNote> = {}): EditionNote {
  return {
    newsletter: 'weekly',
    id: '2026-W05',
    file: 'articles/editions/weekly/2026-W05.md',
    pick: [],
    omit: [],
    order: [],
    hold: false,
    extra: false,
    body,
    bodyLine: 3,
    ...overrides,
  }
}

/** Five articles that have between them what an article can have. */
export function someArticles(): Article[] {
  return [
    anArticle({
      slug: 'talks',
      title: 'Ministers speak of trade & minerals',
      section: world,
      place: 'New Delhi',
      summary: 'The two ministers met in New Delhi on Thursday, days before a larger meeting in Washington.',
      image: aPicture({ caption: 'The bridge at dawn', credit: 'Meridian Pictures' }),
      updated: at('2026-01-30T05:06:00+05:30'),
    }),
    anArticle({ slug: 'bridge', title: 'A bridge opens', section: world, image: aPicture() }),
    anArticle({ slug: 'budget', title: 'Budget day', section: business, live: true }),
    anArticle({
      slug: 'rain',
      title: 'دہلی میں بارش',
      summary: 'دہلی میں آج صبح تیز بارش ہوئی۔',
      section: business,
      language: 'ur',
      direction: 'rtl',
      audio: { url: 'https://meridian.example/audio/rain.mp3', type: 'audio/mpeg', duration: 1440 },
    }),
    anArticle({
      slug: 'found',
      title: 'Worth reading',
      section: business,
      source: { url: 'https://example.org/?a=1&b=2' },
    }),
  ]
}

export const templates: Templates = openTemplates(builtinTemplates)

export function aLetter(
  edition: Edition,
  {
    publication = aPublication(),
    renderer = aRenderer(),
    using = templates,
  }: { publication?: Publication; renderer?: Renderer; using?: Templates } = {},
): Promise<Letter> {
  return renderLetter(edition, aLoaded(edition.articles, publication), renderer, using)
}

/** Slots filled with their fallbacks, as the browser page shows a letter. */
export function filled(text: string): string {
  return text.replace(/⟦[0-9a-f]{12}:(\w+)(?:\|([^⟧]*))?⟧/g, (_, name: string, fallback = '') =>
    name.endsWith('_url') ? `https://letters.meridian.example/${name}` : fallback,
  )
}
