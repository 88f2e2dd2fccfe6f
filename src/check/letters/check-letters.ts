// Rendered letters → what their readers would stumble over, each with its article, the line of the template and advice.

import type { Article, Diagnostic, Edition, Letter, LetterPicture, Loaded } from '../../model.ts'
import type { CheckedLetter, LetterFound, LetterRule } from './letter-rule.ts'
import { letterRules } from './letter-rules.ts'
import { letterStyles, type Styles, type View } from './letter-styles.ts'
import { ancestry, type LetterElement, parseLetter } from './parse-letter.ts'

export interface RenderedLetter {
  readonly edition: Edition
  readonly letter: Letter
  /** The letter's HTML with `data-origin` on what its templates wrote. */
  readonly traced: string
}

interface Desk {
  readonly loaded: Loaded
  readonly pictures: ReadonlyMap<string, LetterPicture>
  /** 'partials/letter-card.mjml.hbs' → the file as people find it. */
  readonly locate: (template: string) => string
  /** Where a setting stands, the whole file for none; when left out, nobody knows the line. */
  readonly locateSetting?: (setting: readonly (string | number)[]) => { file: string; line: number }
}

/** What several letters share is told once, of the first of them. Sorted by file, line and rule. */
export function checkLetters(
  rendered: readonly RenderedLetter[],
  desk: Desk,
  rules: readonly LetterRule[] = letterRules,
): Diagnostic[] {
  const told = new Map<string, Diagnostic>()
  for (const one of rendered) {
    const checked = openLetter(one, desk)
    for (const rule of rules)
      for (const found of rule.find(checked)) {
        const diagnostic = diagnosticOf(found, rule, checked, desk)
        const { file, line, rule: name } = diagnostic
        const key = JSON.stringify([file, line, name, found.message])
        if (!told.has(key)) told.set(key, diagnostic)
      }
  }
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...told.values()].sort(
    (a, b) =>
      before(a.file, b.file) || a.line - b.line || before(a.rule, b.rule) || before(a.message, b.message),
  )
}

export function openLetter(
  { edition, letter, traced }: RenderedLetter,
  { loaded, pictures }: Desk,
): CheckedLetter {
  const fill = (text: string) => fillSample(text, letter.marker)
  const page = parseLetter(fill(traced))
  const cache = new Map<string, Styles>()
  const look = letterStyles(page)
  const styles = ({
    scheme = 'light',
    width = 640,
    styles: kept = true,
    marks = true,
  }: Partial<View> = {}) => {
    const key = `${scheme} ${width} ${kept} ${marks}`
    let made = cache.get(key)
    if (!made) {
      made = look({ scheme, width, styles: kept, marks })
      cache.set(key, made)
    }
    return made
  }
  const light = styles()
  const body = page.elements.find(({ name }) => name === 'body')
  return {
    edition,
    publication: loaded.publication,
    letter: { ...letter, subject: fill(letter.subject), html: fill(letter.html), text: fill(letter.text) },
    page,
    seen: page.elements.filter(
      element => element !== body && !light.get(element)!.hidden && isIn(element, body),
    ),
    styles,
    pictures,
    articles: new Map(loaded.articles.map(article => [article.url, article])),
  }
}

function isIn(element: LetterElement, body: LetterElement | undefined): boolean {
  for (const around of ancestry(element)) if (around === body) return true
  return false
}

/** A signed address has about 160 characters; everything else stands as for a reader of whom we know nothing. */
function fillSample(text: string, marker: string): string {
  return text.replace(
    new RegExp(`⟦${marker}:([^|⟧]*)(?:\\|([^⟧]*))?⟧`, 'gu'),
    (_, name: string, fallback: string | undefined) =>
      name.endsWith('_url') ? `https://letters.example/${name}/`.padEnd(160, 'x') : (fallback ?? ''),
  )
}

function diagnosticOf(
  { element, message, advice, severity, blame = 'template', setting = [] }: LetterFound,
  rule: LetterRule,
  checked: CheckedLetter,
  { locate, locateSetting = () => ({ file: 'articles/publication.yaml', line: 0 }) }: Desk,
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

/** The nearest tag that a template wrote: the element's own, or one around it. */
function originOf(element: LetterElement): { template: string; line: number } | undefined {
  for (const { attributes } of ancestry(element)) {
    const [, template, line] = /^(.*):(\d+)$/.exec(attributes['data-origin'] ?? '') ?? []
    if (template) return { template, line: Number(line) }
  }
  return undefined
}

/** The article in whose part of the letter it stands: the nearest part that links to exactly one of the edition's. */
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
