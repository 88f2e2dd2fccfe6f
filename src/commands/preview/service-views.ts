// A scene → the pages of `serve` as an invented reader sees them, from the form to leaving: answered by the service itself, with a
// list of its own that nobody else sees, and no mail.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { HOUR_MS, IGNORED, makeIgnoredFolder, signPass, signToken } from '../../base/index.ts'
import { openService } from '../../serve/index.ts'
import { openStore } from '../../store/index.ts'
import { languageAsked, languagesOffered } from './letter-views.ts'
import type { Scene } from './scene.ts'
import { framesOf, type View } from './view.ts'

/** The pages, in the order in which a reader meets them. */
const PAGES: Readonly<Record<string, string>> = {
  subscribe: 'Subscribe',
  asked: 'After subscribing: a mail is on its way',
  confirm: 'The link of that mail: confirm',
  confirmed: 'Confirmed',
  preferences: 'Preferences',
  saved: 'Preferences, saved',
  data: 'Own data: ask for a link',
  shown: 'Own data',
  erase: 'Delete own data',
  unsubscribe: 'The link of a letter: unsubscribe',
  left: 'Unsubscribed',
  undo: 'Undo',
  back: 'Subscribed again',
  wrong: 'A link that does not work',
}

export async function serviceView(scene: Scene, query: URLSearchParams): Promise<View> {
  const { publication } = scene.loaded
  if (publication.newsletters.length === 0)
    return { title: 'Reader pages', template: 'service', data: { missing: true } }
  const language = languageAsked(publication, query)
  const name = pageAsked(query)
  return {
    title: PAGES[name]!,
    template: 'service',
    data: {
      title: PAGES[name],
      pages: Object.entries(PAGES).map(([value, text]) => ({ value, text, chosen: value === name })),
      languages: languagesOffered(publication, query),
      kept: [
        ['page', name],
        ['language', language],
      ],
      hasService: publication.service !== undefined,
      frames: framesOf(query, `/frame/service?page=${name}&language=${language}`, {
        widths: [360, 640],
        looks: ['light', 'dark'],
      }),
    },
  }
}

function pageAsked(query: URLSearchParams): string {
  const wanted = query.get('page') ?? ''
  return Object.hasOwn(PAGES, wanted) ? wanted : 'subscribe'
}

export async function serviceFrame(scene: Scene, query: URLSearchParams): Promise<string | undefined> {
  const language = languageAsked(scene.loaded.publication, query)
  const pages = await scene.once(`service ${language}`, () => visitAll(scene, language))
  return pages.get(pageAsked(query))
}

const SECRET = 'a secret of the preview alone'
const READER = 'reader@example.com'

/** A reader subscribes, looks at everything, leaves and comes back. */
async function visitAll(scene: Scene, language: string): Promise<ReadonlyMap<string, string>> {
  const { loaded, version, now } = scene
  const { publication } = loaded
  const folder = join(publication.dir, IGNORED)
  makeIgnoredFolder(folder)
  const file = join(folder, `preview-${version}-${language}.db`)
  const remove = () => {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  }
  remove()
  const { db } = await openStore(file)
  try {
    const address = publication.service ?? 'http://127.0.0.1:8080/'
    const failures: unknown[] = []
    const place = { publication, db, secret: SECRET, address, transport: undefined, now: () => now }
    const failed = (_where: string, error: unknown) => void failures.push(error)
    const { app } = openService({ ...place, failed, options: {} })
    const visit = async (path: string, form?: Readonly<Record<string, string>>) => {
      const request = new Request(new URL(path, address), {
        headers: { 'accept-language': language },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      })
      const html = await (await app(request, { address: '127.0.0.1' })).text()
      if (failures.length > 0) throw failures[0]
      return html
    }
    return await walk(visit, publication.newsletters[0]!.id, now)
  } finally {
    await db.close()
    remove()
  }
}

type Visiting = (path: string, form?: Readonly<Record<string, string>>) => Promise<string>

async function walk(visit: Visiting, newsletter: string, now: number): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>()
  const see = async (name: string, path: string, form?: Readonly<Record<string, string>>) => {
    const html = await visit(path, form)
    pages.set(name, html)
    return html
  }
  const until = now + HOUR_MS
  const pass = (purpose: 'confirm' | 'export', id: number) =>
    signPass(SECRET, purpose, { id, until, about: '' })
  const claim = { edition: `${newsletter}/preview`, subscriber: 1 }
  const preferences = `p/${signToken(SECRET, 'preferences', claim)}`
  const letter = `u/${signToken(SECRET, 'unsubscribe', claim)}`
  await see('subscribe', 'subscribe')
  await see('asked', 'subscribe', { email: READER, newsletter })
  const confirm = `confirm/${pass('confirm', 1)}`
  await see('confirm', confirm)
  await see('confirmed', confirm, { confirm: 'yes' })
  await see('preferences', preferences)
  await see('saved', preferences, { newsletter, name: 'Sample Reader' })
  await see('data', `${preferences}/data`)
  await visit(`${preferences}/data`, { send: 'yes' })
  const shown = await see('shown', `data/${pass('export', 2)}`)
  await see('erase', linkIn(shown, 'erase'))
  await see('unsubscribe', letter)
  const left = await see('left', letter, { leave: 'one' })
  const undo = linkIn(left, 'undo')
  await see('undo', undo)
  await see('back', undo, { go: 'yes' })
  await see('wrong', 'u/nothing')
  return pages
}

/** Relative to the service: 'undo/…'. */
function linkIn(html: string, kind: 'erase' | 'undo'): string {
  return new RegExp(`\\b${kind}/[\\w.~-]+`).exec(html)?.[0] ?? `${kind}/nothing`
}
