// Publication and items → what a podcast says of itself and of its episodes (Apple's elements and Podcasting 2.0's), and
// what Apple would complain of.

import { lookUpTable } from '../base/index.ts'
import { type Channel, FEED_FORMATS, ownFileUrl, settingLine } from '../content/index.ts'
import type { Diagnostic, Loaded, PodcastSettings, Publication } from '../model.ts'
import { uuid5 } from './feed-documents.ts'
import type { Item } from './feed-item.ts'
import { plainText, rfc5322, strictUrl, type XmlElement } from './feed-xml.ts'

// Podcasting 2.0, <podcast:guid>: the name space of feed addresses.
const FEED_NAME_SPACE = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/**
 * What a channel says of itself, only where the settings speak of a podcast: Apple's tags without a category and an owner
 * make validators complain. The main feed is one then, and so is any other as soon as an item of it has audio.
 */
export function podcastHead(
  publication: Publication,
  channel: Channel,
  items: readonly Item[],
): readonly XmlElement[] | undefined {
  const { podcast, title, feeds } = publication
  if (!podcast || !(channel.scope === 'main' || items.some(({ audio }) => audio))) return undefined
  const publisher = plainText(title) || publication.url
  const owner = podcast.owner && {
    name: plainText(podcast.owner.name) || publisher,
    email: podcast.owner.email,
  }
  const image = strictUrl(podcast.image?.url) ?? strictUrl(publication.logo?.url)
  const file = `${channel.path}${FEED_FORMATS.rss.file}`
  return [
    { name: 'itunes:author', text: owner?.name ?? publisher },
    { name: 'itunes:explicit', text: String(podcast.explicit) },
    { name: 'itunes:type', text: podcast.type ?? 'episodic' },
    ...(feeds.moved ? [{ name: 'itunes:new-feed-url', text: ownFileUrl(feeds.moved, file) }] : []),
    ...(feeds.ended ? [{ name: 'itunes:complete', text: 'Yes' }] : []),
    ...(image ? [{ name: 'itunes:image', attributes: { href: image } }] : []),
    ...category(podcast.category ?? ''),
    ...(owner
      ? [
          {
            name: 'itunes:owner',
            children: [
              { name: 'itunes:name', text: owner.name },
              { name: 'itunes:email', text: owner.email },
            ],
          },
          // No other host may take the podcast over without asking its owner.
          { name: 'podcast:locked', attributes: { owner: owner.email }, text: 'yes' },
        ]
      : []),
    ...(channel.scope === 'podcast' ? showElements(publication, podcast, items) : []),
    { name: 'podcast:medium', text: 'podcast' },
    // Podcasting 2.0, <podcast:funding>: at most 128 characters.
    ...(podcast.funding ?? []).flatMap(({ url, text }) => {
      const [to, words] = [strictUrl(url), [...plainText(text)].slice(0, 128).join('')]
      return to && words ? [{ name: 'podcast:funding', attributes: { url: to }, text: words }] : []
    }),
  ]
}

/** What only the show's own feed says of it. */
function showElements(
  publication: Publication,
  podcast: PodcastSettings,
  items: readonly Item[],
): XmlElement[] {
  const { guid, location, every, podroll = [], txt = [], image } = podcast
  const { url, articles, licence } = publication
  // It is the UUID of the address, without its scheme, that the feed had first: that of the host in the ids.
  const first = articles.idHost + new URL(url).pathname
  const element = (name: string, text: string, attributes: XmlElement['attributes'] = {}): XmlElement[] =>
    text === '' ? [] : [{ name, attributes, text }]
  const short = (text = '') => [...plainText(text)].slice(0, 128).join('')
  return [
    ...element('podcast:guid', guid ?? uuid5(FEED_NAME_SPACE, `${first}podcast/${FEED_FORMATS.rss.file}`)),
    ...element('podcast:license', short(licence?.name.toLowerCase()), { url: strictUrl(licence?.url) }),
    ...element('podcast:location', short(location)),
    ...(every ? element('podcast:updateFrequency', RHYTHMS[every][0], { rrule: RHYTHMS[every][1] }) : []),
    ...(image?.width && strictUrl(image.url)
      ? [{ name: 'podcast:images', attributes: { srcset: `${strictUrl(image.url)} ${image.width}w` } }]
      : []),
    ...items.filter(({ audio }) => audio?.kind === 'trailer').map(trailer),
    ...(podroll.length > 0
      ? [
          {
            name: 'podcast:podroll',
            children: podroll.map(({ guid: feedGuid, url: feedUrl }) => ({
              name: 'podcast:remoteItem',
              attributes: { feedGuid, feedUrl: strictUrl(feedUrl) },
            })),
          },
        ]
      : []),
    ...txt.flatMap(({ purpose, text }) =>
      element('podcast:txt', [...plainText(text)].slice(0, 4000).join(''), {
        purpose: purpose && short(purpose),
      }),
    ),
  ]
}

/** In words, and as a rule of RFC 5545 §3.3.10. */
const RHYTHMS = {
  day: ['daily', 'FREQ=DAILY'],
  week: ['weekly', 'FREQ=WEEKLY'],
  month: ['monthly', 'FREQ=MONTHLY'],
} as const

function trailer({ title, date, audio }: Item): XmlElement {
  const { url, bytes: length, type, season } = audio!
  return {
    name: 'podcast:trailer',
    attributes: { pubdate: rfc5322(date), url, length, type, season },
    text: title,
  }
}

/** 'News' or 'News > Daily News', one of Apple's list. */
function category(name: string): XmlElement[] {
  const [text, part] = name.split('>').map(plainText)
  const children = part ? [{ name: 'itunes:category', attributes: { text: part } }] : []
  return text ? [{ name: 'itunes:category', attributes: { text }, children }] : []
}

/** Of an item with audio. */
export function podcastElements(item: Item): XmlElement[] {
  const { audio, cover, authors, place, language, licence, episode: isEpisode } = item
  if (!audio || !isEpisode) return []
  const { duration, episode, season, kind = 'full', explicit, transcript, chapters, soundbites = [] } = audio
  const elements: XmlElement[] = [{ name: 'itunes:episodeType', text: kind }]
  const add = (name: string, value: string | number | boolean | undefined) => {
    if (value !== undefined) elements.push({ name, text: String(value) })
  }
  add('itunes:duration', duration === undefined ? undefined : Math.round(duration))
  add('itunes:episode', episode)
  add('itunes:season', season)
  add('itunes:explicit', explicit)
  add('podcast:episode', episode)
  add('podcast:season', season)
  if (cover) elements.push({ name: 'itunes:image', attributes: { href: cover } })
  if (transcript) {
    const type = textType(transcript)
    const rel = /vtt|subrip/.test(type) ? 'captions' : undefined
    elements.push({ name: 'podcast:transcript', attributes: { url: transcript, type, language, rel } })
  }
  if (chapters) {
    const attributes = { url: chapters, type: 'application/json+chapters' }
    elements.push({ name: 'podcast:chapters', attributes })
  }
  for (const { start: startTime, duration, title = '' } of soundbites) {
    const attributes = { startTime, duration }
    elements.push({
      name: 'podcast:soundbite',
      attributes,
      text: [...plainText(title)].slice(0, 128).join(''),
    })
  }
  for (const { name, role: written = '', url: href, photo: img } of authors) {
    const role = ROLES.find(known => known === written.toLowerCase())
    elements.push({ name: 'podcast:person', attributes: { role, href, img }, text: name })
  }
  if (place) elements.push({ name: 'podcast:location', attributes: { rel: 'subject' }, text: place })
  if (licence?.name) {
    const attributes = { url: strictUrl(licence.url) }
    elements.push({
      name: 'podcast:license',
      attributes,
      text: plainText(licence.name).toLowerCase().slice(0, 128),
    })
  }
  return elements
}

/** Of the Podcast Taxonomy: a reader shows them in its own language. Without one a person is a host. */
const ROLES = [
  'host',
  'co-host',
  'guest host',
  'guest',
  'reporter',
  'editor',
  'producer',
  'writer',
  'narrator',
  'composer',
]

const TEXT_TYPES = lookUpTable({
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  json: 'application/json',
  txt: 'text/plain',
})

/** Podcasting 2.0, <podcast:transcript>: the type is required; a page for people is HTML. */
function textType(url: string): string {
  const ending = /\.(\w+)$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''
  return TEXT_TYPES[ending] ?? 'text/html'
}

/** What Apple requires of a podcast, and what it looks like. */
export function podcastProblems({
  publication: { podcast, tagline: words },
  settings,
}: Loaded): Diagnostic[] {
  if (!podcast) return []
  const problem = (message: string, advice: string): Diagnostic => ({
    file: settings.file,
    line: settingLine(settings.text, ['podcast']),
    rule: 'podcast-settings',
    severity: 'warning',
    message,
    advice,
  })
  const { image, category, owner } = podcast
  const { width, height, type = 'image/jpeg' } = image ?? {}
  const isSquare = width === undefined || (width === height && width >= 1400 && width <= 3000)
  const isTaken = /^image\/(?:jpeg|png)$/.test(type)
  return [
    ...(words.length > 0 ? [] : [problem('the podcast has no description', 'tagline: One sound a week')]),
    ...(category ? [] : [problem('the podcast has no category', 'podcast: { category: News }')]),
    ...(owner ? [] : [problem('the podcast has no owner', 'podcast: { owner: { name: …, email: … } }')]),
    ...(image
      ? [
          ...(isSquare
            ? []
            : [problem(`the podcast's picture is ${width} × ${height}`, 'Make it square, 1400 to 3000 px.')]),
          ...(isTaken ? [] : [problem(`the podcast's picture is ${type}`, 'Apps take a JPEG or a PNG.')]),
        ]
      : [
          problem(
            'the podcast has no picture',
            'podcast: { image: images/show.jpg }, square, 1400 to 3000 px',
          ),
        ]),
  ]
}
