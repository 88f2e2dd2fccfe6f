// What answers at `service` and at `url` → can readers leave with one click, and do feed readers get what they expect.

import { announcedFormats } from '../../content/index.ts'
import { isNeverInDns } from '../../deliver/index.ts'
import { type WebAnswer, WebTrouble } from './network.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Setup } from './setup.ts'
import { untilWhen } from './smtp-checks.ts'

/** What a provider posts. RFC 8058 §3.2. */
const ONE_CLICK: RequestInit = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
}

export const service: Group = {
  title: 'Service',
  checks: [
    {
      name: 'service-answers',
      why: 'Links in letters lead there: to leave, to choose, to confirm.',
      needs: ['service'],
      find: atService('health', ({ status, text }, setup) =>
        status === 200 && /"status"\s*:\s*"ok"/.test(text)
          ? pass(`${new URL(setup.publication.service!).host} answers`)
          : fail(
              `what answers at ${setup.publication.service}health (${status}) is not \`broadsheet serve\``,
              'Lead that address to it: with a proxy, all paths below it.',
            ),
      ),
    },
    {
      name: 'service-certificate',
      why: 'On the day it ends, nobody can leave any more.',
      needs: ['service'],
      find: setup => certificate(setup.publication.service!, setup),
    },
    {
      name: 'one-click',
      why: 'Gmail and Yahoo press the button for the reader: a POST that must be answered with 200, without a redirect (RFC 8058 §3.1).',
      needs: ['newsletter', 'service', 'secret'],
      fatal: true,
      find: oneClick,
    },
    {
      name: 'one-click-forged',
      why: 'Anybody who could make up a link could take readers off the list.',
      needs: ['newsletter', 'service', 'secret'],
      find: async setup => {
        const link = setup.inertLink()
        // Its last letter is part of the signature.
        const forged = `${link.slice(0, -1)}${link.endsWith('a') ? 'q' : 'a'}`
        const { status } = await askService(setup, forged, ONE_CLICK)
        return status >= 200 && status < 300
          ? fail('a forged link is taken', 'Something in front of the service answers in its place.')
          : pass('a forged link is refused')
      },
    },
    {
      name: 'get-changes-nothing',
      why: 'Scanners of mail open every link: one that takes effect when it is opened takes readers off the list.',
      needs: ['newsletter', 'service', 'secret'],
      find: async setup => {
        const { status, text } = await askService(setup, setup.inertLink())
        if (status !== 200) return fail(`the page to leave by answers ${status}`, 'See one-click.')
        return /<form[^>]+method="?post/i.test(text) && !/<script|http-equiv="?refresh/i.test(text)
          ? pass('opening a link shows a button')
          : fail(
              'the page to leave by has no button, or does not wait for it',
              'Something in front of the service changes its pages.',
            )
      },
    },
    {
      name: 'service-headers',
      why: 'A link that is kept by a cache, or passed on as a referrer, can be used by others.',
      needs: ['newsletter', 'service', 'secret'],
      find: async setup => {
        const { headers } = await askService(setup, setup.inertLink())
        const missing = Object.entries(HEADERS).filter(([name, value]) => !headers.get(name)?.includes(value))
        return missing.length === 0
          ? pass('no cache, no referrer, no robots')
          : warn(
              `something takes ${missing.map(([name]) => name).join(', ')} away`,
              'Have the proxy leave header fields as they are:',
              missing.map(([name, value]) => `${name}: ${value}`).join('; '),
            )
      },
    },
    {
      name: 'sign-up-form',
      why: 'Readers subscribe there.',
      needs: ['newsletter', 'service'],
      find: atService('subscribe', ({ status }) =>
        status === 200
          ? pass('the form to subscribe')
          : fail(
              `the form to subscribe answers ${status}`,
              'Lead all paths of the service to `broadsheet serve`.',
            ),
      ),
    },
  ],
}

const HEADERS: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
}

async function oneClick(setup: Setup): Promise<Finding> {
  const link = setup.inertLink()
  const remedy =
    'Lead that address to `broadsheet serve`, POST included, and without a login, a redirect or a check for robots.'
  const { status, headers } = await askService(setup, link, ONE_CLICK)
  if (status === 200) return pass('one click unsubscribes')
  if (status >= 300 && status < 400)
    return fail(
      `the one-click POST is redirected to ${headers.get('location') ?? 'elsewhere'}, and providers do not follow`,
      'Set `service` to the address that it leads to.',
    )
  const health = await askService(setup, `${setup.publication.service}health`)
  if (status === 404 && /"status"\s*:\s*"ok"/.test(health.text))
    return fail(
      'the service does not know our links: it runs with another BROADSHEET_SECRET',
      'Give it the same BROADSHEET_SECRET as the sender.',
    )
  return fail(`the one-click POST is answered with ${status}`, remedy)
}

const RESTART_MS = 1500

/** A service that is being started anew is not there for a moment. */
async function askService(setup: Setup, url: string, init?: RequestInit): Promise<WebAnswer> {
  const first = await setup.web.ask(url, init).catch((error: unknown) => {
    if (error instanceof WebTrouble && error.certain && !error.aboutTls) return undefined
    throw error
  })
  if (first && first.status < 500) return first
  await setup.wait(RESTART_MS)
  return setup.web.ask(url, init)
}

function atService(path: string, look: (answer: WebAnswer, setup: Setup) => Finding) {
  return async (setup: Setup): Promise<Finding> =>
    look(await setup.web.ask(`${setup.publication.service}${path}`), setup)
}

async function certificate(url: string, { web, now }: Setup): Promise<Finding> {
  const { protocol, host } = new URL(url)
  return protocol === 'https:'
    ? untilWhen(await web.validUntil(url), now(), `the certificate of ${host}`)
    : skip('not https')
}

// ─── Pages and feeds ─────────────────────────────────────────────────────────────────────────────────────────────────

export const site: Group = {
  title: 'Pages and feeds',
  checks: [
    {
      name: 'site-answers',
      why: 'Every letter links there.',
      needs: ['site'],
      find: async ({ publication: { url }, web }) => {
        const { status, headers } = await web.ask(url)
        if (status >= 300 && status < 400)
          return warn(
            `${url} leads to ${headers.get('location')}`,
            'Set `url` to the address that it leads to.',
          )
        if (status !== 200) return fail(`${url} answers ${status}`, 'Publish out/ there.')
        return /^text\/html\b/.test(typeOf(headers))
          ? pass(`${new URL(url).host} answers`)
          : fail(
              `${url} is ${typeOf(headers) || 'of no type'}, not text/html`,
              'Correct the type in the web server.',
            )
      },
    },
    {
      name: 'site-certificate',
      why: 'On the day it ends, browsers and feed readers turn away.',
      needs: ['site'],
      find: setup => certificate(setup.publication.url, setup),
    },
    {
      name: 'feeds-answer',
      why: 'Feed readers give up a feed that is not there.',
      needs: ['site'],
      find: eachFeed(({ status, text }, { url, signature }) => {
        if (status >= 300 && status < 400)
          return warn(`${url} leads elsewhere (${status})`, 'Set `url` to the address that it leads to.')
        if (status !== 200)
          return fail(`${url} answers ${status}`, 'Build, and publish out/ there:', 'broadsheet build')
        return signature.test(text.slice(0, 2000))
          ? undefined
          : fail(`what is at ${url} is no feed`, 'Publish out/ there, as it is.')
      }, 'all are there'),
    },
    {
      name: 'feeds-type',
      why: 'Browsers and readers know a feed by its type.',
      needs: ['site'],
      find: eachFeed(({ status, headers }, { url, mediaType }) => {
        if (status !== 200) return undefined
        const type = typeOf(headers).split(';')[0]!.trim()
        const right = [mediaType, 'application/xml', 'text/xml', 'application/json'].includes(type)
        return right
          ? undefined
          : warn(
              `${url} is ${type || 'of no type'}`,
              'Set the type in the web server:',
              `Content-Type: ${mediaType}; charset=utf-8`,
            )
      }, 'of the right type'),
    },
    {
      name: 'feeds-caching',
      why: 'Thousands of readers ask every hour: with ETag or Last-Modified they get the answer “nothing new” in 200 bytes.',
      needs: ['site'],
      find: eachFeed(async ({ status, headers }, { url }, { web }) => {
        if (status !== 200) return undefined
        const [etag, changed] = [headers.get('etag'), headers.get('last-modified')]
        if (!etag && !changed)
          return warn(`${url} has neither ETag nor Last-Modified`, 'Switch one of them on in the web server.')
        const again = await web.ask(url, {
          headers: {
            ...(etag ? { 'If-None-Match': etag } : {}),
            ...(changed ? { 'If-Modified-Since': changed } : {}),
          },
        })
        return again.status === 304
          ? undefined
          : warn(
              `${url} is sent again in full to who has it (${again.status}, not 304)`,
              'See why the web server does not compare ETag or Last-Modified.',
            )
      }, 'not sent twice'),
    },
  ],
}

interface FeedPlace {
  readonly url: string
  readonly mediaType: string
  readonly signature: RegExp
}

/** One finding for all: of those that are not right, the first. */
function eachFeed(
  look: (
    answer: WebAnswer,
    place: FeedPlace,
    setup: Setup,
  ) => Finding | undefined | Promise<Finding | undefined>,
  right: string,
) {
  return async (setup: Setup): Promise<Finding> => {
    const { url, feeds } = setup.publication
    const found = await Promise.all(
      announcedFormats().map(async ({ file, mediaType, signature }) => {
        const place = { url: new URL(file, feeds.moved ?? url).href, mediaType, signature }
        return look(await setup.web.ask(place.url), place, setup)
      }),
    )
    const [first, ...others] = found.filter(finding => finding !== undefined)
    if (!first) return pass(`${found.length} feeds, ${right}`)
    return others.length === 0 ? first : { ...first, says: `${first.says} (and ${others.length} more)` }
  }
}

function typeOf(headers: Headers): string {
  return headers.get('content-type')?.toLowerCase() ?? ''
}

// ─── The clock ───────────────────────────────────────────────────────────────────────────────────────────────────────

const MAX_OFF_MS = 120_000

export const clock: Group = {
  title: 'Clock',
  checks: [
    {
      name: 'clock',
      why: 'The schedule, links that expire and the Date of letters follow this machine’s clock.',
      find: async ({ publication: { service, url }, web, now, isTimeSet }) => {
        if (isTimeSet) return skip('the time was set by hand')
        const answers = await Promise.all(
          [service, url].map(async place => {
            const answer =
              place === undefined || isNeverInDns(new URL(place).hostname)
                ? undefined
                : await web.ask(place).catch(() => undefined)
            // What comes from a cache has the date of when it was put there, and says for how long it has been.
            const age = Number(answer?.headers.get('age') ?? 0) || 0
            return Date.parse(answer?.headers.get('date') ?? '') + age * 1000
          }),
        )
        const others = answers.filter(time => !Number.isNaN(time))
        if (others.length === 0) return skip('nobody to compare it with')
        const off = Math.min(...others.map(time => Math.abs(time - now())))
        return off <= MAX_OFF_MS
          ? pass('right to the minute')
          : fail(
              `off by ${Math.round(off / 60_000)} minutes`,
              'Have it set by the network:',
              'timedatectl set-ntp true',
            )
      },
    },
  ],
}
