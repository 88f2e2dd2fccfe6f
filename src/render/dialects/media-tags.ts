// Tags of other tools that show pictures or players → Markdown. A player or a foreign post by the name of its service and
// its id is a link to it, for no feed reader and no mail client shows what it would embed; pictures keep caption and link.

import { byEachName } from '../../base/index.ts'
import { closeMark, openMark } from './scan.ts'
import type { TagCall, Values } from './tag-values.ts'

interface PlayerCall {
  readonly args: readonly string[]
  readonly named: Readonly<Record<string, string>>
}

/** @param name of the tag or element, in small letters, with hyphens @returns a Markdown link */
export function playerLink(name: string, call: PlayerCall): string | undefined {
  const found = playerOf(name, call)
  return (
    found &&
    `[${found.words.replace(/[[\]\\]/g, sign => `\\${sign}`)}](<${found.url.replace(/[<>\s]/g, encodeURIComponent)}>)`
  )
}

/** @returns where the link leads, and its words; undefined where the name is that of no service */
function playerOf(name: string, call: PlayerCall): { url: string; words: string } | undefined {
  const { provider } = call.named
  // `{% include video id="…" provider="vimeo" %}`
  const service = name === 'video' && provider ? provider.toLowerCase() : (ALIASES[name] ?? name)
  const known = Object.hasOwn(SERVICES, service) ? SERVICES[service]! : undefined
  if (!known) return undefined
  const { args, named } = call
  const first =
    named.id ??
    named.videoid ??
    named.youtubeid ??
    named.video_id ??
    named['video-id'] ??
    named.url ??
    named.src ??
    named.href ??
    named.repo ??
    named.repository ??
    named.slug ??
    named.hash ??
    named.path ??
    named.file ??
    args[0]
  if (!first) return undefined
  const words = named.title ?? named.label ?? named.playlabel ?? named.caption ?? named.name
  if (/^(?:https?:)?\/\//.test(first))
    return { url: first, words: words || first.replace(/^(?:https?:)?\/\/(?:www\.)?/, '') }
  const [label, address] = known
  const url = address(first, { ...call, args: args[0] === first ? args.slice(1) : args })
  return url === undefined ? undefined : { url, words: words || (label ? `${label}: ${first}` : url) }
}

const ALIASES: Readonly<Record<string, string>> = byEachName({
  youtube: `yt youtube-embed lite-youtube liteyoutubeembed liteyoutube lite-youtube-embed youtube-lite
    youtube-lite-player youtube-video youtubeembed youtubeplayer youtube-player youtubevideo youtubelite`,
  vimeo: 'lite-vimeo vimeo-simple vimeo-video',
  tweet: 'twitter x x-simple tweetembed twitter-simple',
  instagram: 'instagram-simple',
  spotify: 'spotify-embed',
  gist: 'githubgist',
  github: 'github-repo ghcard repo github-repo-card',
  loom: 'loom-embed',
  codepen: 'codepen-embed',
  embed: 'embed-video iframe media linkcard bookmark codeimporter',
  video: 'vid mp4',
})

type Address = (id: string, call: PlayerCall) => string | undefined
const at =
  (start: string, end = ''): Address =>
  id =>
    start + encodeURI(id) + end
/** The name of the service in front of an id; '' where the address says more. */
const SERVICES: Readonly<Record<string, readonly [label: string, address: Address]>> = {
  youtube: ['YouTube', at('https://www.youtube.com/watch?v=')],
  vimeo: ['Vimeo', at('https://vimeo.com/')],
  tweet: ['X', (id, { named }) => `https://x.com/${encodeURI(named.user ?? 'i')}/status/${encodeURI(id)}`],
  gist: [
    'Gist',
    (id, { args }) =>
      `https://gist.github.com/${encodeURI([id, ...args.slice(0, 1)].filter(each => !each.includes('.')).join('/'))}`,
  ],
  instagram: ['Instagram', at('https://www.instagram.com/p/', '/')],
  spotify: [
    'Spotify',
    (id, { args, named }) =>
      `https://open.spotify.com/${id.includes('/') ? '' : `${encodeURI(named.type ?? (args[0] || 'track'))}/`}${encodeURI(id)}`,
  ],
  soundcloud: [
    'SoundCloud',
    id =>
      /^\d+$/.test(id)
        ? `https://api.soundcloud.com/tracks/${id}`
        : `https://soundcloud.com/${encodeURI(id)}`,
  ],
  mastodon: ['Mastodon', () => undefined],
  bluesky: ['Bluesky', () => undefined],
  codepen: [
    'CodePen',
    (id, { args, named }) =>
      `https://codepen.io/${encodeURI(named.user ?? args[0] ?? 'pen')}/pen/${encodeURI(id)}`,
  ],
  codesandbox: ['CodeSandbox', at('https://codesandbox.io/s/')],
  stackblitz: ['StackBlitz', at('https://stackblitz.com/edit/')],
  jsfiddle: ['JSFiddle', at('https://jsfiddle.net/')],
  glitch: ['Glitch', at('https://glitch.com/edit/#!/')],
  replit: ['Replit', at('https://replit.com/')],
  asciinema: ['asciinema', at('https://asciinema.org/a/')],
  speakerdeck: ['Speaker Deck', at('https://speakerdeck.com/player/')],
  twitch: ['Twitch', at('https://www.twitch.tv/videos/')],
  loom: ['Loom', at('https://www.loom.com/share/')],
  bilibili: [
    'Bilibili',
    id => `https://www.bilibili.com/video/${/^\d+$/.test(id) ? 'av' : ''}${encodeURI(id)}`,
  ],
  github: ['GitHub', at('https://github.com/')],
  gitlab: ['GitLab', at('https://gitlab.com/')],
  wikipedia: ['Wikipedia', at('https://en.wikipedia.org/wiki/')],
  user: ['', at('https://dev.to/')],
  tiktok: ['TikTok', at('https://www.tiktok.com/embed/')],
  // The address itself, or a file of the publication's own.
  embed: ['', id => id],
  video: ['', id => id],
  audio: ['', id => id],
  pdf: ['', id => id],
  file: ['', id => id],
  download: ['', id => id],
}

// ─── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const PICTURE_FILE = /\.(?:png|jpe?g|gif|webp|avif|svg|bmp)(?:[?#]|$)/i

/** Whether a tag of any name shows one. */
export function isPicture({ args, named }: TagCall): boolean {
  const sources = SOURCES.slice(0, SURE_SOURCES).flatMap(key => named[key] ?? [])
  return sources.length > 0
    ? sources.some(each => PICTURE_FILE.test(each))
    : args.some(each => PICTURE_FILE.test(each))
}

/** Undefined where nothing says which picture it is. */
export function captionedPicture({ name, args, named }: TagCall): string | undefined {
  const byEnding = args.findIndex(each => PICTURE_FILE.test(each))
  const at = byEnding === -1 ? args.findIndex(each => /^(?:https?:\/\/|\.{0,2}\/)/.test(each)) : byEnding
  const given = SOURCES.map(key => named[key]).filter(each => each !== undefined && each !== '')
  // `{% include image.html file="a.png" url="/x" %}`: where one of them is a picture, the other is what it links to.
  const source = given.find(each => PICTURE_FILE.test(each!)) ?? given[0] ?? args[at]
  if (!source) return undefined
  const words = args.slice(at + 1).filter(each => !SIZE.test(each))
  const link =
    named.link ?? named.href ?? (named.url !== undefined && named.url !== source ? named.url : undefined)
  // Eleventy's `{% figure "a.jpg", "A boat", "The boat in May" %}`; without quotation marks all words are one text.
  const isPair = name === 'figure' && words.length === 2 && words.some(each => each.includes(' '))
  const last = isPair || (/caption/i.test(name) && words.length > 1) ? words.pop()! : ''
  const caption = captionOf(named) || last
  const alt = named.alt ?? named.default_alt ?? words.join(' ').replace(/^\[([^[\]]*)\]$/, '$1')
  const plainCaption = (named.caption ?? caption)
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/[*_`]+/g, '')
  const shown = `![${label(alt || plainCaption)}](<${source.replace(/[<>\n]/g, '')}>)`
  const linked = link ? `[${shown}](<${link.replace(/[<>\n]/g, '')}>)` : shown
  return caption === '' ? linked : figureOf(linked, caption)
}

/** Under which names a picture is given. */
const SOURCES =
  'src path image url file image-path image_path light_src light default_src source id slug name'.split(' ')
/** How many of them say nothing else in a tag of any name. */
const SURE_SOURCES = 11
/** Pixels, and what a browser is told to choose by. */
const SIZE = /^\d+(?:px|%|x\d+)?$|\d(?:vw|rem)\b|\(m(?:in|ax)-width/

/** Hugo's figure has a title, a caption, and whose it is with a link. */
function captionOf({ title, caption: given, description, attr, attrlink }: TagCall['named']): string {
  const caption = given ?? description
  const whose = attr && attrlink ? linkTo(attrlink, attr) : attr
  return [title && caption ? `**${title}**` : title, caption, whose].filter(Boolean).join(' ')
}

export function figureOf(markdown: string, caption: string): string {
  return `${openMark('figure')}\n${markdown}\n\n${openMark('caption')}\n${caption}\n\n${closeMark()}\n${closeMark()}`
}

/** Minimal Mistakes': pictures, and what is said of each, are in the front matter under the name that the tag has. */
export function listedPictures({ name, named }: TagCall, fact: Values['fact']): string | undefined {
  const inBraces = /^\{(.*)\}$/s.exec(named.images ?? '')?.[1]?.split(/\s*,\s*/)
  const items = inBraces ?? fact(`page.${named.id ?? name.replaceAll('-', '_')}`)?.value
  const shown = Array.isArray(items)
    ? items.slice(0, MAX_LISTED).flatMap((item: unknown) => listedItem(item))
    : []
  if (shown.length === 0) return undefined
  return named.caption ? figureOf(shown.join('\n'), named.caption) : shown.join('\n\n')
}

const MAX_LISTED = 100

function listedItem(item: unknown): string[] {
  if (typeof item === 'string')
    return PICTURE_FILE.test(item) ? [`![](<${item.replace(/[<>\n]/g, '')}>)`] : []
  if (typeof item !== 'object' || item === null) return []
  const fields = item as Record<string, unknown>
  const said = (key: string) => (typeof fields[key] === 'string' ? (fields[key] as string) : '')
  const source = said('image_path') || said('src') || said('url')
  const picture = PICTURE_FILE.test(source)
    ? `![${label(said('alt') || said('title'))}](<${source.replace(/[<>\n]/g, '')}>)`
    : ''
  const button = said('url') && said('btn_label') ? linkTo(said('url'), said('btn_label')) : ''
  const isCard = said('excerpt') !== '' || button !== ''
  const words = isCard ? [said('title') && `**${said('title')}**`, said('excerpt'), button] : []
  return [picture, ...words].filter(Boolean)
}

export function linkTo(address: string, words: string): string {
  return `[${label(words)}](<${address.replace(/[<>\n]/g, '')}>)`
}

export function label(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[[\]\\]/g, sign => `\\${sign}`)
    .trim()
}
