// What Substack's editor leaves empty in an export, with all that it shows in an attribute → HTML that shows it.

import { escapeHtml } from '../../../base/index.ts'

type Lost = (kind: string, message: string, line: number) => void

/** Empty elements with `data-attrs`, wherever the class stands. Lines stay what they are. */
const EMPTY =
  /<(div|span|p|iframe)\b((?:[^<>"]|"[^"]*")*\bdata-attrs="([^"]*)"(?:[^<>"]|"[^"]*")*)>\s*<\/\1\s*>/g

export function withEmbeds(html: string, lost: Lost): string {
  return html.replace(EMPTY, (whole: string, tag: string, written: string, attrs: string, at: number) => {
    if (tag === 'iframe' && /\ssrc="/.test(written)) return whole
    const name = /\bclass="\s*([\w-]+)/.exec(written)?.[1] ?? 'embed'
    if (/^(?:button-wrapper|subscription-widget|captioned-button|paywall)/.test(name)) return whole
    const line = () => html.slice(0, at).split('\n').length
    return shown(name, attributesOf(attrs), (kind, message) => lost(kind, message, line()))
  })
}

function shown(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  lost: (kind: string, message: string) => void,
): string {
  const text = (key: string) => (typeof attributes[key] === 'string' ? attributes[key].trim() : '')
  if (name === 'mention-wrap') return escapeHtml(text('name'))
  if (name === 'image-gallery-embed') return gallery(attributes.gallery)
  if (name === 'latex-rendered') {
    lost('formulas', 'a formula is shown as it was written')
    return `<pre><code class="language-latex">${escapeHtml(text('persistentExpression'))}</code></pre>`
  }
  const video = text('videoId')
  const players: Readonly<Record<string, string>> = {
    'youtube-wrap': 'https://www.youtube.com/watch?v=',
    'vimeo-wrap': 'https://vimeo.com/',
  }
  const player = video !== '' && Object.hasOwn(players, name) ? players[name]! + video : ''
  const url = [player, text('canonical_url'), text('url'), text('targetUrl'), text('src')].find(each =>
    /^https?:\/\//.test(each),
  )
  if (url === undefined) {
    lost('embeds without an address', `${name} shows something that is not in the export`)
    return ''
  }
  return `<p><a href="${escapeHtml(url)}">${escapeHtml(text('title') || url)}</a></p>`
}

function gallery(value: unknown): string {
  const { images, caption, alt } = (value ?? {}) as Readonly<Record<string, unknown>>
  const pictures = (Array.isArray(images) ? images : []).flatMap(({ src }: { src?: unknown }) =>
    typeof src === 'string' && /^https?:/.test(src)
      ? [`<p><img src="${escapeHtml(src)}" alt="${escapeHtml(typeof alt === 'string' ? alt : '')}"></p>`]
      : [],
  )
  return (
    pictures.join('') +
    (typeof caption === 'string' && caption !== '' ? `<p><em>${escapeHtml(caption)}</em></p>` : '')
  )
}

function attributesOf(escaped: string): Readonly<Record<string, unknown>> {
  const json = escaped
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;|&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
