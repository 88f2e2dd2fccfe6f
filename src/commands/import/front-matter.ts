// An imported article and its Markdown → the text of a file; an author → the text of hers. Fields in one order, so that the
// same import makes the same bytes.

import { stringify } from 'yaml'
import { cleanText, cutShort, oneLine } from '../../base/index.ts'
import type { ImportedArticle, ImportedAuthor, ImportedPicture } from './imported.ts'

/** What is known of it besides what the export says. */
export interface FileFields {
  /** ISO 8601 with offset. */
  readonly date: string | undefined
  readonly updated: string | undefined
  readonly title: string
  /** Where the file's name does not say it. */
  readonly slug: string | undefined
  /** Path on the site. */
  readonly url: string | undefined
  readonly aliases: readonly string[]
  /** Names, or ids of files of authors. */
  readonly authors: readonly string[]
  readonly image: ImportedPicture | undefined
  /** Why it is a draft. */
  readonly heldBack: string | undefined
  readonly language: string | undefined
}

/** The longest text that is one line of a list or a heading. */
const MAX_LINE = 900

export function articleText(article: ImportedArticle, fields: FileFields, markdown: string): string {
  const {
    categories = [],
    tags = [],
    summary,
    dateline,
    audio,
    live,
    comments,
    source,
    canonical,
    id,
    imageWords,
  } = article
  const { image } = fields
  const lines = [
    line('title', cutShort(oneLine(fields.title), MAX_LINE)),
    fields.date && `date: ${fields.date}\n`,
    fields.updated && `updated: ${fields.updated}\n`,
    list('authors', fields.authors),
    list('categories', unique(categories)),
    list(
      'tags',
      unique(tags).filter(tag => !unique(categories).includes(tag)),
    ),
    summary && line('summary', oneLine(summary)),
    dateline && line('place', oneLine(dateline)),
    image && line('image', withoutNothing(image)),
    // They count as soon as somebody adds the picture.
    !image && imageWords?.caption && line('image_caption', oneLine(imageWords.caption)),
    !image && imageWords?.credit && line('image_credit', oneLine(imageWords.credit)),
    audio && line('audio', audio),
    fields.slug !== undefined && line('slug', fields.slug),
    fields.url !== undefined && line('url', fields.url),
    list('aliases', fields.aliases),
    line('id', oneLine(id)),
    fields.language && line('language', fields.language),
    live && 'live: true\n',
    comments && line('comments', comments),
    source && line('source', source),
    canonical && line('canonical', canonical),
    fields.heldBack && `draft: true${fields.heldBack === 'draft' ? '' : ` # ${oneLine(fields.heldBack)}`}\n`,
  ]
  return cleanText(`---\n${lines.filter(Boolean).join('')}---\n\n${markdown.trim()}\n`)
}

export function authorText({ name, role, url, photo, social = [], biography = '' }: ImportedAuthor): string {
  const lines = [
    line('name', oneLine(name)),
    role && line('role', oneLine(role)),
    url && line('url', url),
    photo && line('photo', photo),
    social.length > 0 && line('social', social),
  ]
  return cleanText(
    `---\n${lines.filter(Boolean).join('')}---\n${biography.trim() && `\n${biography.trim()}\n`}`,
  )
}

/** Readers of YAML 1.1 must find the same: `no` is a word. */
function line(key: string, value: unknown): string {
  return stringify({ [key]: value }, { version: '1.1', lineWidth: 0, flowCollectionPadding: true })
}

function list(key: string, values: readonly string[]): string {
  if (values.length === 0) return ''
  const items = values.map(value =>
    stringify([value], { version: '1.1', lineWidth: 0, collectionStyle: 'flow' }).trim(),
  )
  return `${key}: [${items.map(item => item.replace(/^\[\s*|\s*\]$/g, '')).join(', ')}]\n`
}

function withoutNothing(picture: ImportedPicture): Record<string, string> {
  const { src, ...texts } = picture
  const said = Object.entries(texts).filter(([, text]) => text !== undefined && oneLine(text) !== '')
  return { src, ...Object.fromEntries(said.map(([key, text]) => [key, cutShort(oneLine(text!), MAX_LINE)])) }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values.map(value => cutShort(oneLine(value), MAX_LINE)).filter(value => value !== ''))]
}
