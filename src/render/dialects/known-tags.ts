// The tags of other tools that mean the same everywhere → the Markdown that takes their place: code, links to other posts,
// pictures, players, notes, folded text, quotations. Nothing else of those tools is known.

import { playerLink } from './players.ts'
import { closeMark, isNote, labelMark, noteTitle, openMark } from './scan.ts'
import { callOf, type TagCall } from './tag-values.ts'

export type Meaning =
  /** Stands for a text. */
  | { readonly kind: 'text'; make(call: TagCall): string }
  /** Says something to its own tool only. */
  | { readonly kind: 'nothing' }
  /** What is between it and its end is not Markdown. */
  | {
      readonly kind: 'verbatim'
      readonly isRemark?: true
      /** Without an end it says something to its own tool only. */
      readonly isOptional?: true
      /** It stays where and as it was. */
      readonly isAsItIs?: true
      make(inner: string, call: TagCall, isBlock: boolean): string
    }
  /** What is between it and its end is Markdown. */
  | {
      readonly kind: 'region'
      region(call: TagCall): {
        open?: string
        close?: string
        around?: readonly [before: string, after: string]
      }
      /** Without an end. */
      alone?(call: TagCall): string | undefined
      /** Means something only with an end: else it is unknown. */
      readonly isNamed?: true
    }

export function meaningOf(name: string, call?: TagCall): Meaning | undefined {
  const key = name.toLowerCase().replaceAll('_', '-')
  if (/^include(?:-relative|-cached)?$|^render$|^partial$/.test(key)) return call && included(call)
  const known = MEANINGS[key]
  if (known) return known
  if (isNote(key)) return note
  if (call && playerLink(key, call) !== undefined) return player
  if (call && isPicture(call)) return picture
  return undefined
}

/** `{% include youtube.html id="…" %}`: as a tag of that name. */
function included({ rest }: TagCall): Meaning | undefined {
  const file = /^["']?([\w./-]+?)(?:\.(?:html?|md|liquid|njk|hbs))?["']?(?=[\s,]|$)/.exec(rest)
  const name = file?.[1]?.split('/').at(-1)
  if (!file || !name) return undefined
  const args = rest.slice(file[0].length).replace(/^\s*,\s*/, '')
  const call = callOf(name, `${name} ${args}`)
  const meaning = meaningOf(name, call)
  if (meaning?.kind === 'text') return { kind: 'text', make: () => meaning.make(call) }
  if (meaning?.kind === 'region') {
    // An include has no end: its text is an argument.
    const text = call.named.content ?? call.named.text ?? call.named.body
    const { open, close } = meaning.region(call)
    if (text === undefined || open === undefined) return undefined
    return { kind: 'text', make: () => `${open}\n\n${text}\n\n${close ?? ''}` }
  }
  return meaning?.kind === 'nothing' ? meaning : undefined
}

const nothing: Meaning = { kind: 'nothing' }
const text = (make: (call: TagCall) => string): Meaning => ({ kind: 'text', make })
/** Its inner text stays where it is. */
const transparent: Meaning = { kind: 'region', region: () => ({}), isNamed: true }

const code: Meaning = {
  kind: 'verbatim',
  make(inner, { args, named, rest }, isBlock) {
    const body = inner.replace(/^[ \t]*\n/, '').trimEnd()
    if (!isBlock && !inner.trim().includes('\n')) return fenceSpan(inner.trim())
    const first = args.find(each => /^[\w+#.-]{1,20}$/.test(each))
    const language = named.lang ?? named.language ?? named.type ?? (/^lang:/.test(rest) ? '' : (first ?? ''))
    return fenced(body, language === 'plain' ? '' : language, named.title ?? named.filename ?? named.file)
  },
}
const diagram: Meaning = {
  kind: 'verbatim',
  make: (inner, { name }) => fenced(inner.replace(/^[ \t]*\n/, '').trimEnd(), name),
}

function fenced(body: string, language: string, title?: string): string {
  const longest = longestRun(body, /`{3,}/g, 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}${title ? ` title="${title.replaceAll('"', "'").replaceAll('`', "'")}"` : ''}\n${body}\n${fence}`
}

function longestRun(body: string, runs: RegExp, least: number): number {
  let longest = least
  for (const [run] of body.matchAll(runs)) longest = Math.max(longest, run.length)
  return longest
}

function fenceSpan(body: string): string {
  const longest = longestRun(body, /`+/g, 0)
  const tick = '`'.repeat(longest + 1)
  return `${tick}${longest > 0 ? ' ' : ''}${body}${longest > 0 ? ' ' : ''}${tick}`
}

const remark: Meaning = { kind: 'verbatim', isRemark: true, make: () => '' }
const asItIs: Meaning = { kind: 'verbatim', isAsItIs: true, make: inner => inner }
/** What runs in its own tool, or is loaded there. */
const program: Meaning = { kind: 'verbatim', isOptional: true, make: () => '' }
const formula: Meaning = {
  kind: 'verbatim',
  isOptional: true,
  make: (inner, _, isBlock) => (isBlock ? `$$\n${inner.trim()}\n$$` : `$${inner.trim()}$`),
}

/** The address of another post, wherever in the folder it is: references.ts finds it by its file's name. */
export function noteAddress(reference: string): string {
  const [name = '', place] = reference.trim().split('#')
  const end = place === undefined ? '' : `#${encodeURIComponent(place)}`
  return `wiki:${encodeURIComponent(name).replace(/[()']/g, sign => `%${sign.charCodeAt(0).toString(16)}`)}${end}`
}

const postAddress = text(({ args, named, rest }) => {
  const target = named.path ?? named.slug ?? args[0] ?? ''
  // Hexo's `{% link words https://… %}`, and its themes' `{% link words, https://…, picture %}`.
  const [, words, address] = /^(.*?)[\s,]+(https?:\/\/[^\s,]+)/.exec(rest) ?? []
  if (words && address) return `[${label(words.replace(/^["']|["']$/g, ''))}](<${address}>)`
  return /^https?:/.test(target) ? target : noteAddress(target)
})
const postLink = text(({ args, named }) => {
  const target = named.slug ?? args[0] ?? ''
  const words =
    named.title ??
    args
      .slice(1)
      .filter(each => !/^(?:true|false)$/.test(each))
      .join(' ')
  return `[${label(words || target)}](${/^https?:/.test(target) ? target : noteAddress(target)})`
})
const assetLink = text(
  ({ args }) => `[${label(args.slice(1).join(' ') || (args[0] ?? ''))}](<${args[0] ?? ''}>)`,
)
const fileAddress = text(({ args, rest }) => encodeURI(args.join(' ') || rest))

const PICTURE_FILE = /\.(?:png|jpe?g|gif|webp|avif|svg|bmp)(?:[?#]|$)/i

function isPicture({ args, named }: TagCall): boolean {
  const source =
    named.src ??
    named.path ??
    named.image ??
    named.url ??
    named.file ??
    named['image-path'] ??
    named.image_path
  return source !== undefined ? PICTURE_FILE.test(source) : args.some(each => PICTURE_FILE.test(each))
}

const picture = text(call => {
  const { args, named } = call
  const at = args.findIndex(each => PICTURE_FILE.test(each) || /^(?:https?:\/\/|\.{0,2}\/)/.test(each))
  const source =
    named.src ??
    named.path ??
    named.image_path ??
    named['image-path'] ??
    named.image ??
    named.url ??
    named.file ??
    args[at]
  if (!source) return ''
  const words = args.slice(at + 1).filter(each => !/^\d+(?:px|%)?$/.test(each))
  const alt = named.alt ?? words.join(' ')
  const caption = named.caption ?? named.title ?? named.attr
  const plainCaption = caption?.replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1').replace(/[*_`]+/g, '')
  const shown = `![${label(alt || (plainCaption ?? ''))}](<${source.replace(/[<>\n]/g, '')}>)`
  const link = named.link ?? named.href
  const linked = link ? `[${shown}](<${link.replace(/[<>\n]/g, '')}>)` : shown
  if (!caption) return linked
  return `${openMark('figure')}\n${linked}\n\n${openMark('caption')}\n${caption}\n\n${closeMark()}\n${closeMark()}`
})

const player = text(call => playerLink(call.name.toLowerCase().replaceAll('_', '-'), call) ?? '')

const note: Meaning = {
  kind: 'region',
  region({ name, args, named, rest }) {
    const kind = named.type ?? named.style ?? named.color ?? named.context ?? args.find(isNote) ?? name
    const words = args.filter(
      each => each !== kind && !/^(?:icon|fa[\w-]*|no-icon|simple|modern|flat|primary|default)$/.test(each),
    )
    const title = named.title ?? (/^["']/.test(rest) || words.length > 1 ? words.join(' ') : (words[0] ?? ''))
    return { open: openMark('note', title || noteTitle(isNote(kind) ? kind : name)), close: closeMark() }
  },
  alone: ({ named }) => {
    const body = named.text ?? named.content ?? named.message
    return body === undefined ? undefined : body
  },
  isNamed: true,
}
const folded: Meaning = {
  kind: 'region',
  region: ({ args, named, name }) => ({
    open: openMark(
      'details',
      named.summary ?? named.title ?? named.label ?? named.name ?? (args.join(' ') || noteTitle(name)),
    ),
    close: closeMark(),
  }),
  isNamed: true,
}
const quote: Meaning = {
  kind: 'region',
  region({ args, named, rest }) {
    const source = named.author ?? named.cite ?? named.footer ?? named.by ?? ''
    const where = named.source ?? named.title ?? ''
    const plain = Object.keys(named).length === 0 && !/^["']/.test(rest) ? rest : args.join(' ')
    return { open: openMark('quote'), close: closeMark([source, where].filter(Boolean).join(', ') || plain) }
  },
  isNamed: true,
}
const labelled: Meaning = {
  kind: 'region',
  region({ args, named }) {
    const name = named.title ?? named.name ?? named.label ?? named.header ?? named.tabname ?? args[0]
    return name ? { open: labelMark(name) } : {}
  },
  isNamed: true,
}
/** `{{< button href="/x/" >}}Words{{< /button >}}`, `{% btn /x/, Words %}`. */
const button: Meaning = {
  kind: 'region',
  region({ args, named }) {
    const address =
      named.href ?? named.url ?? named.link ?? named.relref ?? args.find(each => ADDRESS.test(each))
    return address ? { around: ['[', `](<${address.replace(/[<>\n]/g, '')}>)`] } : {}
  },
  alone({ named, rest }) {
    const [first = '', second] = rest.split(/\s*,\s*/)
    const address = named.href ?? named.url ?? named.link ?? (ADDRESS.test(first) ? first : undefined)
    const words = named.text ?? named.label ?? named.title ?? second
    return address && words ? `[${label(words)}](<${address.replace(/[<>\n]/g, '')}>)` : undefined
  },
  isNamed: true,
}
const ADDRESS = /^(?:https?:|\.{0,2}\/|#)\S/
const inline = (tag: string): Meaning =>
  text(({ args, named, rest }) => {
    const words = named.text ?? named.title ?? (args.join(' ') || rest)
    return `<${tag}>${words.replace(/[<>&]/g, '')}</${tag}>`
  })
const words = text(({ args, named }) => named.text ?? named.title ?? named.content ?? args.join(' '))

/** In small letters, with hyphens. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ...all(asItIs, 'raw verbatim rawhtml raw-html html unsafe noformat'),
  ...all(remark, 'comment todo hidden-comment'),
  ...all(program, 'js css script style javascript stylesheet stylus scss'),
  ...all(code, 'highlight code codeblock code-block prism syntax sourcecode snippet ghcode terminal command'),
  ...all(diagram, 'mermaid plantuml graphviz dot'),
  ...all(formula, 'math katex mathjax latex tex'),
  ...all(postAddress, 'post-url ref relref post-path link'),
  ...all(postLink, 'post-link page-link'),
  ...all(fileAddress, 'asset-path static asset assets base-url absurl relurl static-url'),
  ...all(assetLink, 'asset-link'),
  ...all(
    picture,
    'figure img image asset-img picture imgproc responsive-image photo lightbox zoom-image fancybox lazyimg',
  ),
  ...all(
    folded,
    'details spoiler expand fold folding collapse collapsible accordion toggle hidetoggle hide detail',
  ),
  ...all(quote, 'quote blockquote pullquote epigraph cq centerquote citation'),
  ...all(labelled, 'tab tabitem tab-item codetab step card accordion-item timelineitem timeline-item'),
  ...all(button, 'button btn link-button cta'),
  ...all(
    transparent,
    'tabs tabpane codetabs code-group steps cards columns column col row grid center left right lead div section wrapper ' +
      'container markdown md markdownify filter timeline gallery galleries list wide aside sidenote marginnote small large ' +
      'nobr mark hl u underline color font lang rtl ltr span feature content typeit rendertemplate article',
  ),
  ...all(
    nothing,
    'toc tableofcontents table-of-contents ads adsense share comments disqus newsletter clear more endexcerpt excerpt icon fa ' +
      'fab fas base-path pagebreak seo feed-meta subscribe math-support mathjax-support mathjs katex-support load-photoswipe ' +
      'import from extends',
  ),
  br: text(() => '<br>'),
  ...all(inline('kbd'), 'kbd key keys'),
  emoji: text(({ args }) => `:${(args[0] ?? '').replaceAll(':', '')}:`),
  ...all(words, 'badge label tag-label tooltip abbr ruby'),
  // Hexo's themes: a place or a colour, and the words.
  p: text(({ rest }) => rest.slice(rest.indexOf(',') + 1).trim()),
  checkbox: text(
    ({ rest }) => `${/\bchecked\b/.test(rest) ? '☑' : '☐'} ${rest.slice(rest.lastIndexOf(',') + 1).trim()}`,
  ),
  hideinline: text(({ rest }) => rest.split(',')[0]!.trim()),
  aplayer: text(({ args }) => `[${label(args.slice(0, 2).join(', '))}](<${args[2] ?? ''}>)`),
  dplayer: text(({ named }) => (named.url ? `[${label(named.url)}](<${named.url}>)` : '')),
}

/** @param names with spaces between them */
function all(meaning: Meaning, names: string): Record<string, Meaning> {
  return Object.fromEntries(names.split(' ').map(name => [name, meaning]))
}

function label(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[[\]\\]/g, sign => `\\${sign}`)
    .trim()
}
