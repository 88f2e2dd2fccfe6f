// A loaded publication → the problems of its letters, each with the article, the line of the template and advice.

import { join, relative } from 'node:path'
import { byPlace, settingLine } from '../content/index.ts'
import { comingEdition, editionsOf, folderHistory, missingSince, noteDiagnostics } from '../edition/index.ts'
import { fillSlots, openPictureCache, preparePictures, traceLetter } from '../letter/index.ts'
import type {
  Article,
  Diagnostic,
  Edition,
  Letter,
  LetterPicture,
  Loaded,
  Newsletter,
  Renderer,
} from '../model.ts'
import { openTemplates, type Templates } from '../templates/index.ts'
import * as rulesOfLetters from './letter-rules.ts'
import { type ClientView, letterStyles, type Styles } from './letter-styles.ts'
import { ancestry, type LetterElement, parseLetter, type Words, wordsIn } from './parse-letter.ts'
import type { CheckedLetter, LetterFinding, LetterRule } from './rule.ts'

export const letterRules: readonly LetterRule[] = Object.values(rulesOfLetters)

/**
 * The letters of every newsletter, and the editors' notes.
 *
 * @param now ms since epoch
 */
export async function checkNewsletters(
  loaded: Loaded,
  renderer: Renderer,
  now: number,
): Promise<Diagnostic[]> {
  if (loaded.publication.newsletters.length === 0) return []
  const chosen = loaded.publication.newsletters.map(one => editionsToCheck(loaded, one, now))
  const editions = chosen.flatMap(one => one.editions)
  return [
    ...noteDiagnostics(loaded),
    ...chosen.flatMap(({ diagnostics }) => diagnostics),
    ...(await checkEditions(editions, loaded, renderer)),
  ]
}

/** The letters of these editions. */
export async function checkEditions(
  editions: readonly Edition[],
  loaded: Loaded,
  renderer: Renderer,
): Promise<Diagnostic[]> {
  const { settings } = loaded
  const { dir } = loaded.publication
  const templates = openTemplates(join(dir, 'templates'), { trace: true })
  const { rendered, pictures, diagnostics } = await lettersToCheck(editions, loaded, renderer, templates)
  const found = checkLetters(rendered, {
    loaded,
    pictures,
    locate(name) {
      const path = relative(dir, templates.read(name).path)
      return path.startsWith('..') ? `templates/${name}` : path.replaceAll('\\', '/')
    },
    locateSetting: path => ({
      file: settings.file,
      line: path.length === 0 ? 0 : settingLine(settings.text, path),
    }),
  })
  return [...missingWords(loaded, templates), ...diagnostics, ...found]
}

/** Newsletters whose letters would be partly English. */
function missingWords({ publication, settings }: Loaded, templates: Templates): Diagnostic[] {
  return publication.newsletters.flatMap(({ id, language }, at): Diagnostic[] => {
    const missing = templates.missingWords(language, 'letter.')
    if (missing.length === 0) return []
    const path = ['newsletters', at, 'language']
    return [
      {
        file: settings.file,
        line: settingLine(settings.text, path) || settingLine(settings.text, ['language']),
        rule: 'letter-language',
        severity: 'warning',
        message: `newsletter ${id} is in ${language}, and these words of its letters are English: ${missing.join(', ')}`,
        advice: `Write them into templates/strings/${language}.yaml, one "${missing[0]}: …" a line.`,
      },
    ]
  })
}

// ─── Which letters ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface RenderedLetter {
  readonly edition: Edition
  readonly letter: Letter
  /** The letter's HTML with `data-origin` on what its templates wrote. */
  readonly traced: string
}

interface LettersToCheck {
  readonly rendered: readonly RenderedLetter[]
  /** Own pictures by the address that the letters have for them. */
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** Pictures that cannot be read. */
  readonly diagnostics: readonly Diagnostic[]
}

/** @param templates opened to trace */
async function lettersToCheck(
  editions: readonly Edition[],
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
): Promise<LettersToCheck> {
  const cache = openPictureCache(loaded.publication.dir)
  const rendered: RenderedLetter[] = []
  const pictures = new Map<string, LetterPicture>()
  const diagnostics = new Map<string, Diagnostic>()
  for (const edition of editions) {
    const prepared = await preparePictures(edition, loaded, renderer, cache, { shades: true })
    // The same picture may be in several editions.
    for (const found of prepared.diagnostics) diagnostics.set(JSON.stringify(found), found)
    for (const picture of prepared.pictures.values())
      if (picture !== 'broken') pictures.set(picture.url, picture)
    const made = await traceLetter(edition, loaded, renderer, templates, prepared.pictures)
    rendered.push({ edition, ...made })
  }
  return { rendered, pictures, diagnostics: [...diagnostics.values()] }
}

/** Older ones are sent, and nobody can correct them. */
const MAX_PAST_EDITIONS = 3

/** The one that comes next, then the newest, newest first; and what is wrong with all of them together. */
function editionsToCheck(
  loaded: Loaded,
  newsletter: Newsletter,
  now: number,
): { readonly editions: Edition[]; readonly diagnostics: Diagnostic[] } {
  const past = editionsOf(loaded, newsletter, now)
  const coming = comingEdition(loaded, newsletter, now, folderHistory(past))
  const newest = past.slice(-MAX_PAST_EDITIONS).reverse()
  const editions = coming && coming.articles.length > 0 ? [coming, ...newest] : newest
  return { editions, diagnostics: missingSince(loaded, newsletter, past) }
}

// ─── What is wrong with them ────────────────────────────────────────────────────────────────────────────────────────

interface Surroundings {
  readonly loaded: Loaded
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** 'partials/letter-card.mjml.hbs' → its path, relative to the publication's folder. */
  readonly locate: (template: string) => string
  /** The line of a setting, or 0 for the whole file; when left out, always 0. */
  readonly locateSetting?: (setting: readonly (string | number)[]) => { file: string; line: number }
}

/** A problem that several letters share is reported once, for the first of them. Sorted by file, line and rule. */
export function checkLetters(rendered: readonly RenderedLetter[], surroundings: Surroundings): Diagnostic[] {
  const reported = new Map<string, Diagnostic>()
  for (const one of rendered) {
    const checked = openLetter(one, surroundings)
    for (const rule of letterRules)
      for (const finding of rule.find(checked)) {
        const diagnostic = diagnosticOf(finding, rule, checked, surroundings)
        const { file, line, rule: name } = diagnostic
        const key = JSON.stringify([file, line, name, finding.message])
        if (!reported.has(key)) reported.set(key, diagnostic)
      }
  }
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...reported.values()].sort(
    (a, b) => byPlace(a, b) || before(a.rule, b.rule) || before(a.message, b.message),
  )
}

function openLetter(
  { edition, letter, traced }: RenderedLetter,
  { loaded, pictures }: Surroundings,
): CheckedLetter {
  const fill = (text: string) => fillSample(text, letter.marker)
  const page = parseLetter(fill(traced))
  const styles = rememberStyles(letterStyles(page))
  const light = styles()
  const body = page.elements.find(({ name }) => name === 'body')
  const visible = page.elements.filter(
    element => element !== body && !light.get(element)!.hidden && isIn(element, body),
  )
  let words: Words[] | undefined
  return {
    edition,
    publication: loaded.publication,
    letter: { ...letter, subject: fill(letter.subject), html: fill(letter.html), text: fill(letter.text) },
    page,
    visible,
    words() {
      words ??= wordsIn(visible)
      return words
    },
    styles,
    pictures,
    articles: new Map(loaded.articles.map(article => [article.url, article])),
  }
}

/** A signed address has about 160 characters; every other slot gets its fallback. */
function fillSample(text: string, marker: string): string {
  return fillSlots(text, marker, name =>
    name.endsWith('_url') ? `https://letters.example/${name}/`.padEnd(160, 'x') : undefined,
  )
}

/** In the light, 640 pixels wide, with all styles, unless a rule asks for another view. */
function rememberStyles(stylesIn: (view: ClientView) => Styles): CheckedLetter['styles'] {
  const known = new Map<string, Styles>()
  return ({ scheme = 'light', width = 640, styles = true, inlineBackgrounds = true } = {}) => {
    const key = `${scheme} ${width} ${styles} ${inlineBackgrounds}`
    let made = known.get(key)
    if (!made) {
      made = stylesIn({ scheme, width, styles, inlineBackgrounds })
      known.set(key, made)
    }
    return made
  }
}

function isIn(element: LetterElement, body: LetterElement | undefined): boolean {
  for (const around of ancestry(element)) if (around === body) return true
  return false
}

function diagnosticOf(
  { element, message, advice, severity, blame = 'template', setting = [] }: LetterFinding,
  rule: LetterRule,
  checked: CheckedLetter,
  { locate, locateSetting = () => ({ file: 'articles/publication.yaml', line: 0 }) }: Surroundings,
): Diagnostic {
  const { edition, letter } = checked
  const origin = element && originOf(element)
  const template = origin && { file: locate(origin.template), line: origin.line }
  const article = element && articleOf(element, checked)
  const settings = locateSetting(setting)
  const [file, line] =
    blame === 'article'
      ? [article?.file ?? edition.note?.file ?? edition.articles[0]?.file ?? settings.file, 0]
      : blame === 'settings'
        ? [settings.file, settings.line]
        : [template?.file ?? locate('letter.mjml.hbs'), template?.line ?? 0]
  const about = article ? `, “${article.title}”` : ''
  const where = blame !== 'template' && template ? ` (${template.file}:${template.line})` : ''
  return {
    file,
    line,
    rule: rule.name,
    severity: severity ?? rule.severity,
    message: `letter ${letter.edition}${about}: ${message}${where}`,
    advice,
  }
}

/** Of the nearest tag that a template wrote: the element's own, or one around it. */
function originOf(element: LetterElement): { template: string; line: number } | undefined {
  for (const { attributes } of ancestry(element)) {
    const [, template, line] = /^(.*):(\d+)$/.exec(attributes['data-origin'] ?? '') ?? []
    if (template) return { template, line: Number(line) }
  }
  return undefined
}

/** The article that it belongs to: the nearest element around it that links to exactly one article of the edition decides. */
function articleOf(element: LetterElement, { edition, articles }: CheckedLetter): Article | undefined {
  for (const around of ancestry(element)) {
    const linked = new Set(linksIn(around).map(url => articles.get(url)))
    const named = edition.articles.filter(article => linked.has(article))
    if (named.length > 0) return named.length === 1 ? named[0] : undefined
  }
  return edition.articles.length === 1 ? edition.articles[0] : undefined
}

function linksIn(element: LetterElement): string[] {
  const own = element.name === 'a' && element.attributes.href ? [element.attributes.href] : []
  return [...own, ...element.children.flatMap(child => (typeof child === 'string' ? [] : linksIn(child)))]
}
