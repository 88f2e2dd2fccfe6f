// The HTML of articles, notes and biographies → the same for a letter: with inline styles, because some clients drop
// `<style>` (GMX, Gmail for accounts of other providers), no skipped heading levels, and pictures no wider than the column.

import { UserError } from '../errors.ts'
import type { LetterPictures, Prose } from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { COLUMN_WIDTH, isShownByMailClients } from './letter-pictures.ts'
import type { ScriptStyle } from './letter-story.ts'
import { fitTables, frameTables } from './letter-tables.ts'
import type { LetterView } from './letter-view.ts'
import { sendableText } from './mail-text.ts'

const STYLE_TEMPLATE = 'letter-prose.css.hbs'

/** The prose of one letter. A token takes its place until MJML has run: neither Handlebars nor MJML ever reads it. */
export class LetterProse {
  readonly #marker: string
  readonly #kept = new Map<string, { readonly prose: Prose; readonly style: ScriptStyle }>()

  constructor(marker: string) {
    this.#marker = marker
  }

  /** @returns its token */
  keep(prose: Prose, style: ScriptStyle): string {
    const token = `⟦${this.#marker}#${this.#kept.size}⟧`
    this.#kept.set(token, { prose, style })
    return token
  }

  all(): Prose[] {
    return [...this.#kept.values()].map(({ prose }) => prose)
  }

  /**
   * Token → styled HTML.
   *
   * @param pictures undefined shows alternative text instead of pictures
   * @throws UserError for a line of the template that is not a rule
   */
  styled(
    view: LetterView,
    templates: Templates,
    timezone: string,
    pictures: LetterPictures | undefined,
  ): Map<string, string> {
    const styles = new Map<string, ProseStyle>()
    const styleFor = (script: ScriptStyle) => {
      const key = `${script.direction} ${script.slant}`
      const style = styles.get(key) ?? proseStyle(view, script, templates, timezone)
      styles.set(key, style)
      return style
    }
    const html = new Map<string, string>()
    for (const [token, { prose, style }] of this.#kept)
      html.set(token, styleProse(sendableText(prose.letterHtml), styleFor(style), pictures))
    return html
  }
}

/** Element name → the declarations for its `style=""`. */
export type ProseStyle = ReadonlyMap<string, string>

function proseStyle(
  view: LetterView,
  script: ScriptStyle,
  templates: Templates,
  timezone: string,
): ProseStyle {
  const css = templates.render(STYLE_TEMPLATE, { ...view, ...script }, { language: view.language, timezone })
  return parseProseStyle(css, templates.read(STYLE_TEMPLATE).path)
}

/** @throws UserError for a line that is not `element { declarations }` */
function parseProseStyle(css: string, path: string): ProseStyle {
  const style = new Map<string, string>()
  for (const [index, line] of css.split('\n').entries()) {
    if (line.trim() === '') continue
    const rule = /^\s*([a-z][a-z0-9]*)\s*\{\s*([^{}"]*?)\s*\}\s*$/.exec(line)
    if (!rule)
      throw new UserError(
        `template ${path}:${index + 1}: "${line.trim()}" is not a rule`,
        'Write one rule per line: p { margin:0 }',
      )
    style.set(rule[1]!, rule[2]!.replace(/;$/, ''))
  }
  return style
}

/**
 * @param html clean HTML from the renderer: every `<` and `>` of text is escaped
 * @param pictures undefined shows alternative text instead of pictures
 */
export function styleProse(html: string, style: ProseStyle, pictures?: LetterPictures): string {
  const levels = headingLevels(html)
  let heading = 0
  // A task has its box, and needs no bullet.
  const tasks = html.replace(/<li>(?=\s*(?:<p>)?\s*[☐☑])/g, '<li style="list-style-type:none">')
  const styled = fitTables(tasks).replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi,
    (tag, slash: string, name: string, rest: string) => {
      let element = name.toLowerCase()
      if (/^h[1-6]$/.test(element)) {
        element = `h${levels[slash ? heading++ : heading]}`
        if (slash) return `</${element}>`
      }
      if (slash) return tag
      if (element === 'img') return image(rest, style.get('img') ?? '', pictures)
      if (element === 'pre') return `<pre dir="ltr"${withStyle(rest, style.get('pre') ?? '')}>`
      const scope = element === 'th' && !/\sscope=/.test(rest) ? ' scope="col"' : ''
      const plain = element === 'table' ? rest.replace(/\sborder="\d+"/, ' border="0"') : rest
      return `<${element}${withStyle(plain, style.get(element) ?? '')}${scope}>`
    },
  )
  return frameTables(styled)
}

/** Below the letter's one h1, and at most one level below the heading before (WCAG 1.3.1). */
function headingLevels(html: string): number[] {
  const written = [...html.matchAll(/<h([1-6])[\s>]/gi)].map(match => Number(match[1]))
  const shift = 2 - Math.min(...written)
  let before = 1
  return written.map(level => {
    before = Math.min(level + shift, before + 1, 6)
    return before
  })
}

/** The author's alignment of a table column takes precedence over the style. */
function withStyle(attributes: string, general: string): string {
  if (!general) return attributes
  const align = /\salign="(left|right|center)"/.exec(attributes)?.[1]
  const style = align ? general.replace(/text-align:\w+/, `text-align:${align}`) : general
  const own = /\sstyle="([^"]*)"/.exec(attributes)
  if (!own) return `${attributes.replace(/\s*\/$/, '')} style="${style}"`
  return attributes.replace(own[0], ` style="${style};${own[1]}"`)
}

function image(attributes: string, style: string, pictures: LetterPictures | undefined): string {
  const read = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1]
  const alt = read('alt') ?? ''
  const src = read('src') ?? ''
  const made = pictures?.get(src.replaceAll('&amp;', '&'))
  if (!pictures || made === 'broken' || !(made || isShownByMailClients(src)))
    return alt ? `<em>${alt}</em>` : ''
  const width = Number(read('width')) || made?.width
  const height = Number(read('height')) || made?.height
  // Not higher than the column is wide: a portrait would fill a screen or two.
  const widest = width && height ? COLUMN_WIDTH * Math.min(1, width / height) : COLUMN_WIDTH
  const shown = Math.max(1, Math.round(Math.min(width ?? COLUMN_WIDTH, widest)))
  const size = width && height ? ` height="${Math.max(1, Math.round((height * shown) / width))}"` : ''
  const others = attributes
    .replace(/\s(?:width|height|alt|srcset|sizes|loading)="[^"]*"/g, '')
    .replace(/\s*\/$/, '')
    .replace(src, () => (made ? made.url.replaceAll('&', '&amp;') : src))
  // Not max-width:100%: where pictures are not loaded, the alternative text would be as wide as the picture.
  const backed = made?.transparent ? ';background-color:#ffffff;color:#595650' : ''
  const limited = `${style ? `${style};` : ''}max-width:${shown}px${backed}`
  return `<img${withStyle(others, limited)} alt="${alt}" width="${shown}"${size}>`
}
