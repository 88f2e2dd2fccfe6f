// The two formats in which Ghost keeps a text besides HTML, Lexical and Mobiledoc → HTML.

import Markdown from 'markdown-it'
import footnotes from 'markdown-it-footnote'
import mark from 'markdown-it-mark'
import { escapeHtml } from '../../../base/index.ts'
import { rowsOf } from '../records.ts'

type Lost = (kind: string, message: string) => void
type Fields = Readonly<Record<string, unknown>>

export function lexicalHtml(json: string, lost: Lost): string {
  const root = (readJson(json).root ?? {}) as Fields
  return childrenHtml(root, lost)
}

function childrenHtml(node: Fields, lost: Lost): string {
  return rowsOf(node.children)
    .map(child => nodeHtml(child, lost))
    .join('')
}

/** Bits of a text's format, from the outermost mark in. */
const FORMATS: readonly [bit: number, tag: string][] = [
  [1, 'strong'],
  [2, 'em'],
  [4, 's'],
  [8, 'u'],
  [16, 'code'],
  [32, 'sub'],
  [64, 'sup'],
  [128, 'mark'],
]

function nodeHtml(node: Fields, lost: Lost): string {
  const type = text(node.type).replace(/^extended-/, '')
  const inside = () => childrenHtml(node, lost)
  switch (type) {
    case 'text':
    case 'tk': {
      const tags = FORMATS.filter(([bit]) => (Number(node.format) & bit) !== 0).map(([, tag]) => tag)
      const open = tags.map(tag => `<${tag}>`).join('')
      return `${open}${escapeHtml(text(node.text))}${[...tags]
        .reverse()
        .map(tag => `</${tag}>`)
        .join('')}`
    }
    case 'linebreak':
      return '<br>'
    case 'paragraph':
      return `<p>${inside()}</p>`
    case 'heading':
      return wrap(/^h[1-6]$/.test(text(node.tag)) ? text(node.tag) : 'h2', inside())
    case 'quote':
    case 'aside':
      return `<blockquote><p>${inside()}</p></blockquote>`
    case 'list':
      return listHtml(node, lost)
    case 'listitem':
      return `<li>${inside()}</li>`
    case 'link':
    case 'autolink':
    case 'at-link':
      return `<a href="${escapeHtml(text(node.url))}">${inside()}</a>`
    case 'zwnj':
      return ''
    default:
      return gated(node.visibility, cardHtml(type, node, lost) ?? unknown(type, inside(), lost))
  }
}

/** Who sees a card, as Ghost writes it into its HTML. */
function gated(visibility: unknown, html: string): string {
  const { web, showOnWeb } = (visibility ?? {}) as { web?: Fields; showOnWeb?: boolean }
  if (html === '' || (web === undefined && showOnWeb !== false)) return html
  const isForAll = web?.nonMember === true
  return `<!--kg-gated-block:begin nonMember:${isForAll} memberSegment:"${text(web?.memberSegment)}" -->${html}<!--kg-gated-block:end-->`
}

const GATED =
  /<!--\s*kg-gated-block:begin ([^\n<>]*)-->((?:(?!<!--\s*kg-gated-block:)[\s\S])*)<!--\s*kg-gated-block:end\s*-->/g

/** Parts that only some readers see stay, and hold the post back; what nobody sees on the web goes. */
export function openGates(html: string, lost: Lost): { readonly html: string; readonly heldBack?: string } {
  let heldBack: string | undefined
  const open = html.replace(GATED, (_, gate: string, part: string) => {
    if (/nonMember:\s*true/.test(gate)) return part
    const segment = /memberSegment:\s*"([^"]*)"/.exec(gate)?.[1] ?? ''
    if (segment === '') {
      lost(MAIL_CARDS, 'a part that only mails show is left out')
      return part.replace(/[^\n]+/g, '')
    }
    const isPaid = /status:-free/.test(segment) && !/status:free/.test(segment)
    heldBack = isPaid || heldBack === PAID_PART ? PAID_PART : 'a part is for members'
    return part
  })
  return heldBack === undefined ? { html: open } : { html: open, heldBack }
}

const MAIL_CARDS = 'cards for mails and sign-ups'
const PAID_PART = 'a part is for paying readers'

/** A list in a list has an item of its own: it belongs to the one before. */
function listHtml(node: Fields, lost: Lost): string {
  const start = Number(node.start)
  const tag = node.listType === 'number' ? 'ol' : 'ul'
  const items = childrenHtml(node, lost).replace(/<\/li><li>(?=<[ou]l[ >])/g, '')
  return items === ''
    ? ''
    : `<${tag}${tag === 'ol' && start > 1 ? ` start="${start}"` : ''}>${items}</${tag}>`
}

function unknown(type: string, inside: string, lost: Lost): string {
  lost(
    'cards without a meaning here',
    `the card ${type} ${inside ? 'is read as a paragraph' : 'is left out'}`,
  )
  return inside
}

/** Cards have the same fields in both formats. @returns undefined for one that is not known */
function cardHtml(type: string, card: Fields, lost: Lost): string | undefined {
  const caption = text(card.caption)
  const figure = (html: string) =>
    caption ? `<figure>${html}<figcaption>${caption}</figcaption></figure>` : `<p>${html}</p>`
  switch (type) {
    case 'image':
      return figure(linked(text(card.href), imageHtml(card.src, card.alt)))
    case 'gallery':
      return figure(
        rowsOf(card.images)
          .map(each => imageHtml(each.src, each.alt))
          .join(' '),
      )
    case 'html':
      return text(card.html)
    case 'markdown':
    case 'card-markdown':
      return new Markdown({ html: true }).use(footnotes).use(mark).render(text(card.markdown))
    case 'codeblock':
    case 'code': {
      const language = text(card.language).replace(/[^\w+#-]/g, '')
      const name = language ? ` class="language-${language}"` : ''
      const code = `<pre><code${name}>${escapeHtml(text(card.code))}</code></pre>`
      return caption ? `${code}<p>${caption}</p>` : code
    }
    case 'horizontalrule':
    case 'hr':
      return '<hr>'
    case 'bookmark': {
      const metadata = (card.metadata ?? {}) as Fields
      const title = text(metadata.title) || text(card.title) || text(card.url)
      const names = [metadata.author, metadata.publisher].map(text).filter(Boolean).join(' · ')
      return paragraphs(
        link(text(card.url), title),
        escapeHtml(text(metadata.description)),
        escapeHtml(names),
        caption,
      )
    }
    case 'embed':
      return paragraphs(link(text(card.url), text(card.url)), caption)
    case 'callout':
      return `<blockquote><p>${escapeHtml(text(card.calloutEmoji))} ${text(card.calloutText)}</p></blockquote>`
    case 'toggle':
      return `<details><summary>${text(card.heading)}</summary>${text(card.content)}</details>`
    case 'button':
      return paragraphs(link(text(card.buttonUrl), text(card.buttonText)))
    case 'audio':
      return `<audio src="${escapeHtml(text(card.src))}"></audio>${paragraphs(escapeHtml(text(card.title)), caption)}`
    case 'video':
      return `<video src="${escapeHtml(text(card.src))}"></video>${paragraphs(caption)}`
    case 'file':
      return paragraphs(
        link(text(card.src), text(card.fileTitle) || text(card.fileName)),
        text(card.fileCaption),
      )
    case 'call-to-action':
      return `${text(card.sponsorLabel)}${picture(card.imageUrl)}${text(card.textValue)}${button(card.showButton, card.buttonUrl, card.buttonText)}`
    case 'header':
      return `${picture(card.backgroundImageSrc)}${wrap('h2', text(card.header) || text(card.heading))}${paragraphs(text(card.subheader) || text(card.subheading))}${button(card.buttonEnabled, card.buttonUrl, card.buttonText)}`
    case 'product':
      return `${picture(card.productImageSrc)}${wrap('h3', text(card.productTitle))}${card.productRatingEnabled === true ? paragraphs(stars(Number(card.productStarRating))) : ''}${text(card.productDescription)}${text(card.productUrl) ? paragraphs(link(text(card.productUrl), text(card.productButton) || text(card.productUrl))) : ''}`
    case 'paywall':
      return ''
    case 'email':
    case 'email-cta':
    case 'signup':
      lost(MAIL_CARDS, `the card ${type} is left out`)
      return ''
  }
  return undefined
}

/** Mobiledoc 0.3: sections of markers, each of which opens and closes marks by their number. */
export function mobiledocHtml(json: string, lost: Lost): string {
  const document = readJson(json)
  const [atoms, cards, markups] = [document.atoms, document.cards, document.markups].map(list =>
    Array.isArray(list) ? (list as unknown[][]) : [],
  )
  const open: string[] = []

  function markers(list: unknown): string {
    return (Array.isArray(list) ? (list as unknown[][]) : [])
      .map(([type, opened, closed, value]) => {
        let html = ''
        for (const index of Array.isArray(opened) ? (opened as number[]) : []) {
          const [tag = 'span', attributes] = (markups![index] ?? []) as [string?, string[]?]
          const at = attributes?.indexOf('href') ?? -1
          html += at === -1 ? `<${tag}>` : `<${tag} href="${escapeHtml(attributes![at + 1] ?? '')}">`
          open.push(tag)
        }
        if (type === 0) html += escapeHtml(text(value))
        else if (atoms![Number(value)]?.[0] === 'soft-return') html += '<br>'
        else html += escapeHtml(text(atoms![Number(value)]?.[1]))
        for (let count = Number(closed); count > 0 && open.length > 0; count--) html += `</${open.pop()}>`
        return html
      })
      .join('')
  }

  return (Array.isArray(document.sections) ? (document.sections as unknown[][]) : [])
    .map(([type, first, second]) => {
      if (type === 1) return wrap(tagOf(first, 'p'), markers(second))
      if (type === 2) return `<p><img src="${escapeHtml(text(first))}" alt=""></p>`
      if (type === 3)
        return wrap(tagOf(first, 'ul'), (second as unknown[]).map(item => wrap('li', markers(item))).join(''))
      const [name, payload] = (cards![Number(first)] ?? []) as [string?, Fields?]
      if (name === undefined) return ''
      return cardHtml(name, payload ?? {}, lost) ?? unknown(name, '', lost)
    })
    .join('')
}

function tagOf(value: unknown, usual: string): string {
  const tag = text(value).toLowerCase()
  if (tag === 'aside' || tag === 'pull-quote') return 'blockquote'
  return /^(?:p|h[1-6]|blockquote|ul|ol)$/.test(tag) ? tag : usual
}

function imageHtml(src: unknown, alt: unknown): string {
  return `<img src="${escapeHtml(text(src))}" alt="${escapeHtml(text(alt))}">`
}

/** One without words that a card has. */
function picture(src: unknown): string {
  return text(src) === '' ? '' : `<p>${imageHtml(src, '')}</p>`
}

function button(isShown: unknown, url: unknown, words: unknown): string {
  return isShown === false || text(url) === '' ? '' : paragraphs(link(text(url), text(words) || text(url)))
}

function stars(count: number): string {
  return count > 0 && count <= 5 ? '★'.repeat(Math.round(count)).padEnd(5, '☆') : ''
}

function linked(url: string, html: string): string {
  return url === '' ? html : `<a href="${escapeHtml(url)}">${html}</a>`
}

function paragraphs(...parts: string[]): string {
  return parts
    .filter(part => part.trim() !== '')
    .map(part => `<p>${part}</p>`)
    .join('')
}

function link(url: string, words: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(words)}</a>`
}

function wrap(tag: string, html: string): string {
  return html.trim() === '' ? '' : `<${tag}>${html}</${tag}>`
}

function readJson(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {}
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
