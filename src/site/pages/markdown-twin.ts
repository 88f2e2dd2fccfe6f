// Article → its twin in Markdown: what a program needs to know of it as front matter, then its title, picture and words as readers
// see them. No field of the source comes along that is not named here.

import { escapeHtml, isoTime } from '../../base/index.ts'
import { readLicence } from '../../content/index.ts'
import type { Article, Picture, Timestamp } from '../../model.ts'
import type { Site } from './open-site.ts'

export function markdownTwin(article: Article, { loaded, renderer, zone }: Site): string {
  const { publication } = loaded
  const { title, summary, date, updated, authors, section, tags, language, url, canonical } = article
  const licence = readLicence(article.extra.licence ?? article.extra.license) ?? publication.licence
  const time = ({ at }: Timestamp) => isoTime(at, zone)
  const fields: Record<string, unknown> = {
    title,
    summary,
    date: time(date),
    updated: updated && time(updated),
    authors: authors.map(({ name }) => name),
    section: section?.title,
    tags,
    language,
    url: canonical ?? url,
    publication: publication.title,
    rights: publication.rights || undefined,
    licence: licence?.url ?? licence?.name,
  }
  // JSON is YAML: no text can end the front matter, or be read as anything but a text. YAML 1.2.2 §1.3
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  const body = renderer.body(article).html
  const html = [`<h1>${escapeHtml(title)}</h1>`, pictureHtml(article.image, body), body].join('\n')
  return `---\n${lines.join('\n')}\n---\n\n${renderer.markdown!(html)}\n`
}

/** Unless the body shows it already. */
function pictureHtml(picture: Picture | undefined, body: string): string {
  if (!picture || body.includes(escapeHtml(picture.url))) return ''
  const words = [picture.caption, picture.credit].filter(Boolean).join(' · ')
  const image = `<p><img src="${escapeHtml(picture.url)}" alt="${escapeHtml(picture.alt)}"></p>`
  return words ? `${image}<p><em>${escapeHtml(words)}</em></p>` : image
}
