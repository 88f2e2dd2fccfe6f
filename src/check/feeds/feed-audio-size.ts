/**
 * A feed gives the size of a recording, and podcast apps reject one without. Of a file elsewhere only its author
 * knows it.
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
 *     audio: https://audio.example/one.mp3
 *     ---
 *     Text.
 */

import type { ArticleRule } from '../rule.ts'

export const feedAudioSize: ArticleRule = {
  name: 'feed-audio-size',
  severity: 'warning',
  find({ article: { audio } }) {
    if (!audio || audio.bytes) return []
    return [
      {
        line: 1,
        message: `the size of ${audio.url} is unknown`,
        advice: 'Say it: audio: { src: …, bytes: 8123456 }',
      },
    ]
  },
}
