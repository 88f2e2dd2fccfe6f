// Edition → letter: subject, preheader, HTML, text, rendered once for all readers, with slots where they differ.

import { ownFileUrl } from '../content/index.ts'
import { readerMarks } from '../edition/index.ts'
import { UserError } from '../errors.ts'
import type { Edition, Letter, LetterPictures, Loaded, Prose, Renderer } from '../model.ts'
import { slotMark, type Templates } from '../templates/index.ts'
import { extents, fits, mostThatFits } from './letter-budget.ts'
import { type LetterHtml, letterHtml } from './letter-html.ts'
import { letterMarker } from './letter-marker.ts'
import { letterText } from './letter-text.ts'
import { type Extent, type LetterView, letterView } from './letter-view.ts'
import { isShown } from './picture-view.ts'
import { preheader } from './preheader.ts'
import { type ProseStyle, parseProseStyle, styleProse } from './prose-style.ts'
import type { Tongue } from './script-style.ts'
import { sendableLine, sendableText } from './sendable.ts'
import { subjectFor } from './subject.ts'

const READER = 'Write a column of the subscribers: {{reader "name" "there"}}'
const PROSE_STYLE = 'letter-prose.css.hbs'

/** @throws UserError for a mistake in a template, or an editor's note too long for any mail */
export async function renderLetter(
  edition: Edition,
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  pictures: LetterPictures = new Map(),
): Promise<Letter> {
  return (await traceLetter(edition, loaded, renderer, templates, pictures)).letter
}

/** The same for who looks for faults: with templates opened to trace, `traced` is its HTML with their lines. */
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
  const reader = (name: string, fallback: string) => {
    try {
      return slotMark(marker, name, fallback)
    } catch (error) {
      throw new UserError(`${note?.file ?? newsletter.id}: ${(error as Error).message}`, READER)
    }
  }
  const subject = subjectFor(edition, publication, reader)
  const said = {
    marker,
    subject,
    preheader: inboxText(edition, loaded, renderer, subject),
    note: readerMarks(sendableText(note?.body ?? ''), reader),
  }

  async function attempt(extent: Extent): Promise<Attempt | undefined> {
    const held = new Map<string, { readonly prose: Prose; readonly tongue: Tongue }>()
    const dress = (prose: Prose, tongue: Tongue) => {
      const token = `⟦${marker}#${held.size}⟧`
      held.set(token, { prose, tongue })
      return token
    }
    const view = letterView(edition, loaded, renderer, templates, extent, { ...said, dress, pictures })
    const styles = new Map<string, ProseStyle>()
    const styleOf = (tongue: Tongue) => {
      const key = `${tongue.direction} ${tongue.slant}`
      const said = { language: view.language, timezone: publication.timezone }
      const known =
        styles.get(key) ??
        parseProseStyle(
          templates.render(PROSE_STYLE, { ...view, ...tongue }, said),
          templates.read(PROSE_STYLE).path,
        )
      styles.set(key, known)
      return known
    }
    const shown = extent.pictures === 'none' ? undefined : pictures
    const dressed = new Map<string, string>()
    for (const [token, { prose, tongue }] of held)
      dressed.set(token, styleProse(sendableText(prose.letterHtml), styleOf(tongue), shown))
    const made = await letterHtml(view, dressed, templates, publication.timezone)
    if (!fits(made.html, marker)) return undefined
    return {
      view,
      ...made,
      files: filesOf(view, shown ? [...held.values()].map(({ prose }) => prose) : [], made.html),
    }
  }

  let made: Attempt | undefined
  const tries = extents(edition)
  for (const extent of tries) {
    made = await attempt(extent)
    if (made) break
  }
  made ??= await mostThatFits(tries.at(-1)!, attempt)
  const name = `${newsletter.id}/${edition.id}`
  if (!made)
    throw new UserError(
      `letter ${name}: with a single article it is longer than the 102,400 bytes that Gmail shows`,
      "Shorten the editor's note or the template.",
    )
  const letter: Letter = {
    edition: name,
    newsletter: newsletter.id,
    subject,
    preheader: said.preheader,
    language: newsletter.language,
    from: newsletter.from,
    replyTo: newsletter.replyTo,
    html: made.html,
    text: letterText(made.view, templates, publication.timezone),
    marker,
    files: made.files,
  }
  return { letter, traced: made.traced }
}

interface Attempt extends LetterHtml {
  readonly view: LetterView
  readonly files: string[]
}

function inboxText(edition: Edition, { publication }: Loaded, renderer: Renderer, subject: string): string {
  const [first, ...others] = edition.articles
  return preheader(sendableLine(edition.note?.preheader ?? ''), subject, [
    first ? sendableLine(first.summary ?? renderer.body(first).summary) : '',
    ...others.map(article => sendableLine(article.title)),
    sendableLine(publication.tagline),
    sendableLine(edition.newsletter.title),
    sendableLine(publication.title),
  ])
}

/** Own pictures that the letter shows as they are, each once, in order. */
function filesOf(view: LetterView, proses: readonly Prose[], html: string): string[] {
  const stories = [view.whole, view.lead, ...view.parts.flatMap(part => part.stories)]
  const pictures = [view.publication.logo, ...stories.map(story => story?.picture), view.author?.photo]
  const inProse = proses
    .flatMap(prose => prose.files)
    .filter(
      file =>
        isShown(`https://host/${file}`) && html.includes(`src="${ownFileUrl(view.publication.url, file)}"`),
    )
  return [...new Set([...pictures.flatMap(picture => picture?.file ?? []), ...inProse])]
}
