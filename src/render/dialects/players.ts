// A player or a foreign post by the name of its service and its id → a link to it: no feed reader and no mail client shows
// what it would embed.

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
export function playerOf(name: string, call: PlayerCall): { url: string; words: string } | undefined {
  const { provider } = call.named
  // `{% include video id="…" provider="vimeo" %}`
  const service = name === 'video' && provider ? provider.toLowerCase() : (ALIASES[name] ?? name)
  const known = Object.hasOwn(SERVICES, service) ? SERVICES[service]! : undefined
  if (!known) return undefined
  const { args, named } = call
  const first =
    named.id ??
    named.videoid ??
    named.video_id ??
    named['video-id'] ??
    named.url ??
    named.src ??
    named.href ??
    named.repo ??
    named.slug ??
    args[0]
  if (!first) return undefined
  const words = named.title ?? named.label ?? named.playlabel ?? named.caption
  if (/^(?:https?:)?\/\//.test(first))
    return { url: first, words: words || first.replace(/^(?:https?:)?\/\/(?:www\.)?/, '') }
  const [label, address] = known
  const url = address(first, { ...call, args: args[0] === first ? args.slice(1) : args })
  return url === undefined ? undefined : { url, words: words || (label ? `${label}: ${first}` : url) }
}

const ALIASES: Readonly<Record<string, string>> = {
  yt: 'youtube',
  'youtube-embed': 'youtube',
  'lite-youtube': 'youtube',
  liteyoutubeembed: 'youtube',
  liteyoutube: 'youtube',
  'lite-youtube-embed': 'youtube',
  'youtube-lite': 'youtube',
  'youtube-lite-player': 'youtube',
  'youtube-video': 'youtube',
  youtubeembed: 'youtube',
  youtubeplayer: 'youtube',
  'youtube-player': 'youtube',
  youtubevideo: 'youtube',
  'lite-vimeo': 'vimeo',
  'vimeo-simple': 'vimeo',
  'vimeo-video': 'vimeo',
  twitter: 'tweet',
  x: 'tweet',
  'x-simple': 'tweet',
  tweetembed: 'tweet',
  'twitter-simple': 'tweet',
  'instagram-simple': 'instagram',
  'spotify-embed': 'spotify',
  githubgist: 'gist',
  'github-repo': 'github',
  'codepen-embed': 'codepen',
  'embed-video': 'embed',
  iframe: 'embed',
  media: 'embed',
  bilibili: 'bilibili',
  linkcard: 'embed',
  bookmark: 'embed',
  vid: 'video',
  youtubelite: 'youtube',
  codeimporter: 'embed',
  mp4: 'video',
}

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
