// An edition → its letter: subject, preheader, HTML and text, rendered once for all readers, with slots where they differ.

import { createHash } from 'node:crypto'
import { charWidth, textWidth } from '../base/index.ts'
import { ownFileUrl } from '../content/index.ts'
import { editionName, readerMarks } from '../edition/index.ts'
import { UserError } from '../errors.ts'
import type {
  Diagnostic,
  Edition,
  Letter,
  LetterPictures,
  Loaded,
  OutputFile,
  Prose,
  Publication,
  Renderer,
} from '../model.ts'
import { hasHighlights } from '../render/index.ts'
import { dropOrigins, fillLine, slotMark, type Templates } from '../templates/index.ts'
import { type Extent, mostThatFits, roomIn, type Trial } from './letter-budget.ts'
import { isShownByMailClients } from './letter-pictures.ts'
import { LetterProse } from './letter-prose.ts'
import { type LetterView, letterView, type ViewSources, type ViewTexts } from './letter-view.ts'
import { sendableLine, shorten } from './mail-text.ts'
import { finishMjml } from './mjml.ts'
import { openPictureCache, preparePictures } from './prepare-pictures.ts'

export interface RenderedEdition {
  readonly letter: Letter
  /** Converted pictures, at the addresses that the letter has for them. */
  readonly files: readonly OutputFile[]
  readonly diagnostics: readonly Diagnostic[]
  /** The letter of a part of the edition, with the same pictures. */
  letterOf(part: Edition): Promise<Letter>
}

/**
 * With pictures that every mail client shows. Their addresses are derived from their bytes, and are the same on every
 * machine.
 *
 * @throws what `renderLetter` throws
 */
export async function renderEdition(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): Promise<RenderedEdition> {
  const cache = openPictureCache(loaded.publication.dir)
  const { pictures, files, diagnostics } = await preparePictures(edition, loaded, renderer, cache)
  const letterOf = (part: Edition) => renderLetter(part, loaded, renderer, templates, pictures)
  return { letter: await letterOf(edition), files, diagnostics, letterOf }
}

/** @throws UserError for a mistake in a template, or an editor's note that is too long for a mail */
export async function renderLetter(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  pictures: LetterPictures = new Map(),
): Promise<Letter> {
  return (await traceLetter(edition, loaded, renderer, templates, pictures)).letter
}

/** The same for checks: with templates opened to trace, `traced` is the HTML with their lines in it. */
export async function traceLetter(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  pictures: LetterPictures,
): Promise<{ letter: Letter; traced: string }> {
  const { publication } = loaded
  const { newsletter, note } = edition
  const marker = letterMarker(edition, publication)
  const reader = readerSlots(marker, note?.file ?? newsletter.id)
  const subject = subjectLine(edition, publication, reader)
  const preheader = preheaderLine(edition, loaded, renderer, subject)
  const texts = { marker, subject, preheader, note: readerMarks(note?.body ?? '', reader) }
  const sources = { edition, loaded, renderer, templates, pictures }
  const rendered = await mostThatFits(edition, extent => renderExtent(sources, texts, extent))
  const name = editionName(newsletter, edition.id)
  if (!rendered)
    throw new UserError(
      `letter ${name}: with a single article it is longer than the 102,400 bytes that Gmail shows`,
      "Shorten the editor's note or the template.",
    )
  const letter: Letter = {
    edition: name,
    newsletter: newsletter.id,
    subject,
    preheader,
    language: newsletter.language,
    from: newsletter.from,
    replyTo: newsletter.replyTo,
    html: rendered.html,
    text: letterText(rendered.view, templates, publication.timezone),
    marker,
    ...(publication.service === undefined
      ? { leaveText: templates.words(newsletter.language)('page.mail_as_it_is') }
      : {}),
    files: rendered.files,
  }
  return { letter, traced: rendered.traced }
}

/** 12 hex digits derived from the contents of the letter, so that the contents cannot include them. */
function letterMarker(edition: Edition, publication: Publication): string {
  const { newsletter, note } = edition
  const contents = [
    'letter',
    { ...newsletter, since: undefined },
    edition.id,
    edition.sendAt,
    note && [note.subject, note.preheader, note.body, ...(note.blocks ?? [])],
    edition.articles.map(({ extra: _, ...article }) => article),
    edition.parts.map(part => [part.title, part.articles.map(article => article.id)]),
  ]
  const hash = createHash('sha256').update(JSON.stringify(contents).slice(0, -1))
  return hash
    .update(`,${publicationText(publication)}]`)
    .digest('hex')
    .slice(0, 12)
}

const publicationTexts = new WeakMap<Publication, string>()

/** What of it a letter may show. The same for a thousand editions. */
function publicationText(publication: Publication): string {
  const text =
    publicationTexts.get(publication) ??
    JSON.stringify({ ...publication, dir: '', newsletters: [], mail: {} })
  publicationTexts.set(publication, text)
  return text
}

/** @param where file or newsletter, for messages */
function readerSlots(marker: string, where: string): ReaderMark {
  return (name, fallback) => {
    try {
      return slotMark(marker, name, fallback)
    } catch (error) {
      const advice = 'Write a column of the subscribers: {{reader "name" "there"}}'
      throw new UserError(`${where}: ${(error as Error).message}`, advice)
    }
  }
}

interface LetterHtml {
  readonly html: string
  /** The same with `data-origin` on the tags of templates that were opened to trace. */
  readonly traced: string
}

interface RenderedExtent extends LetterHtml {
  readonly view: LetterView
  readonly files: string[]
}

async function renderExtent(
  sources: ViewSources,
  texts: ViewTexts,
  extent: Extent,
  highlight = sources.loaded.publication.articles.highlight !== false,
): Promise<Trial<RenderedExtent>> {
  const { loaded, templates } = sources
  const { timezone } = loaded.publication
  const prose = new LetterProse(texts.marker)
  const view = letterView(sources, texts, extent, (...kept) => prose.keep(...kept))
  const pictures = extent.pictures === 'none' ? undefined : sources.pictures
  const proseHtml = prose.styled(view, templates, timezone, pictures, highlight)
  const highlighted = [...proseHtml.values()].some(hasHighlights)
  const { html, traced } = await letterHtml({ ...view, highlighted }, proseHtml, templates, timezone)
  const files = filesOf(view, pictures ? prose.all() : [], html)
  const room = roomIn(html, texts.marker, loaded.publication.service === undefined)
  // Rather all of the text than its colours.
  if (room < 0 && highlighted) return renderExtent(sources, texts, extent, false)
  return { rendered: { html, traced, view, files }, room }
}

const TEMPLATE = 'letter.mjml.hbs'

/** Handlebars, then MJML, and only then the articles' own HTML, which neither of the two ever reads. */
async function letterHtml(
  view: LetterView,
  proseHtml: ReadonlyMap<string, string>,
  templates: Templates,
  timezone: string,
): Promise<LetterHtml> {
  const filled = templates.render(TEMPLATE, view, { language: view.language, timezone })
  const marked = await finishMjml(filled, TEMPLATE, view.direction, templates)
  const fill = (text: string) => text.replace(/⟦[0-9a-f]{12}#\d+⟧/g, token => proseHtml.get(token) ?? token)
  const traced = fill(marked)
  const plain = dropOrigins(marked)
  return { html: plain === marked ? traced : fill(plain), traced }
}

/** Own pictures that the letter shows unchanged, each once, in order. */
function filesOf(view: LetterView, proses: readonly Prose[], html: string): string[] {
  const stories = [view.whole, view.lead, ...view.parts.flatMap(part => part.stories)]
  const pictures = [
    view.publication.logo,
    view.publication.logoDark,
    ...stories.map(story => story?.picture),
    view.author?.photo,
  ]
  const inProse = proses
    .flatMap(prose => prose.files)
    .filter(
      file =>
        isShownByMailClients(`https://host/${file}`) &&
        html.includes(`src="${ownFileUrl(view.publication.url, file)}"`),
    )
  return [...new Set([...pictures.flatMap(picture => picture?.file ?? []), ...inProse])]
}

// ─── What an inbox shows: subject and preheader ─────────────────────────────────────────────────────────────────────

/** What `{{reader "name" "there"}}` becomes: a slot in the letter, its fallback elsewhere. */
type ReaderMark = (name: string, fallback: string) => string

/** Characters of a subject from the newsletter's template; one that an editor wrote is not cut. Inboxes show about 60. */
const MAX_SUBJECT_LENGTH = 78

/** One line without control characters, with the fallback in place of a reader's name. Never empty. */
export function editionSubject(edition: Edition, publication: Publication): string {
  return subjectLine(edition, publication, (_name, fallback) => fallback)
}

/** The subject in the editor's note, else the newsletter's template filled with the edition. Never empty. */
function subjectLine(edition: Edition, publication: Publication, reader: ReaderMark): string {
  const { note, newsletter } = edition
  const own = sendableLine(readerMarks(note?.subject ?? '', reader))
  if (own) return own
  const where = `subject of newsletter ${newsletter.id}`
  const filled = sendableLine(fillLine(newsletter.subject, { edition, publication }, where, reader))
  // A slot must not be cut.
  if (filled) return filled.includes('⟦') ? filled : shorten(filled, MAX_SUBJECT_LENGTH)
  return `${sendableLine(newsletter.title)}, ${dayOf(edition, publication)}`
}

function dayOf(edition: Edition, publication: Publication): string {
  const style = { dateStyle: 'long', timeZone: publication.timezone } as const
  return new Intl.DateTimeFormat(edition.newsletter.language, style).format(edition.sendAt)
}

/** Characters of a preheader that is put together: texts are added until it is halfway between the two. */
const MIN_PREHEADER_LENGTH = 40
const MAX_PREHEADER_LENGTH = 160
/** Characters of one that an editor wrote. */
const MAX_OWN_PREHEADER_LENGTH = 200

/** The preheader in the editor's note, else the lead's summary and the other headlines: real words without filler. */
function preheaderLine(
  edition: Edition,
  { publication }: Loaded,
  renderer: Renderer,
  subject: string,
): string {
  const own = sendableLine(edition.note?.preheader ?? '')
  if (own) return shorten(own, MAX_OWN_PREHEADER_LENGTH)
  const [first, ...others] = edition.articles
  const offers = [
    first ? (first.summary ?? renderer.body(first).summary) : '',
    ...others.map(article => article.title),
    publication.tagline,
    edition.newsletter.title,
    publication.title,
  ].map(sendableLine)
  const taken: string[] = []
  for (const offer of offers) {
    if (!offer || offer === subject || taken.includes(offer)) continue
    taken.push(offer)
    if (taken.join(' · ').length >= (MIN_PREHEADER_LENGTH + MAX_PREHEADER_LENGTH) / 2) break
  }
  return shorten(taken.join(' · '), MAX_PREHEADER_LENGTH)
}

// ─── The text part: the same articles in the same order, with every link, in 76 columns ──────────────────────────────

const MAX_COLUMNS = 76

/** Kinsoku: characters that may not begin a line, and that may not end one. */
const NOT_FIRST = /^[、。，．,.!?！？:;：；)\]）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ・…]/u
const NOT_LAST = /[（「『【〈《〔(]$/u

function letterText(view: LetterView, templates: Templates, timezone: string): string {
  const filled = templates.render('letter.txt.hbs', view, { language: view.language, timezone })
  // Places where the words of the HTML may break.
  const plain = filled.replaceAll('\u00ad', '')
  const underlined = plain.replace(/^(==|--) (.*) \1$/gm, (_, rule: string, title: string) => {
    const [wrapped, sign] = [wrapText(title), rule[0]!]
    const widest = wrapped.split('\n').reduce((most, line) => Math.max(most, textWidth(line)), 0)
    return `${wrapped}\n${sign.repeat(Math.min(widest, MAX_COLUMNS))}`
  })
  return `${wrapText(underlined)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

/** Lines of at most 76 columns, with hanging indents for lists and quotations. An address is never broken. */
export function wrapText(text: string, columns = MAX_COLUMNS): string {
  return text
    .split('\n')
    .map(line => wrapLine(/[ \t]$/.test(line) ? line.replace(/[ \t]+$/, '') : line, columns))
    .join('\n')
}

function wrapLine(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line
  const [lead] = /^\s*(?:> ?)*(?:[-*•☐☑]\s+|\d{1,3}[.)]\s+)?/.exec(line)!
  const hanging = lead.replace(/[^>\s]/g, ' ')
  if (/^[\x20-\x7e]*$/.test(line)) return wrapWords(line, lead, hanging, columns)
  const rows: string[] = []
  let begin = lead
  let row: Piece[] = []
  let width = textWidth(lead)
  const end = () => rows.push(begin + row.map(({ text, space }, at) => (at > 0 ? space : '') + text).join(''))
  for (const piece of pieces(line.slice(lead.length))) {
    const gap = row.length > 0 ? piece.space.length : 0
    const wide = textWidth(piece.text)
    if (row.length === 0 || width + gap + wide <= columns) {
      row.push(piece)
      width += gap + wide
      continue
    }
    const next = carried(row, piece)
    end()
    begin = hanging
    row = [...next, piece]
    width = textWidth(hanging + row.map(({ text, space }, at) => (at > 0 ? space : '') + text).join(''))
  }
  end()
  return rows.join('\n')
}

/** The same of ASCII, where a word is a word. */
function wrapWords(line: string, lead: string, hanging: string, columns: number): string {
  const rows: string[] = []
  let [row, isEmpty] = [lead, true]
  for (let at = lead.length; at < line.length; ) {
    let begin = at
    while (line[begin] === ' ') begin++
    const end = (line.indexOf(' ', begin) + 1 || line.length + 1) - 1
    if (!isEmpty && row.length + end - at > columns) {
      rows.push(row)
      row = hanging + line.slice(begin, end)
    } else row += line.slice(isEmpty ? begin : at, end)
    isEmpty = false
    at = end
  }
  return [...rows, row].join('\n')
}

/** Takes from the end of a row what has to be before `piece` on the next one; not more than a quarter of its columns. */
function carried(row: Piece[], piece: Piece): Piece[] {
  const taken: Piece[] = []
  const first = () => taken[0] ?? piece
  while (
    row.length > 1 &&
    taken.length < MAX_COLUMNS / 4 &&
    first().space === '' &&
    (NOT_FIRST.test(first().text) || NOT_LAST.test(row.at(-1)!.text))
  )
    taken.unshift(row.pop()!)
  return taken
}

interface Piece {
  readonly text: string
  /** White space before it, unless it begins a row. */
  readonly space: string
}

/** Words; or single characters, where words are not separated by spaces. */
function pieces(line: string): Piece[] {
  const found: Piece[] = []
  for (const [, space = '', word = ''] of line.matchAll(/(\s*)((?:⟦[^⟧]*⟧|\S)+)/gu)) {
    if (/^<?[a-z]+:/i.test(word) || word.includes('⟦')) {
      found.push({ text: word, space })
      continue
    }
    let run = ''
    let gap = space
    for (const character of word) {
      if (charWidth(character) === 2) {
        if (run) found.push({ text: run, space: gap })
        if (run) gap = ''
        found.push({ text: character, space: gap })
        run = ''
        gap = ''
      } else run += character
    }
    if (run) found.push({ text: run, space: gap })
  }
  return found
}
