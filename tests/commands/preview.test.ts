// What `preview` answers: to whom, with which drafts, and what it says of a folder that is wrong at the moment.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aPreview, FILES } from './a-preview.ts'

async function text(address: string): Promise<string> {
  return (await fetch(address)).text()
}

/** With header fields that `fetch` does not let anybody set. */
function status(address: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { headers, method }, response => {
      response.resume()
      resolve(response.statusCode!)
    })
    sent.on('error', reject).end()
  })
}

test('answers this machine and its own pages, and to nothing but GET', async () => {
  const url = await aPreview(aFolder(FILES))
  const { port } = new URL(url)
  expect(await status(url, {})).toBe(200)
  expect(await status(url, { Host: `localhost:${port}` })).toBe(200)
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`])
    expect(await status(url, { Host: host }), host).toBe(421)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    expect(await status(url, {}, method), method).toBe(405)
  expect(await status(url, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image' })).toBe(403)
  expect(await status(url, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'document' })).toBe(200)
  const policy = (await fetch(url)).headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  const frame = await fetch(`${url}/frame/letter?of=weekly/2026-W06`)
  expect(frame.headers.get('content-security-policy')).toContain('sandbox allow-same-origin')
})

/** An editor with a window: what it is started with is in `opened` beside it. */
function anEditor(folder: string): () => string {
  const program = join(folder, 'bin/gedit')
  mkdirSync(join(folder, 'bin'))
  const keep = '#!/bin/sh\nprintf "%s|" "$@" > "$0.part" && mv "$0.part" "$(dirname "$0")/opened"\n'
  writeFileSync(program, keep, { mode: 0o755 })
  return () => readFileSync(join(folder, 'bin/opened'), 'utf8')
}

test('a place opens in the editor of whoever runs it, and for nobody else', async () => {
  const folder = aFolder({ ...FILES, '.env': 'VISUAL=/bin/false\n', 'secret.txt': 'x' })
  const opened = anEditor(folder)
  symlinkSync('/etc/passwd', join(folder, 'articles/passwd.md'))
  const url = await aPreview(folder, { VISUAL: `"${folder}/bin/gedit" --new-window`, EDITOR: 'vi' })
  const page = await text(`${url}/article?file=articles/bridge.md`)
  expect(page).toContain(
    'name="place" value="articles/bridge.md" aria-label="Open articles/bridge.md in gedit"',
  )
  const [, token] = /name="token" value="([^"]+)"/.exec(page)!
  const post = async (place: string, headers: Record<string, string> = {}, key = token!) => {
    const body = new URLSearchParams({ place, token: key })
    return (await fetch(`${url}/open`, { method: 'POST', body, headers })).status
  }
  expect(await post('articles/bridge.md:12')).toBe(204)
  await expect.poll(opened).toBe(`--new-window|+12|${folder}/articles/bridge.md|`)
  rmSync(join(folder, 'bin/opened'))
  for (const place of [
    '',
    'articles',
    '../x',
    '/etc/passwd',
    'articles/../../x',
    'articles/passwd.md',
    'no.md:1',
  ])
    expect(await post(place), place).toBe(404)
  for (const key of ['', 'x', `${token}x`]) expect(await post('articles/bridge.md', {}, key)).toBe(403)
  expect(await post('articles/bridge.md', { Origin: 'https://evil.example' })).toBe(403)
  expect(await post('articles/bridge.md', { Origin: 'null' })).toBe(403)
  expect(await post('articles/bridge.md', { 'Content-Type': 'text/plain' })).toBe(400)
  expect(await post('x'.repeat(20_000))).toBe(400)
  expect((await fetch(`${url}/open?place=articles/bridge.md&token=${token}`)).status).toBe(404)
  expect(existsSync(join(folder, 'bin/opened'))).toBe(false)
})

test.each([
  ['nothing', {}],
  ['an editor of the terminal', { EDITOR: 'vim' }],
  ['an editor told to stay in the terminal', { VISUAL: 'emacs -nw' }],
])('with %s, a place leads to VS Code', async (_, env) => {
  const folder = aFolder({
    ...FILES,
    'articles/100%? #1.md': '---\ntitle: Odd\ndate: 2026-02-01\n---\n\nText.\n',
  })
  const url = await aPreview(folder, env as Record<string, string>)
  const page = await text(`${url}/article?file=${encodeURIComponent('articles/100%? #1.md')}`)
  expect(page).toContain(`href="vscode://file${folder}/articles/100%25%3F%20%231.md"`)
  expect(page).not.toContain('name="token"')
})

test('an editor that is not there is named', async () => {
  const url = await aPreview(aFolder(FILES), { VISUAL: '/nowhere/gedit' })
  const [, token] = /name="token" value="([^"]+)"/.exec(await text(`${url}/article?file=articles/bridge.md`))!
  const body = new URLSearchParams({ place: 'articles/bridge.md', token: token! })
  const answer = await fetch(`${url}/open`, { method: 'POST', body })
  expect([answer.status, await answer.text()]).toEqual([
    404,
    expect.stringContaining('/nowhere/gedit cannot be'),
  ])
})

test('neither sources nor anything outside of articles/ is given away', async () => {
  const files = { ...FILES, '.env': 'BROADSHEET_SECRET=0123456789abcdef', 'articles/notes.yaml': 'a: 1' }
  const url = await aPreview(aFolder({ ...files, 'articles/picture.png': 'not really' }))
  expect((await fetch(`${url}/site/picture.png`)).status).toBe(200)
  for (const path of [
    'publication.yaml',
    'notes.yaml',
    'bridge.md',
    '.env',
    '%2e%2e/.env',
    '..%2f.env',
    'x/..%2f..%2f.env',
    '%00',
    '%',
  ]) {
    const { status: code } = await fetch(`${url}/site/${path}`)
    expect([404, 500], path).toContain(code)
  }
  for (const name of ['page.html.hbs', '..%2fstrings%2fen.yaml', 'toString'])
    expect((await fetch(`${url}/assets/${name}`)).status, name).toBe(404)
})

test('writes nothing outside of .broadsheet/', async () => {
  const folder = aFolder(FILES)
  const before = readdirSync(folder, { recursive: true }).sort()
  const url = await aPreview(folder)
  for (const path of ['', 'articles', 'feeds', 'feed?path=', 'letter', 'mail', 'gallery', 'problems'])
    expect((await fetch(`${url}/${path}`)).status, path).toBe(200)
  await text(`${url}/frame/letter?of=weekly/2026-W06`)
  await text(`${url}/frame/service?page=left`)
  const after = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(after.filter(path => !path.startsWith('.broadsheet')).sort()).toEqual(before)
})

test('drafts and what is dated later are there, and marked; editions that appeared have none', async () => {
  const url = await aPreview(aFolder(FILES))
  const overview = await text(url)
  expect(overview).toMatch(/A plan<\/a> <span class="state">draft/)
  expect(overview).toMatch(/On Thursday<\/a> <span class="state">future/)
  expect(await text(`${url}/article?file=articles/secret.md`)).toContain('class="state">draft')
  expect(await text(`${url}/site/2026/secret/`)).toContain('Not yet.')
  expect(await text(`${url}/feed?path=`)).toMatch(/A plan<\/a> <span class="state">draft/)
  const next = await text(`${url}/frame/letter?of=weekly/2026-W06`)
  for (const title of ['The bridge is open', 'On Thursday', 'A plan']) expect(next).toContain(title)
  const past = await text(`${url}/frame/letter?of=weekly/2026-W05`)
  expect(past).toContain('The museum')
  expect(past).not.toContain('A plan')
})

test('a letter for any reader and choice of topics, with its headers, its text, and its row in an inbox', async () => {
  const folder = aFolder(FILES)
  mkdirSync(join(folder, 'templates'))
  const shipped = readFileSync(new URL('../../templates/letter.txt.hbs', import.meta.url), 'utf8')
  writeFileSync(join(folder, 'templates/letter.txt.hbs'), `Dear {{reader "name" "friend"}},\n${shipped}`)
  const letter = `${await aPreview(folder)}/letter?of=weekly/2026-W06`
  expect(await text(`${letter}&view=text&name=Asha`)).toContain('Dear Asha,')
  expect(await text(`${letter}&view=text&name=`)).toContain('Dear friend,')
  const headers = await text(`${letter}&view=headers&email=asha%40example.org`)
  expect(headers).toContain('asha@example.org')
  expect(headers).toContain('<dt>List-Unsubscribe</dt>')
  expect(await text(`${letter}&view=inbox`)).toContain('Apple Mail, iPhone')
  expect(await text(letter)).toMatch(/of 102,400 bytes/)
  const narrowed = await text(`${letter}&view=source&topic=harbour`)
  expect(narrowed).toContain('The bridge is open')
  expect(narrowed.split('<h2>Articles in it')[0]).not.toContain('On Thursday')
  expect(await text(`${letter}&topic=gardening`)).toContain('gets no letter')
})

test('says what is wrong with the folder, over the last that could be shown, until it is right again', async () => {
  const folder = aFolder(FILES)
  const url = await aPreview(folder)
  const settings = join(folder, 'articles/publication.yaml')
  expect(await text(url)).toContain('The bridge is open')
  writeFileSync(settings, `${FILES['articles/publication.yaml']}langauge: en\n`)
  const place = `articles/publication.yaml:${FILES['articles/publication.yaml'].split('\n').length}`
  await expect.poll(() => text(url)).toContain(`<code>${place}</code>`)
  expect(await text(url)).toContain('The bridge is open')
  writeFileSync(settings, FILES['articles/publication.yaml'])
  await expect.poll(() => text(url)).not.toContain(place)

  const letter = `${url}/letter?of=weekly/2026-W06`
  expect(await text(letter)).toContain('102,400')
  mkdirSync(join(folder, 'templates'))
  writeFileSync(join(folder, 'templates/letter.mjml.hbs'), '<mjml>\n{{#if}}\n')
  await expect.poll(() => text(letter)).toContain('templates/letter.mjml.hbs:')
  expect(await text(letter)).toContain('102,400')
  expect(await text(`${url}/frame/letter?of=weekly/2026-W06`)).toBeTruthy()
})

test.each([
  ['pages/article.html.hbs', 'article?file=articles/bridge.md', 'site/world/2026/bridge/'],
  ['pages/subscribe.html.hbs', 'service?page=subscribe', 'frame/service?page=subscribe&language=en'],
  [
    'feed/content.html.hbs',
    'article?file=articles/bridge.md&view=feed',
    'frame/feed?file=articles/bridge.md',
  ],
])(
  'what is wrong in %s is said around the frame that shows its last good version',
  async (name, page, frame) => {
    const folder = aFolder(FILES)
    const template = join(folder, 'templates', name)
    mkdirSync(join(template, '..'), { recursive: true })
    const url = await aPreview(folder)
    expect(await text(`${url}/${page}`)).not.toContain('class="trouble"')
    const good = await text(`${url}/${frame}`)
    writeFileSync(template, '<p>\n{{#if}}\n')
    await expect.poll(() => text(`${url}/${page}`)).toContain(`<code>templates/${name}:3</code>`)
    expect(await text(`${url}/${frame}`)).toBe(good)
    rmSync(template)
    await expect.poll(() => text(`${url}/${page}`)).not.toContain('class="trouble"')
  },
)

test('an article that is new, and one that is gone, are found without a word from the file system', async () => {
  const { openScenes } = await import('../../src/commands/preview/scene.ts')
  const folder = aFolder(FILES)
  const scenes = await openScenes(folder, () => Date.parse('2026-02-04T12:00:00Z'))
  expect(await scenes.refresh(undefined)).toBe(false)
  writeFileSync(join(folder, 'articles/new.md'), '---\ntitle: New\ndate: 2026-02-01\n---\n\nText.\n')
  rmSync(join(folder, 'articles/museum.md'))
  expect(await scenes.refresh(undefined)).toBe(true)
  const titles = scenes.scene().loaded.articles.map(({ title }) => title)
  expect(titles).toContain('New')
  expect(titles).not.toContain('The museum')
  expect(await scenes.refresh(undefined)).toBe(false)
})

test('the pages of the service, in every language, each after the one before it', async () => {
  const url = await aPreview(aFolder(FILES))
  const page = await text(`${url}/service`)
  const names = [...page.matchAll(/<option value="([a-z]+)"/g)].map(match => match[1]!)
  const headings = new Set<string>()
  for (const name of names) {
    const html = await text(`${url}/frame/service?page=${name}&language=en`)
    headings.add(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)![1]!)
    expect(html).not.toContain('nothing works')
  }
  for (const heading of [
    'Check your inbox',
    'You are subscribed',
    'What you receive',
    'Unsubscribe from The Weekly?',
    'You have unsubscribed from The Weekly',
    'Welcome back',
    'Delete all your data?',
  ])
    expect([...headings]).toContain(heading)
  expect(await text(`${url}/frame/service?page=left&language=de`)).toContain('lang="de"')
})

test('the next edition is the one that will be sent: without what an extra edition brought to everybody', async () => {
  const folder = aFolder(FILES)
  const env = { BROADSHEET_SMTP: 'eml:mails', BROADSHEET_SECRET: 'a-secret-for-the-tests' }
  const command = async (...argv: string[]) =>
    (await aRun(folder, [...argv, '--now', '2026-02-04T12:00:00Z'], { env })).stdout
  await command('subscribers', 'add', 'anna@reader.example')
  await command('send', 'weekly/bridge.md', '--extra', '--yes')
  expect(await command('edition')).toContain('weekly/2026-W06  6 Feb 2026, 07:00  1 article so far, next')
  const url = await aPreview(folder, env)
  // The draft, and what happens on Thursday.
  const overview = await text(url)
  expect(overview).toMatch(/weekly\/2026-W06<\/a> .*2 articles so far/)
  // Rules are only asked on the page of problems: until then nothing says that there are none.
  expect(overview).toContain('has not been checked yet')
  expect(await text(`${url}/problems`)).toContain('letter-required')
  const letter = await text(`${url}/frame/letter?of=weekly/2026-W06`)
  expect(letter).toContain('On Thursday')
  expect(letter).not.toContain('The bridge is open')
})

test('a letter as somebody on the list gets it: with the name and the columns of the list', async () => {
  const folder = aFolder({
    ...FILES,
    'readers.csv': 'email,name\nanna@reader.example,Anna Rao\n',
    'articles/editions/weekly/2026-W06.md': '---\n---\n\nDear {{reader "name" "reader"}}, hello.\n',
  })
  await aRun(folder, ['subscribers', 'import', 'readers.csv'])
  const url = await aPreview(folder)
  expect(await text(`${url}/letter?of=weekly/2026-W06`)).toContain('<option value="anna@reader.example">')
  const letter = `${url}/frame/letter?of=weekly/2026-W06`
  expect(await text(letter)).toContain('Dear Sample Reader, hello')
  expect(await text(`${letter}&email=anna@reader.example`)).toContain('Dear Anna Rao, hello')
})
