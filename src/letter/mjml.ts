// A filled `.mjml.hbs` template → the HTML of a mail: checked, compiled by MJML 5, tidied.

import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { cutShort, didYouMean, isBundle } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Direction } from '../model.ts'
import { type Origin, type Templates, takeOrigins } from '../templates/index.ts'
import { compileLayout } from './fast/known-layouts.ts'
import { collapse, repairHtml, tighten } from './tidy-html.ts'

/**
 * @param filled the output of `templates.render` for `name`, with its origin marks
 * @throws UserError with the template and line of a mistake
 */
export async function finishMjml(
  filled: string,
  name: string,
  direction: Direction,
  templates: Templates,
): Promise<string> {
  const locate = (origin: Origin | undefined) => {
    const { path } = templates.read(origin?.template ?? name)
    return origin ? `${path}:${origin.line}` : path
  }
  async function compile(text: string): Promise<string> {
    const { mjml, origins } = takeOrigins(text)
    checkMjml(mjml, origins, locate)
    const html = await compileMjml(mjml, origins, locate)
    return `${collapse(repairHtml(html, direction)).trimEnd()}\n`
  }
  return compileLayout(filled, direction, {
    compile,
    tidy: content => tighten(repairHtml(content, direction)),
  })
}

/**
 * @param origins of the start tags, for messages
 * @throws UserError for what MJML's strict validation rejects
 */
async function compileMjml(
  mjml: string,
  origins: readonly Origin[],
  locate: (origin: Origin | undefined) => string,
): Promise<string> {
  const compile = loadMjml()
  try {
    const { html } = await compile(mjml, {
      validationLevel: 'strict',
      ignoreIncludes: true,
      fonts: {},
      minify: false,
      beautify: false,
      keepComments: false,
    })
    return html
  } catch (error) {
    const [first] = (error as { errors?: { line: number; message: string; tagName: string }[] }).errors ?? []
    if (!first) throw error
    throw new UserError(
      `template ${locate(originOfLine(mjml, first.line, origins))}: <${first.tagName}>: ${first.message}`,
      'The documentation of MJML says what each tag may have: https://documentation.mjml.io/',
    )
  }
}

type Compile = typeof import('mjml')

let compiler: Compile | undefined

/**
 * Loaded with the first letter, because it takes a tenth of a second out of the bundle, and half a second as npm installs it.
 *
 * When MJML is imported it runs the modules that a `.mjmlconfig` in the working folder names, and the working folder may be
 * anybody's pull request. So during the import, which is synchronous, the working folder seems to be the one of this file.
 */
function loadMjml(): Compile {
  if (compiler) return compiler
  const { cwd } = process
  // A thread cannot change it for all.
  process.cwd = () => fileURLToPath(new URL('.', import.meta.url))
  try {
    const loaded = createRequire(import.meta.url)(isBundle ? './mjml.js' : 'mjml') as
      | Compile
      | { default: Compile }
    compiler = 'default' in loaded ? loaded.default : loaded
  } finally {
    process.cwd = cwd
  }
  return compiler
}

/** The last tag that begins on or before a line of the filled MJML. */
function originOfLine(mjml: string, line: number, origins: readonly Origin[]): Origin | undefined {
  const head = mjml.split('\n').slice(0, line).join('\n')
  return origins[Math.max(0, (head.match(/<mj[a-z-]*(?=[\s/>])/g) ?? []).length - 1)]
}

// ─── Mistakes that MJML would not report ────────────────────────────────────────────────────────────────────────────
//
// Its strict mode accepts unclosed tags, MJML inside HTML, and text between tags, which it drops silently; an unknown element it
// reports only if everything else is right.

/** The elements of MJML 5 whose content is HTML or text: https://documentation.mjml.io/#components */
const TEXT_ELEMENTS: ReadonlySet<string> = new Set([
  'mj-accordion-text',
  'mj-accordion-title',
  'mj-button',
  'mj-navbar-link',
  'mj-preview',
  'mj-raw',
  'mj-social-element',
  'mj-style',
  'mj-table',
  'mj-text',
  'mj-title',
])

const ELEMENTS: readonly string[] = [
  'mjml',
  'mj-head',
  'mj-body',
  'mj-accordion',
  'mj-accordion-element',
  'mj-all',
  'mj-attributes',
  'mj-breakpoint',
  'mj-carousel',
  'mj-carousel-image',
  'mj-class',
  'mj-column',
  'mj-divider',
  'mj-font',
  'mj-group',
  'mj-hero',
  'mj-html-attribute',
  'mj-html-attributes',
  'mj-image',
  'mj-include',
  'mj-navbar',
  'mj-section',
  'mj-selector',
  'mj-social',
  'mj-spacer',
  'mj-wrapper',
  ...TEXT_ELEMENTS,
]

/** An origin as people find it: '/site/templates/partials/card.mjml.hbs:12'. */
type Locate = (origin: Origin | undefined) => string

/**
 * @param mjml without origin marks
 * @param origins of its start tags, in order
 */
export function checkMjml(mjml: string, origins: readonly Origin[], locate: Locate): void {
  new MjmlCheck(mjml, origins, locate).run()
}

const TAG = /<!--[\s\S]*?-->|<(\/?)(mj[a-z-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/g

interface OpenTag {
  readonly name: string
  readonly origin: Origin | undefined
}

class MjmlCheck {
  readonly #mjml: string
  readonly #origins: readonly Origin[]
  readonly #locate: Locate
  readonly #open: OpenTag[] = []
  /** How many start tags have been read. */
  #started = 0
  /** Where the tag that was read last ends. */
  #position = 0

  constructor(mjml: string, origins: readonly Origin[], locate: Locate) {
    this.#mjml = mjml
    this.#origins = origins
    this.#locate = locate
  }

  run(): void {
    const tags = new RegExp(TAG)
    for (let tag = tags.exec(this.#mjml); tag; tag = tags.exec(this.#mjml)) {
      const [whole, slash, name, , selfClosing] = tag
      if (!name) continue
      this.#textUntil(tag.index)
      this.#position = tag.index + whole.length
      if (slash) this.#end(name)
      else this.#start(name, selfClosing !== '')
      // Past the content of a text element.
      tags.lastIndex = this.#position
    }
    this.#textUntil(this.#mjml.length)
    const unclosed = this.#open.pop()
    if (unclosed) this.#notClosed(unclosed.name, unclosed.origin)
  }

  #textUntil(index: number): void {
    const text = this.#mjml.slice(this.#position, index)
    const stray = text.replace(/<!--[\s\S]*?-->/g, '').trim()
    if (!stray) return
    const shown = JSON.stringify(cutShort(stray.split('\n')[0]!, 60))
    const advice = 'Put it into <mj-text>: MJML would drop it silently.'
    this.#fail(`text outside of mj-text: ${shown}`, this.#lastOrigin(), advice)
  }

  #start(name: string, isSelfClosing: boolean): void {
    const origin = this.#origins[this.#started]
    this.#started += 1
    if (!ELEMENTS.includes(name)) {
      const meant = didYouMean(name, ELEMENTS)
      const question = meant ? `, did you mean <${meant}>?` : ''
      const advice = 'The elements are at https://documentation.mjml.io/#components'
      this.#fail(`unknown element <${name}>${question}`, origin, advice)
    }
    if (isSelfClosing) return
    this.#open.push({ name, origin })
    if (TEXT_ELEMENTS.has(name)) this.#passText(name, origin)
  }

  /** Moves on to the end tag of a text element. */
  #passText(name: string, origin: Origin | undefined): void {
    const end = this.#mjml.indexOf(`</${name}`, this.#position)
    const content = this.#mjml.slice(this.#position, end < 0 ? undefined : end)
    if (end < 0 || new RegExp(`<${name}[\\s>]`).test(content)) this.#notClosed(name, origin)
    const inside = /<(mj-[a-z-]+)/.exec(content)?.[1]
    if (inside) {
      const advice = `Write it beside <${name}>, or as HTML.`
      this.#fail(`<${inside}> is inside <${name}>`, this.#origins[this.#started], advice)
    }
    this.#position = end
  }

  #end(name: string): void {
    const opened = this.#open.pop()
    if (opened?.name === name) return
    const message = opened ? `<${opened.name}> is not closed before </${name}>` : `</${name}> closes nothing`
    this.#fail(message, opened?.origin ?? this.#lastOrigin(), 'Close every MJML tag, in order.')
  }

  #notClosed(name: string, origin: Origin | undefined): never {
    this.#fail(`<${name}> is not closed`, origin, 'Close every MJML tag, in order.')
  }

  #lastOrigin(): Origin | undefined {
    return this.#origins[this.#started - 1] ?? this.#origins[0]
  }

  #fail(message: string, origin: Origin | undefined, hint: string): never {
    throw new UserError(`template ${this.#locate(origin)}: ${message}`, hint)
  }
}
