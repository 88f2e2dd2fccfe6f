/**
 * Apple's and Spotify's apps refuse some kinds of recordings, know an episode by the address of its file, and show a
 * transcript only where it is one. The cover of an episode is a square.
 *
 * Good:
 *
 *     ---
 *     title: Lines on a map, episode 1
 *     date: 2026-01-30
 *     audio: { src: https://audio.example/one.mp3, bytes: 8123456 }
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: Lines on a map, episode 1
 *     date: 2026-01-30
 *     audio: { src: https://audio.example/one.ogg, bytes: 8123456 }
 *     ---
 *     Text.
 */

import { parseUrl } from '../../base/index.ts'
import { isCover } from '../../content/index.ts'
import type { Article, Loaded } from '../../model.ts'
import type { ArticleRule, Finding } from '../rule.ts'

// https://podcasters.apple.com/support/893-audio-requirements, and "A Podcaster's Guide to RSS" on <enclosure>: the ending of
// the address decides. Spotify takes the same.
const REFUSED_TYPE = /ogg|opus|webm|flac|wma|wav|aiff/i
const ENDING = /\.([a-z0-9]{1,5})$/i
const TAKEN_ENDINGS = ['mp3', 'm4a', 'mp4', 'm4v', 'mov', 'pdf']

export const feedEpisode: ArticleRule = {
  name: 'feed-episode',
  severity: 'warning',
  find({ article, loaded, ownFiles }) {
    const { audio } = article
    if (!audio) return []
    const found: Finding[] = []
    const say = (message: string, advice: string) => void found.push({ line: 1, message, advice })
    const ending = ENDING.exec(parseUrl(audio.url)?.pathname ?? '')?.[1]?.toLowerCase()
    if (REFUSED_TYPE.test(audio.type) || (ending !== undefined && !TAKEN_ENDINGS.includes(ending)))
      say(`podcast apps do not play ${audio.url}`, 'Use an MP3, or an M4A with AAC.')
    else if (ending === undefined)
      say(
        `podcast apps know a recording by the ending of its address, and ${audio.url} has none`,
        'Give it an address that ends in .mp3 or .m4a.',
      )
    const other = firstWith(audio.url, loaded)
    if (other && other !== article && article.state === 'published')
      say(
        `its recording is that of ${other.file}: podcast apps show one of the two`,
        'Give each episode a file of its own.',
      )
    if (loaded.publication.podcast && audio.duration === undefined)
      say(`the duration of ${audio.url} is unknown`, 'Say it: audio: { src: …, duration: "34:10" }')
    if (audio.image?.width && !isCover(audio.image))
      say(
        `its cover is ${audio.image.width} × ${audio.image.height}: podcast apps refuse it`,
        'Make it square, JPEG or PNG, 1400 to 3000 px.',
      )
    for (const file of audio.files ?? []) {
      const why = transcriptFault(file, ownFiles.text(file))
      if (why) say(`${file} ${why}`, 'Apps do not show it: correct the file, or export it again.')
    }
    return found
  },
}

const recordings = new WeakMap<Loaded, ReadonlyMap<string, Article>>()

/** The oldest: newest first is how they come, and the last to be set is the oldest. */
function firstWith(url: string, loaded: Loaded): Article | undefined {
  let first = recordings.get(loaded)
  if (!first) {
    const episodes = loaded.articles.filter(({ audio, state }) => audio && state === 'published')
    first = new Map(episodes.map(article => [article.audio!.url, article]))
    recordings.set(loaded, first)
  }
  return first.get(url)
}

/** WebVTT (W3C), and SubRip as everybody writes it: only the first has a head, and their times differ. */
function transcriptFault(file: string, text: string | undefined): string | undefined {
  const kind = /\.(vtt|srt)$/i.exec(file)?.[1]?.toLowerCase()
  if (!kind) return undefined
  if (text === undefined) return 'cannot be read as text'
  if (kind === 'vtt' && !/^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)) return 'does not begin with WEBVTT'
  const times = [...text.matchAll(/^[ \t]*(\S+)[ \t]+-->[ \t]+(\S+)/gm)]
  if (times.length === 0) return 'has no line with times: 00:00:01.000 --> 00:00:04.000'
  const pattern = kind === 'vtt' ? /^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$/ : /^\d{2,}:[0-5]\d:[0-5]\d,\d{3}$/
  for (const [line, from, to] of times) {
    if (!pattern.test(from!) || !pattern.test(to!))
      return `has times that are none of .${kind}: ${line.trim()}`
    if (secondsOf(to!) <= secondsOf(from!)) return `has a line that ends before it begins: ${line.trim()}`
  }
  return undefined
}

function secondsOf(time: string): number {
  return time
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
}
