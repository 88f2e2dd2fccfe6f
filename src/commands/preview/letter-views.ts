// A scene → the letters of editions past and to come, as any reader gets them: in frames, as text, as source, with its headers,
// in the row of an inbox, and how much of Gmail's limit it takes; and the mail that asks to confirm.

import { figure, parseAddress } from '../../base/index.ts'
import { checkEditions } from '../../check/index.ts'
import { editionName, editionVariants, findSlot, planEdition } from '../../edition/index.ts'
import { UserError } from '../../errors.ts'
import {
  letterForReader,
  MAX_HTML_BYTES,
  type ReadersLetter,
  type RenderedEdition,
  renderEdition,
} from '../../letter/index.ts'
import type { Edition, Letter, Publication } from '../../model.ts'
import { sampleNotice } from '../../serve/index.ts'
import { momentOf, rowOf } from './article-views.ts'
import type { Scene } from './scene.ts'
import { currentView, framesOf, problemsOf, type View, viewLinks } from './view.ts'

const VIEWS = { html: 'Letter', inbox: 'Inbox', text: 'Text part', source: 'Source', headers: 'Headers' }

/** Parts of the address that say which letter, and for whom. */
const WHOSE = ['of', 'in', 'name', 'email', 'topic']

/** Whose letter it is, unless somebody is named. */
const READER = { name: 'Sample Reader', email: 'reader@example.com' }

export async function letterView(scene: Scene, query: URLSearchParams): Promise<View> {
  const listed = listEditions(scene)
  const first = listed.find(({ count }) => count > 0) ?? listed[0]
  const edition = editionAsked(scene, query.get('of') ?? first?.name ?? '')
  if (!edition) {
    const { newsletters } = scene.loaded.publication
    const missing = newsletters.length === 0 ? 'none' : 'unknown'
    return { title: 'Letters', template: 'letter', data: { editions: listed, missing } }
  }
  const name = editionName(edition.newsletter, edition.id)
  const who = await readerAsked(scene, edition, query)
  const about = {
    editions: listed.map(one => ({ ...one, chosen: one.name === name })),
    name,
    newsletter: edition.newsletter.title,
    due: momentOf(edition.sendAt, scene),
    isPast: edition.sendAt <= scene.now,
    hold: edition.hold,
    articles: edition.articles.map(article => rowOf(article, scene)),
    leftOut: leftOutOf(edition, scene),
    topics: topicsOf(edition, who.topics),
    reader: who,
    readers: (await scene.readers()).map(({ email }) => email),
  }
  if (edition.articles.length === 0)
    return { title: name, template: 'letter', data: { ...about, missing: 'empty' } }
  const shown = await letterAsked(scene, edition, query)
  if (!shown) return { title: name, template: 'letter', data: { ...about, missing: 'topics' } }
  const { letter, own } = shown
  const views = viewLinks(query, '/letter', VIEWS)
  const view = currentView(views)
  const asked = new URLSearchParams([...query].filter(([key]) => WHOSE.includes(key)))
  asked.set('of', name)
  const problems = await scene.once(`check ${name}`, () =>
    checkEditions([edition], scene.loaded, scene.renderer),
  )
  return {
    title: own.subject,
    template: 'letter',
    data: {
      ...about,
      subject: own.subject,
      views,
      kept: [...asked, ['view', view]],
      frames:
        view === 'html'
          ? framesOf(query, `/frame/letter?${asked}`, { widths: [640], looks: ['light', 'dark'] })
          : undefined,
      inbox: view === 'inbox' ? inboxOf(letter, own) : undefined,
      text: view === 'text' ? own.text : undefined,
      source: view === 'source' ? own.html : undefined,
      headers: view === 'headers' ? headersOf(own) : undefined,
      budget: budgetOf(own),
      problems: problemsOf(problems, scene.loaded.publication.dir),
    },
  }
}

interface ListedEdition {
  readonly name: string
  readonly text: string
  /** Of articles. */
  readonly count: number
}

/** The next ones first, then those that appeared, the newest first. */
function listEditions(scene: Scene): ListedEdition[] {
  const next = scene.next().map(edition => listedEdition(edition, scene, 'next'))
  const past = [...scene.editions()].sort((a, b) => b.until - a.until).slice(0, 100)
  return [...next, ...past.map(edition => listedEdition(edition, scene, ''))]
}

function listedEdition(edition: Edition, scene: Scene, mark: string): ListedEdition {
  const name = editionName(edition.newsletter, edition.id)
  const count = edition.articles.length
  const many = `${count} article${count === 1 ? '' : 's'}`
  return {
    name,
    count,
    text: [name, mark, momentOf(edition.sendAt, scene), many].filter(Boolean).join(' · '),
  }
}

/** One that is listed, or any other that the schedule has. */
function editionAsked(scene: Scene, name: string): Edition | undefined {
  const all = [...scene.next(), ...scene.editions()]
  const known = all.find(({ newsletter, id }) => editionName(newsletter, id) === name)
  if (known) return known
  const [id, ...rest] = name.split('/')
  const newsletter = scene.loaded.publication.newsletters.find(one => one.id === id)
  const slot = newsletter && findSlot(scene.loaded, newsletter, rest.join('/'))
  return slot && planEdition(scene.loaded, newsletter, slot, { carried: new Set() })
}

function leftOutOf(edition: Edition, { loaded }: Scene) {
  const titles = new Map(loaded.articles.map(({ id, title }) => [id, title]))
  return edition.leftOut.map(({ article, why }) => ({ title: titles.get(article) ?? article, why }))
}

/** What a reader of this edition may have chosen: sections and tags of its articles. */
function topicsOf({ articles }: Edition, chosen: readonly string[]) {
  const topics = new Map<string, string>()
  for (const { section } of articles) if (section) topics.set(section.slug, section.title)
  for (const { tags } of articles) for (const tag of tags) topics.set(tag, tag)
  return [...topics].slice(0, 40).map(([id, title]) => ({ id, title, chosen: chosen.includes(id) }))
}

interface AskedReader {
  readonly name: string
  readonly email: string
  readonly fields: Readonly<Record<string, string>>
  readonly topics: readonly string[]
}

/** Somebody of the list as the list knows them, or somebody invented. */
async function readerAsked(scene: Scene, edition: Edition, query: URLSearchParams): Promise<AskedReader> {
  const email = query.get('email') ?? READER.email
  const listed = (await scene.readers()).find(reader => reader.email === email)
  const topics = query.getAll('topic')
  if (!listed) return { name: query.get('name') ?? READER.name, email, fields: {}, topics }
  const own = listed.newsletters[edition.newsletter.id] ?? []
  return { ...listed, topics: topics.length > 0 ? topics : own }
}

interface ShownLetter {
  readonly letter: Letter
  readonly own: ReadersLetter
}

/** @returns undefined where nothing in the edition is on the topics that were chosen */
async function letterAsked(
  scene: Scene,
  edition: Edition,
  query: URLSearchParams,
): Promise<ShownLetter | undefined> {
  const variants = editionVariants(edition)
  const { topics, ...reader } = await readerAsked(scene, edition, query)
  const variant = variants.variantOf(topics)
  if (variant === undefined) return undefined
  const rendered = await renderedOnce(scene, edition)
  const part = variants.edition(variant)
  const key = JSON.stringify([edition.newsletter.id, edition.id, part.articles.map(({ id }) => id)])
  const letter = await scene.once(`letter ${key}`, () =>
    variant === 0 ? Promise.resolve(rendered.letter) : rendered.letterOf(part),
  )
  const who = { ...reader, email: parseAddress(reader.email)?.address ?? READER.email }
  return { letter, own: letterForReader(letter, edition, scene.loaded.publication, who) }
}

function renderedOnce(scene: Scene, edition: Edition): Promise<RenderedEdition> {
  const { loaded, renderer, templates, made } = scene
  return scene.once(`edition ${editionName(edition.newsletter, edition.id)}`, async () => {
    const rendered = await renderEdition(edition, loaded, renderer, templates)
    for (const file of rendered.files) made.set(file.path, file)
    return rendered
  })
}

export async function letterFrame(scene: Scene, query: URLSearchParams): Promise<string | undefined> {
  const edition = editionAsked(scene, query.get('of') ?? '')
  return edition && (await letterAsked(scene, edition, query))?.own.html
}

// ─── Beside the letter itself ───────────────────────────────────────────────────────────────────────────────────────

/** CSS pixels of the list of mails, and how each client lays a row out. */
const INBOXES = [
  { client: 'Gmail, desktop', width: 900, kind: 'line' },
  { client: 'Gmail, phone', width: 360, kind: 'stack' },
  { client: 'Apple Mail, iPhone', width: 375, kind: 'two-lines' },
  { client: 'Apple Mail, Mac', width: 320, kind: 'two-lines' },
  { client: 'Outlook, desktop', width: 320, kind: 'stack' },
] as const

function inboxOf({ from, preheader }: Letter, { subject }: ReadersLetter) {
  return INBOXES.map(inbox => ({ ...inbox, from: from.name || from.address, subject, preheader }))
}

/** Field names and values, unfolded. */
function headersOf({ message }: ReadersLetter) {
  const text = Buffer.from(message.bytes).toString('utf8')
  const head = text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  return head.split('\r\n').map(line => {
    const colon = line.indexOf(':')
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() }
  })
}

function budgetOf({ html, message }: ReadersLetter) {
  const bytes = Buffer.byteLength(html)
  return {
    bytes,
    most: MAX_HTML_BYTES,
    text: `${figure(bytes)} of ${figure(MAX_HTML_BYTES)} bytes`,
    share: Math.round((100 * bytes) / MAX_HTML_BYTES),
    message: figure(message.bytes.length),
  }
}

// ─── The mail that asks to confirm ──────────────────────────────────────────────────────────────────────────────────

const MAIL_VIEWS = { html: 'Mail', text: 'Text part', source: 'Source' }

export async function confirmView(scene: Scene, query: URLSearchParams): Promise<View> {
  const { publication } = scene.loaded
  if (publication.newsletters.length === 0)
    return { title: 'Mails', template: 'mail', data: { missing: true } }
  const { subject, html, text } = await confirmMail(scene, query)
  const views = viewLinks(query, '/mail', MAIL_VIEWS)
  const view = currentView(views)
  const languages = languagesOffered(publication, query)
  return {
    title: subject,
    template: 'mail',
    data: {
      subject,
      views,
      languages,
      kept: [['view', view]],
      frames:
        view === 'html'
          ? framesOf(query, `/frame/mail?language=${languageAsked(publication, query)}`, {
              widths: [640],
              looks: ['light', 'dark'],
            })
          : undefined,
      text: view === 'text' ? text : undefined,
      source: view === 'source' ? html : undefined,
    },
  }
}

const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'hi', 'ar', 'ja', 'ur']

export function languagesOffered(publication: Publication, query: URLSearchParams) {
  return LANGUAGES.map(value => ({ value, chosen: value === languageAsked(publication, query) }))
}

/** Of the pages and mails that are shown. */
export function languageAsked({ language }: Publication, query: URLSearchParams): string {
  return LANGUAGES.find(one => one === (query.get('language') ?? language.slice(0, 2))) ?? 'en'
}

export async function confirmFrame(scene: Scene, query: URLSearchParams): Promise<string> {
  return (await confirmMail(scene, query)).html
}

function confirmMail(scene: Scene, query: URLSearchParams) {
  const { publication } = scene.loaded
  if (publication.newsletters.length === 0)
    throw new UserError('There is no newsletter to subscribe to', 'Add one to publication.yaml.')
  const language = languageAsked(publication, query)
  return scene.once(`confirm ${language}`, () =>
    sampleNotice({ publication, templates: scene.templates, address: publication.service }, language),
  )
}
