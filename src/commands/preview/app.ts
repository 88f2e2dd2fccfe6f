// Scenes of a folder → Request → Response: pages of the preview, what they show in frames, and a stream that says when to look
// again. It answers this machine only, and to no page of another site; all but opening the editor is GET.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodePath, isSameSecret } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import { GUARDS } from '../../serve/index.ts'
import { builtinTemplates } from '../../templates/index.ts'
import { articlePageView, articlesView, galleryView, overview, problemsView } from './article-views.ts'
import { feedFrame, feedsView, feedView, siteFile, sitePage } from './feed-views.ts'
import { confirmFrame, confirmView, letterFrame, letterView } from './letter-views.ts'
import { type Scene, type Scenes, type Trouble, troubleOf } from './scene.ts'
import { serviceFrame, serviceView } from './service-views.ts'
import { asShown, type Editor, type Look, lookOf, placeOf, render, type View } from './view.ts'

type Page = (scene: Scene, query: URLSearchParams) => View | Promise<View>
type Frame = (scene: Scene, query: URLSearchParams) => string | undefined | Promise<string | undefined>

/** A new page is one function and one word here. */
const PAGES: Readonly<Record<string, Page>> = {
  '/': overview,
  '/articles': articlesView,
  '/article': articlePageView,
  '/feeds': feedsView,
  '/feed': feedView,
  '/letter': letterView,
  '/mail': confirmView,
  '/service': serviceView,
  '/gallery': galleryView,
  '/problems': problemsView,
}

/** HTML that is shown in a frame. */
const FRAMES: Readonly<Record<string, Frame>> = {
  '/frame/letter': letterFrame,
  '/frame/mail': confirmFrame,
  '/frame/service': serviceFrame,
  '/frame/feed': feedFrame,
}

/** The pages of the preview, for whoever asks. */
export class Preview {
  readonly #scenes: Scenes
  readonly #editor: Editor | undefined
  /** Of this run: what a form of ours sends along. */
  readonly #token = randomBytes(24).toString('base64url')
  readonly #listeners = new Listeners()
  readonly #remembered = new LastGood()
  #hosts: readonly string[] = []

  /** @param editor that pages offer to open places in */
  constructor(scenes: Scenes, editor?: Editor) {
    this.#scenes = scenes
    this.#editor = editor
  }

  async answer(request: Request): Promise<Response> {
    try {
      return await this.#answer(request)
    } catch (error) {
      return plain(500, troubleOf(error, this.#dir).message)
    }
  }

  /** @param port at which it is asked */
  allowHost(port: string): void {
    this.#hosts = ['127.0.0.1', 'localhost', '[::1]'].map(host => `${host}:${port}`)
  }

  /** Says to every page that is open that something changed. */
  announce(): void {
    this.#listeners.tell()
  }

  isWatched(): boolean {
    return this.#listeners.count() > 0
  }

  close(): void {
    this.#listeners.close()
  }

  get #dir(): string {
    return this.#scenes.scene().loaded.publication.dir
  }

  async #answer(request: Request): Promise<Response> {
    const refused = refuse(request, this.#hosts)
    if (refused) return refused
    const { pathname, searchParams } = new URL(request.url)
    if (request.method === 'POST') return openPlace(request, this.#editor, this.#token)
    if (pathname === '/events') return this.#listeners.listen()
    if (pathname.startsWith('/assets/')) return asset(pathname.slice('/assets/'.length))
    const isGallery = pathname === '/gallery' || searchParams.get('in') === 'gallery'
    const scene = isGallery ? this.#scenes.gallery() : this.#scenes.scene()
    const page = PAGES[pathname]
    if (page) return this.#page(page, scene, request.url)
    const frame = FRAMES[pathname]
    if (frame || pathname.startsWith('/site/')) return this.#frame(frame, scene, request.url)
    return plain(404, 'There is no such page in the preview.')
  }

  async #page(page: Page, scene: Scene, address: string): Promise<Response> {
    const { pathname, searchParams } = new URL(address)
    const troubles = [this.#scenes.trouble()].filter(one => one !== undefined)
    let main: { readonly title: string; readonly html: string }
    try {
      const { title, template, data } = await page(scene, searchParams)
      const fault = await faultInFrame(scene, data.frames?.frames[0]?.src)
      if (fault) troubles.push(troubleOf(fault, this.#dir))
      main = { title, html: render(template, { ...data, editor: this.#editor?.name }) }
      this.#remembered.keep(address, JSON.stringify(main))
    } catch (error) {
      troubles.push(troubleOf(error, this.#dir))
      main = JSON.parse(this.#remembered.of(address) ?? 'null') ?? { title: 'Not shown', html: '' }
    }
    const { publication, diagnostics } = this.#scenes.scene().loaded
    const html = render('page', {
      editor: this.#editor?.name,
      token: this.#token,
      publication,
      title: main.title,
      main: main.html,
      version: scene.version,
      troubles: troubles.map(trouble => describeTrouble(trouble, publication.dir)),
      problems: diagnostics.length,
      tabs: TABS.map(tab => ({ ...tab, current: tab.path === pathname })),
    })
    return new Response(html, { headers: { ...guards, ...pageHeaders, 'Content-Type': HTML } })
  }

  async #frame(frame: Frame | undefined, scene: Scene, address: string): Promise<Response> {
    const { pathname, searchParams } = new URL(address)
    const look = lookOf(searchParams)
    try {
      const html = await frameHtml(frame, scene, pathname, searchParams)
      if (html !== undefined) {
        const shown = asShown(html, look, scene.loaded.publication.url)
        this.#remembered.keep(address, shown)
        return framed(shown, look)
      }
      const path = pathname.slice('/site/'.length)
      const file = frame ? undefined : siteFile(scene, decodePath(path))
      if (file) return new Response(file.body, { headers: { ...fileHeaders, 'Content-Type': file.type } })
      return this.#lastFrame(address, look) ?? plain(404, 'This is not in the preview.')
    } catch (error) {
      const { message } = troubleOf(error, scene.loaded.publication.dir)
      return this.#lastFrame(address, look) ?? plain(500, message)
    }
  }

  #lastFrame(address: string, look: Look): Response | undefined {
    const last = this.#remembered.of(address)
    return last === undefined ? undefined : framed(last, look)
  }
}

/** A frame shows the last that could be shown, and the page around it says why. @param source of one of its frames */
async function faultInFrame(scene: Scene, source: string | undefined): Promise<unknown> {
  if (source === undefined) return undefined
  const { pathname, searchParams } = new URL(source, 'http://preview/')
  try {
    await frameHtml(FRAMES[pathname], scene, pathname, searchParams)
    return undefined
  } catch (error) {
    return error
  }
}

const TABS = [
  { path: '/', name: 'Overview' },
  { path: '/articles', name: 'Articles' },
  { path: '/feeds', name: 'Feeds' },
  { path: '/letter', name: 'Letters' },
  { path: '/mail', name: 'Mails' },
  { path: '/service', name: 'Reader pages' },
  { path: '/gallery', name: 'Gallery' },
  { path: '/problems', name: 'Problems' },
]

function describeTrouble({ message, hint, problems }: Trouble, dir: string) {
  const places = problems.map(({ file, line, message: what }) => ({
    ...placeOf(dir, file, line),
    message: what,
  }))
  return { message: places.length > 0 ? '' : message, hint, places }
}

// ─── What is answered, and to whom ──────────────────────────────────────────────────────────────────────────────────

const HTML = 'text/html; charset=utf-8'

const guards = {
  ...GUARDS,
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex',
}

const pageHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

const fileHeaders = { ...guards, 'Content-Security-Policy': "default-src 'none'; sandbox" }

const MAX_FORM_BYTES = 16_384

/**
 * A page of another site may have its own name lead here (DNS rebinding), or ask without reading the answer: neither gets one.
 *
 * @param hosts as browsers write them when they are asked for this address
 */
function refuse(request: Request, hosts: readonly string[]): Response | undefined {
  const host = request.headers.get('host') ?? new URL(request.url).host
  if (!hosts.includes(host)) return plain(421, 'The preview answers on this machine only.')
  const isPost = request.method === 'POST' && new URL(request.url).pathname === '/open'
  if (!isPost && request.method !== 'GET' && request.method !== 'HEAD')
    return plain(405, 'The preview shows, and changes nothing.', { Allow: 'GET, HEAD' })
  const origin = request.headers.get('origin') ?? `http://${host}`
  if (origin !== `http://${host}`) return plain(403, 'The preview is not for other sites.')
  const isForeign = ['cross-site', 'same-site'].includes(request.headers.get('sec-fetch-site') ?? '')
  const isVisit = request.headers.get('sec-fetch-dest') === 'document'
  return isForeign && !isVisit ? plain(403, 'The preview is not for other sites.') : undefined
}

/** A form of a page of ours, of this run: no other page knows its token. */
async function openPlace(request: Request, editor: Editor | undefined, token: string): Promise<Response> {
  const type = request.headers.get('content-type') ?? ''
  const length = Number(request.headers.get('content-length') ?? 'NaN')
  if (!type.startsWith('application/x-www-form-urlencoded') || !(length <= MAX_FORM_BYTES))
    return plain(400, 'That is no form of the preview.')
  const form = new URLSearchParams(await request.text())
  if (!isSameSecret(form.get('token') ?? '', token))
    return plain(403, 'That page is of an earlier preview: load it again.')
  if (!editor) return plain(404, 'There is no editor: see VISUAL or EDITOR.')
  try {
    await editor.open(form.get('place') ?? '')
    return new Response(null, { status: 204, headers: guards })
  } catch (error) {
    if (error instanceof UserError) return plain(404, error.message)
    throw error
  }
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      ...guards,
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
      ...headers,
    },
  })
}

/** No script runs in it, whatever an article or a template says. */
function framed(html: string, { images, remote }: Look): Response {
  const from = images ? `'self' data:${remote ? ' https: http:' : ''}` : "'none'"
  const policy = [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    `img-src ${from}`,
    `media-src ${from}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-same-origin',
  ]
  return new Response(html, {
    headers: { ...guards, 'Content-Type': HTML, 'Content-Security-Policy': policy.join('; ') },
  })
}

/** The program's own script, style and icon. */
const ASSETS: Readonly<Record<string, string>> = {
  'preview.js': 'text/javascript; charset=utf-8',
  'preview.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
}

function asset(name: string): Response {
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined
  if (type === undefined) return plain(404, 'Not found.')
  const body = readFileSync(join(builtinTemplates, 'preview', name))
  return new Response(body, { headers: { ...guards, 'Content-Type': type } })
}

async function frameHtml(
  frame: Frame | undefined,
  scene: Scene,
  pathname: string,
  query: URLSearchParams,
): Promise<string | undefined> {
  return frame ? frame(scene, query) : sitePage(scene, pathname.slice('/site/'.length))
}

// ─── Who looks, and what was seen last ──────────────────────────────────────────────────────────────────────────────

/** Longer, and something between the two may take the line for dead. */
const SIGN_OF_LIFE_MS = 20_000

/** Server-sent events: HTML Living Standard, section 9.2. */
class Listeners {
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>()
  readonly #alive = setInterval(() => this.#send(': here\n\n'), SIGN_OF_LIFE_MS)

  count(): number {
    return this.#open.size
  }

  tell(): void {
    this.#send('event: changed\ndata: \n\n')
  }

  listen(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>
    const stream = new ReadableStream<Uint8Array>({
      start: controller => {
        own = controller
        this.#open.add(controller)
        controller.enqueue(Buffer.from('retry: 500\n\n'))
      },
      cancel: () => void this.#open.delete(own),
    })
    return new Response(stream, { headers: { ...guards, 'Content-Type': 'text/event-stream' } })
  }

  close(): void {
    clearInterval(this.#alive)
    for (const controller of this.#open) controller.close()
    this.#open.clear()
  }

  #send(text: string): void {
    for (const controller of this.#open) {
      try {
        controller.enqueue(Buffer.from(text))
      } catch {
        this.#open.delete(controller)
      }
    }
  }
}

const MAX_REMEMBERED = 60

/** The last that could be shown at each address. */
class LastGood {
  readonly #shown = new Map<string, string>()

  of(address: string): string | undefined {
    return this.#shown.get(address)
  }

  keep(address: string, html: string): void {
    this.#shown.delete(address)
    this.#shown.set(address, html)
    if (this.#shown.size > MAX_REMEMBERED) this.#shown.delete(this.#shown.keys().next().value!)
  }
}
