// `preview` of a folder for one test, on any free port; ended when the test ends.

import { onTestFinished } from 'vitest'
import { run } from '../../src/run.ts'

/** @returns its address, 'http://127.0.0.1:40123' */
export async function aPreview(folder: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const stop = new AbortController()
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const ended = run({
      argv: ['preview', '--port', '0', '--json', '--now', '2026-02-04T12:00:00Z'],
      env,
      cwd: folder,
      stdin: (async function* () {})(),
      stdout: { write: text => resolve((JSON.parse(text) as { url: string }).url) },
      stderr: {
        write: text => {
          said += text
        },
      },
      clock: Date.now,
      signal: stop.signal,
    })
    ended.then(code => reject(new Error(`ended with ${code}: ${said}`)), reject)
    onTestFinished(async () => {
      stop.abort()
      await ended
    })
  })
  return url.replace(/\/$/, '')
}

export const FILES = {
  'articles/publication.yaml': `title: The Test
url: https://test.example/
timezone: UTC
sections: { world: World, culture: Culture }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: News <news@test.example> }
`,
  'articles/bridge.md': `---
title: The bridge is open
date: 2026-02-03T09:00:00Z
section: world
tags: [harbour]
---

The first car crossed the bridge.

![A bridge](bridge.png)
${'\nA paragraph of some words, so that the page is longer than a screen.\n'.repeat(60)}`,
  'articles/museum.md': '---\ntitle: The museum\ndate: 2026-01-28\nsection: culture\n---\n\nIts cupboards.\n',
  'articles/secret.md': '---\ntitle: A plan\ndraft: true\ndate: 2026-02-02\n---\n\nNot yet.\n',
  'articles/friday.md': '---\ntitle: On Thursday\ndate: 2026-02-05T09:00:00Z\n---\n\nIt happens tomorrow.\n',
} as const
