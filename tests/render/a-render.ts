// Markdown of an article, in a folder with a picture and other articles → its body.

import { loadPublication } from '../../src/content/load-publication.ts'
import type { Body } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { aFolder } from '../a-folder.ts'
import { now, png } from '../content/a-load.ts'

const article = (title: string, lines = '') =>
  `---\ntitle: ${title}\ndate: 2026-01-30\n${lines}---\nText of ${title}.`

/** @param lines of front matter @param settings lines of publication.yaml @param file its name */
export function render(markdown: string, lines = '', settings = '', file = 'it.md'): Body {
  const dir = aFolder({
    'articles/publication.yaml': `title: The Test\nurl: https://test.example/\ntimezone: Asia/Kolkata\n${settings}`,
    [`articles/2026/${file}`]: `---\ntitle: It\ndate: 2026-01-30T12:00:00+05:30\n${lines}---\n${markdown}`,
    'articles/2026/published.md': article('Published'),
    'articles/unlisted.md': article('Unlisted', 'unlisted: true\n'),
    'articles/draft.md': article('Draft', 'draft: true\n'),
    'articles/future.md': article('Future', 'expires: 2027-01-01\n').replace('2026-01-30', '2026-12-30'),
    'articles/withdrawn.md': article('Withdrawn', 'withdrawn: true\n'),
    'articles/images/boat.png': png(1200, 800),
    'articles/2026/near.png': png(300, 200),
    'articles/report.pdf': 'PDF',
    'articles/.env': 'SECRET=1',
    'secret.txt': 'secret',
  })
  const loaded = loadPublication(dir, { now })
  return createRenderer(loaded).body(loaded.articles.find(({ title }) => title === 'It')!)
}
