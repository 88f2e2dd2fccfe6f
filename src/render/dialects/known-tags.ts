// The tags of other tools that mean the same everywhere → the Markdown that takes their place: code, links to other posts,
// pictures, players, notes, folded text, quotations. Nothing else of those tools is known.

import { lookUpTable } from '../../base/index.ts'
import { accordion, folded, labelled, note, quote, tabTitle } from './containers.ts'
import { captionedPicture, isPicture, label, linkTo, listedPictures, playerLink } from './media-tags.ts'
import { closeMark, formulaLine, formulaMark, isNote, labelMark, openMark } from './scan.ts'
import { callOf, type Meaning, type TagCall, type Values } from './tag-values.ts'

/** The tag that this one is in, and how many were in that before it. */
export interface Around {
  readonly call: TagCall
  readonly place: number
}

export function meaningOf(name: string, call?: TagCall, around?: Around): Meaning | undefined {
  const key = name.toLowerCase().replaceAll('_', '-')
  if (key === 'tab' && call && around) return tabIn(around, call)
  if (/^include(?:-relative|-cached)?$|^render$|^partial$/.test(key)) return call && included(call)
  // LoveIt's has how its text looks in the tag; of others that is what is inside.
  if (key === 'style' && call?.rest) return transparent
  // That of dev.to shows one: `{% comment 1a2b %}`.
  if (key === 'comment' && call && call.args.length > 0) return undefined
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
  if (meaning?.kind === 'text') return text((_, fact) => meaning.make(call, fact))
  if (meaning?.kind === 'region') {
    // An include has no end: its text is an argument.
    const inner = call.named.content ?? call.named.text ?? call.named.body
    const { open, close } = meaning.region(call)
    if (inner !== undefined && open !== undefined) return text(() => `${open}\n\n${inner}\n\n${close ?? ''}`)
    return meaning.alone && text((_, fact) => meaning.alone!(call, fact))
  }
  return meaning?.kind === 'nothing' ? meaning : undefined
}

/** Docsy's are code, unless they say that they are text; Hextra's have their names in the tag around all of them. */
function tabIn({ call: { name, args, named }, place }: Around, tab: TagCall): Meaning {
  if (name === 'tabpane' && named.text !== 'true' && tab.named.text !== 'true')
    return {
      ...code,
      make: (inner: string) => {
        const body = inner.replace(/^[ \t]*\n/, '').trimEnd()
        const title = tab.named.header ?? tab.args[0]
        return body === '' ? '' : fenced(body, tab.named.lang ?? named.lang ?? '', title)
      },
    }
  // `{% tab group One name %}` in `{% tabs group %}` of Jekyll's.
  const isGrouped = args.length === 1 && tab.args.length > 1 && tab.args[0] === args[0]
  const label = isGrouped ? tab.args.slice(1).join(' ') : named.items?.split(/\s*,\s*/)[place]
  return label && (isGrouped || tabTitle(tab) === undefined)
    ? { ...labelled, region: () => ({ open: labelMark(label) }) }
    : labelled
}

const nothing: Meaning = { kind: 'nothing' }
const text = (make: (call: TagCall, fact: Values['fact']) => string | undefined): Meaning => ({
  kind: 'text',
  make,
})
/** Its inner text stays where it is. */
const transparent: Meaning = { kind: 'region', region: () => ({}), isNamed: true }

const code: Meaning & { kind: 'verbatim' } = {
  kind: 'verbatim',
  make(inner, { args, named, name, rest }, isBlock) {
    const body = inner.replace(/^[ \t]*\n/, '').trimEnd()
    if (!isBlock && !inner.trim().includes('\n')) return fenceSpan(inner.trim())
    // Some have a fence in them, which says the language.
    if (isBlock && /^\s*(`{3,}|~{3,})[^\n`]*\n(?:(?!\1)[^\n]*\n)*\1\s*$/.test(`${body}\n`)) return body.trim()
    const first = args.map(each => each.split(' ')[0]!).find(each => /^[\w+#.-]{1,20}$/.test(each))
    // Octopress' and Hexo's: a title of some words or a file's name, `lang:…`, an address and its words.
    const words = args.slice(0, args.findIndex(each => /^https?:/.test(each)) >>> 0)
    const isTitled =
      /^code-?block$/i.test(name) &&
      (words.length > 1 || named.lang !== undefined || /\w\.\w/.test(words[0] ?? ''))
    const language = named.lang ?? named.language ?? named.type ?? (isTitled ? '' : (first ?? ''))
    const title = named.title ?? named.filename ?? named.file ?? (isTitled ? words.join(' ') : undefined)
    return fenced(body, language === 'plain' || rest === '' ? '' : language, title)
  },
}
const diagram: Meaning = {
  kind: 'verbatim',
  make(inner, { name, args, rest }) {
    // Hexo's `{% mermaid graph TD %}` has the first line of the diagram in the tag.
    const first = name === 'mermaid' && args.length > 0 && !/[=()]/.test(rest) ? `${rest}\n` : ''
    return fenced(first + inner.replace(/^[ \t]*\n/, '').trimEnd(), name)
  },
}

export function fenced(body: string, language: string, title?: string): string {
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
  make(inner, _, isBlock, { formulas }) {
    const tex = inner.trim().replace(/^(?:\$\$|\\[[(])([\s\S]*)(?:\$\$|\\[\])])$/, '$1')
    const index = formulas.push(tex.trim()) - 1
    return isBlock ? formulaLine(index) : formulaMark(index, false)
  },
}

/** The address of another post, wherever in the folder it is: references.ts finds it by its file's name. */
export function noteAddress(reference: string): string {
  const [name = '', place] = reference.trim().split('#')
  const end = place === undefined ? '' : `#${encodeURIComponent(place)}`
  return `wiki:${encodeURIComponent(name).replace(/[()']/g, sign => `%${sign.charCodeAt(0).toString(16)}`)}${end}`
}

const postAddress = text(({ name, args, named, rest }) => {
  const target = named.path ?? named.slug ?? named.href ?? named.url ?? args[0] ?? ''
  // Hexo's `{% link words https://… %}`, and its themes' `{% link words, https://…, picture %}`.
  const [, before, address] = /^(.*?)[\s,]+(https?:\/\/[^\s,"']+)/.exec(rest) ?? []
  if (before && address && !/=\s*["']?$/.test(before))
    return linkTo(address, before.replace(/^["']|["'\s]+$/g, ''))
  if (target === '') return undefined
  const label = named.content ?? named.text ?? named.title ?? (args[0] === target ? args[1] : undefined)
  const isElsewhere = /^https?:/.test(target)
  if (name === 'link' && label) return linkTo(isElsewhere ? target : noteAddress(target), label)
  return isElsewhere ? target : noteAddress(target)
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
/** Zola's `get_url(path="@/blog/x.md")`, `get_url(path="x.css")`. */
const zolaAddress = text(({ named: { path } }) =>
  path?.startsWith('@/') ? noteAddress(path.slice(2)) : path && encodeURI(path.replace(/^\/?/, '/')),
)
const fileAddress = text(({ args, rest }) => encodeURI(args.join(' ') || rest))

const picture = text(captionedPicture)
/** Nikola's, with its caption inside. */
const thumbnail: Meaning = {
  kind: 'region',
  region(call) {
    const shown = captionedPicture(call)
    return shown === undefined
      ? {}
      : {
          open: `${openMark('figure')}\n${shown}\n\n${openMark('caption')}`,
          close: `${closeMark()}\n${closeMark()}`,
        }
  },
  alone: captionedPicture,
}
/** Butterfly's `{% timeline 2024,blue %}`. */
const timeline: Meaning = {
  ...transparent,
  region({ rest, named }) {
    const title =
      Object.keys(named).length === 0
        ? rest
            .split(',')[0]!
            .replace(/^["']|["']$/g, '')
            .trim()
        : ''
    return title ? { open: labelMark(title) } : {}
  },
}
const gallery: Meaning = { ...transparent, alone: listedPictures }
const player = text(call => playerLink(call.name.toLowerCase().replaceAll('_', '-'), call) ?? '')

/** `{{< button href="/x/" >}}Words{{< /button >}}`, `{% btn /x/, Words %}`. */
const button: Meaning = {
  kind: 'region',
  region({ args, named }) {
    const address =
      named.href ?? named.url ?? named.link ?? named.relref ?? args.find(each => ADDRESS.test(each))
    return address ? { around: ['[', `](<${address.replace(/[<>\n]/g, '')}>)`] } : {}
  },
  alone({ named, rest }) {
    const [first = '', second] = rest.split(/\s*,\s*/).map(each => each.replace(/^["']|["']$/g, ''))
    const address = named.href ?? named.url ?? named.link ?? (ADDRESS.test(first) ? first : undefined)
    const words = named.text ?? named.label ?? named.title ?? named.name ?? second
    return address ? linkTo(address, words || address.replace(/^https?:\/\/(?:www\.)?/, '')) : undefined
  },
  isNamed: true,
}
const ADDRESS = /^(?:https?:|\.{0,2}\/|#)\S/
/** `{{< kbd >}}Ctrl{{< /kbd >}}`, `{% kbd Ctrl %}`. */
const inline = (tag: string): Meaning => ({
  kind: 'region',
  region: () => ({ around: [`<${tag}>`, `</${tag}>`] }),
  alone({ args, named, rest }) {
    const words = named.text ?? named.title ?? named.key ?? (args.join(' ') || rest)
    return words && `<${tag}>${words.replace(/[<>&]/g, '')}</${tag}>`
  },
  isNamed: true,
})
/** Words in a colour or a frame: `{{< badge >}}new{{< /badge >}}`, `{% label primary@new %}`, `{% u new %}`. */
const words: Meaning = {
  kind: 'region',
  region: () => ({}),
  alone: ({ args, named }) =>
    named.text ??
    named.title ??
    named.content ??
    named.term_id ??
    ((args.length > 1 && COLOUR.test(args.at(-1)!) ? args.slice(0, -1) : args)
      .join(' ')
      .replace(/^\w*@/, '') ||
      undefined),
  isNamed: true,
}
const COLOUR =
  /^(?:default|primary|info|success|warning|danger|blue|pink|red|purple|orange|green|#[\da-f]{3,8})$/i
const coloured: Meaning = {
  kind: 'region',
  region: () => ({}),
  alone: ({ rest }) => rest.slice(rest.indexOf(',') + 1).trim() || undefined,
  isNamed: true,
}
/** In small letters, with hyphens. */
const MEANINGS = lookUpTable<Meaning>({
  ...all(asItIs, 'raw verbatim rawhtml raw-html html unsafe noformat'),
  ...all(remark, 'comment todo hidden-comment'),
  ...all(program, 'js css script style javascript stylesheet stylus scss'),
  ...all(
    code,
    'highlight code codeblock code-block prism syntax sourcecode snippet ghcode terminal command pygments',
  ),
  ...all(
    diagram,
    'mermaid plantuml graphviz dot chart echarts chartjs score markmap flowchart sequence goat',
  ),
  ...all(formula, 'math katex mathjax latex tex'),
  ...all(postAddress, 'post-url ref relref post-path link cell'),
  ...all(postLink, 'post-link page-link'),
  ...all(fileAddress, 'asset-path static asset assets base-url absurl relurl static-url'),
  ...all(zolaAddress, 'get-url'),
  ...all(assetLink, 'asset-link'),
  ...all(
    picture,
    'figure img image asset-img picture imgproc responsive-image photo lightbox zoom-image fancybox lazyimg inlineimg',
  ),
  ...all(gallery, 'gallery feature-row carousel swiper'),
  ...all(
    folded,
    'details spoiler expand fold folding collapse collapsible toggle hidetoggle hideblock hide detail accordion-item accordionitem',
  ),
  ...all(quote, 'quote blockquote pullquote epigraph cq centerquote citation'),
  ...all(labelled, 'tab tabitem tab-item codetab step card timelineitem timeline-item'),
  accordion,
  thumbnail,
  timeline,
  ...all(button, 'button btn link-button cta person article'),
  ...all(
    transparent,
    'tabs subtabs subsubtabs tabpane codetabs code-group steps cards columns column col row grid center left right lead div section wrapper compare comparecaption detailssummary ' +
      'container markdown md markdownify filter galleries list grouppicture slider cardpane pageinfo keywordlist tables wide aside small large ' +
      'nobr font lang rtl ltr feature content typeit rendertemplate chat',
  ),
  ...all(
    nothing,
    'toc tableofcontents table-of-contents ads adsense share comments disqus newsletter clear more endexcerpt excerpt icon fa ' +
      'fab fas base-path pagebreak seo feed-meta ad google-ad code-header series subscribe math-support mathjax-support mathjs katex-support load-photoswipe ' +
      'import from extends',
  ),
  ...all(
    {
      ...transparent,
      alone({ args, named }) {
        const words = named.text ?? named.content ?? args[1]
        return words && `^[${words}]`
      },
    },
    'sidenote marginnote',
  ),
  newthought: text(({ args }) => args.join(' ') || undefined),
  br: text(() => '<br>'),
  ...all(inline('kbd'), 'kbd key keys'),
  ...all(inline('sup'), 'sup'),
  ...all(inline('sub'), 'sub'),
  ...all(inline('del'), 'del'),
  ...all(inline('em'), 'emp'),
  emoji: text(({ args }) => `:${(args[0] ?? '').replaceAll(':', '')}:`),
  ...all(
    words,
    'badge label tag-label tooltip glossary-tooltip heading abbr ruby keyword mark hl u underline color wavy psw',
  ),
  // Hexo's themes: a place or a colour, and the words.
  ...all(coloured, 'p span'),
  ...all(
    text(
      ({ rest }) => `${/\bchecked\b/.test(rest) ? '☑' : '☐'} ${rest.slice(rest.lastIndexOf(',') + 1).trim()}`,
    ),
    'checkbox radio',
  ),
  ...all(
    text(({ named: { url, auto, name, artist } }) => {
      const address = url ?? auto
      return address && linkTo(address, [name, artist].filter(Boolean).join(', ') || address)
    }),
    'music',
  ),
  hideinline: text(({ rest }) => rest.split(',')[0]!.trim()),
  aplayer: text(({ args }) => `[${label(args.slice(0, 2).join(', '))}](<${args[2] ?? ''}>)`),
  dplayer: text(({ named }) => (named.url ? `[${label(named.url)}](<${named.url}>)` : '')),
})

/** @param names with spaces between them */
function all(meaning: Meaning, names: string): Record<string, Meaning> {
  return Object.fromEntries(names.split(' ').map(name => [name, meaning]))
}
