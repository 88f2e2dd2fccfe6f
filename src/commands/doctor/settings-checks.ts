// Settings, environment and the letters that come next → what would go wrong with them whatever the network says.

import { checkNewsletters } from '../../check/index.ts'
import { STARTER_ADDRESS } from '../../content/index.ts'
import { borrowedFrom, isNeverInDns, transportKind } from '../../deliver/index.ts'
import { UserError } from '../../errors.ts'
import { MAX_HTML_BYTES } from '../../letter/index.ts'
import type { Message } from '../../model.ts'
import { createRenderer } from '../../render/index.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Sample, Setup } from './setup.ts'

export const settings: Group = {
  title: 'Settings',
  checks: [
    {
      name: 'newsletters',
      why: 'Without a newsletter there is nothing to send.',
      find: ({ newsletters }) =>
        newsletters.length > 0
          ? pass(newsletters.length === 1 ? '1 newsletter' : `${newsletters.length} newsletters`)
          : skip('no newsletter in publication.yaml'),
    },
    {
      name: 'outgoing',
      why: 'Letters need a server that takes them.',
      needs: ['newsletter'],
      find: ({ outgoing }) => {
        if (outgoing === undefined)
          return fail(
            'BROADSHEET_SMTP is not set',
            'Set it in the environment or in .env, with your server:',
            'BROADSHEET_SMTP=smtp://user:password@mail.example.org:587',
          )
        if (/^eml:/i.test(outgoing))
          return warn(
            'mail is written to files, and reaches nobody',
            'For a real send, name a mail server in BROADSHEET_SMTP.',
          )
        try {
          transportKind(outgoing)
        } catch (error) {
          if (error instanceof UserError) return fail(error.message, error.hint)
          throw error
        }
        return pass('a way out for mail')
      },
    },
    {
      name: 'secret',
      why: 'It signs the links with which readers leave; with another one, links in letters that were sent stop working.',
      needs: ['newsletter'],
      find: ({ secret, env }) =>
        secret !== undefined
          ? pass('secret')
          : fail(
              env.BROADSHEET_SECRET?.trim()
                ? 'BROADSHEET_SECRET has a key of fewer than 16 characters'
                : 'BROADSHEET_SECRET is not set',
              'Make one and keep it for good:',
              'echo "BROADSHEET_SECRET=$(openssl rand -base64 32)" >> .env',
            ),
    },
    {
      name: 'postal-address',
      why: 'The law of many countries (CAN-SPAM, the UWG) wants a postal address in every newsletter.',
      needs: ['newsletter'],
      find: ({ publication }) =>
        publication.address && publication.address !== STARTER_ADDRESS
          ? pass('postal address')
          : warn(
              'letters have no postal address of yours',
              'Say it in publication.yaml:',
              'address: The Meridian, 1 Main Street, Springfield',
            ),
    },
    {
      name: 'service-set',
      why: 'Gmail and Yahoo want one-click unsubscribing from whoever sends to many (RFC 8058); only a service on the web can take that click.',
      needs: ['newsletter'],
      find: ({ publication: { service } }) => {
        if (service === undefined)
          return warn(
            'no service: people can leave by mail only',
            'Run `broadsheet serve` where readers reach it, and say so in publication.yaml:',
            'service: https://letters.example.org/',
          )
        const { hostname } = new URL(service)
        if (isNeverInDns(hostname))
          return warn(
            `service is at ${hostname}, a name for examples`,
            'Set it to where readers reach `broadsheet serve`.',
          )
        return service.startsWith('https:')
          ? pass('service')
          : fail(
              'service is not an https address',
              'One-click unsubscribing is for https only (RFC 8058):',
              service.replace(/^http:/, 'https:').replace(/^/, 'service: '),
            )
      },
    },
    {
      name: 'bounces-read',
      why: 'Addresses that are dead must be dropped: who goes on mailing them is taken for a spammer.',
      needs: ['newsletter', 'smtp'],
      find: bouncesRead,
    },
    {
      name: 'borrowed-from',
      why: 'Gmail, Yahoo and others ask receivers to refuse letters from their addresses that do not come from their servers.',
      needs: ['newsletter', 'smtp'],
      find: ({ newsletters, outgoing, host }) => {
        const through = host === undefined ? (outgoing ?? '') : `smtp://${host}:25`
        const found = newsletters.flatMap(({ from }) => borrowedFrom(from.address, through) ?? [])
        return found.length === 0
          ? pass('From is an address of your own')
          : [...new Set(found)].map(says => fail(says, 'Write from a domain of your own.'))
      },
    },
  ],
}

const WEBHOOKS: Readonly<Record<string, string>> = {
  'Amazon SES': 'BROADSHEET_WEBHOOK_SES',
  Postmark: 'BROADSHEET_WEBHOOK_POSTMARK',
  Mailgun: 'BROADSHEET_WEBHOOK_MAILGUN',
  SendGrid: 'BROADSHEET_WEBHOOK_SENDGRID',
}

function bouncesRead({ env, relay, publication: { mail } }: Setup): Finding {
  const webhook = WEBHOOKS[relay?.name ?? '']
  if (webhook !== undefined && env[webhook]) return pass(`bounces come from ${relay?.name}`)
  if (webhook !== undefined)
    return warn(
      `${relay?.name} keeps bounces to itself`,
      `Have it call <service>/webhooks/${webhook.split('_').at(-1)?.toLowerCase()}, and set ${webhook} to what it signs with.`,
    )
  if (mail.bounces === undefined)
    return warn(
      'bounces come back to the address in From',
      'Give them a mailbox of their own in publication.yaml:',
      'mail: { bounces: bounces@example.org }',
    )
  return env.BROADSHEET_IMAP
    ? pass('bounces have a mailbox')
    : warn(
        `nobody reads ${mail.bounces}`,
        'Have `broadsheet bounces --imap` read it, for which it needs:',
        'BROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX',
      )
}

export const letters: Group = {
  title: 'Letters',
  checks: [
    {
      name: 'templates',
      why: 'A template that cannot be filled stops the send.',
      needs: ['newsletter'],
      find: async setup => {
        const own = setup.loaded.diagnostics.filter(({ file }) => file.startsWith('templates/'))
        const samples = await setup.samples()
        const made = samples.filter(({ letter }) => letter).length
        if (own.length > 0) return own.map(({ file, message, advice }) => warn(`${file}: ${message}`, advice))
        return made > 0
          ? pass(made === 1 ? 'the next letter renders' : `${made} next letters render`)
          : skip('no edition has an article yet')
      },
    },
    {
      name: 'letter-rules',
      why: 'A letter with an error is hard to read, or impossible for some.',
      needs: ['newsletter'],
      find: async ({ loaded, now }) => {
        const found = (await checkNewsletters(loaded, createRenderer(loaded), now())).filter(
          ({ severity }) => severity === 'error',
        )
        if (found.length === 0) return pass('no error in them')
        const [{ message }] = found as [(typeof found)[0]]
        return fail(
          `${found.length} ${found.length === 1 ? 'error' : 'errors'} in them: ${message}`,
          'See all of them:',
          'broadsheet check',
        )
      },
    },
    {
      name: 'letter-size',
      why: 'Gmail cuts a longer letter off, and with it the link to unsubscribe.',
      needs: ['newsletter'],
      find: setup =>
        eachLetter(setup, ({ newsletter, letter }) => {
          const bytes = Buffer.byteLength(letter?.html ?? '')
          const size = `${newsletter.id}: ${Math.ceil(bytes / 1000)} kB of HTML`
          return bytes <= MAX_HTML_BYTES
            ? pass(size)
            : fail(`${size}, and Gmail cuts at 102 kB`, 'Carry fewer articles, or shorter summaries.')
        }),
    },
    {
      name: 'letter-headers',
      why: 'Gmail refuses a letter whose From, Date, Subject or Message-ID is missing or there twice (RFC 5322 §3.6).',
      needs: ['newsletter'],
      find: setup => eachLetter(setup, ({ message }) => oneOfEach(message)),
    },
    {
      name: 'unsubscribe-fields',
      why: 'Gmail and Yahoo want a List-Unsubscribe field with an https address, and that it may be posted to (RFC 8058 §3.1).',
      needs: ['newsletter', 'service'],
      find: setup =>
        eachLetter(setup, ({ newsletter, message }) => {
          const fields = fieldsOf(message)
          const left = fields.get('list-unsubscribe') ?? []
          const post = fields.get('list-unsubscribe-post') ?? []
          const right =
            left.length === 1 && /^<https:/.test(left[0]!) && post[0] === 'List-Unsubscribe=One-Click'
          return right
            ? pass(`${newsletter.id}: one-click fields`)
            : fail(
                `${newsletter.id}: no one-click fields`,
                'Set `service` in publication.yaml to an https address.',
              )
        }),
    },
    {
      name: 'list-id',
      why: 'Gmail tells newsletters apart in “Manage subscriptions” by List-Id or by From (RFC 2919).',
      needs: ['newsletter'],
      find: async setup => {
        const samples = (await setup.samples()).filter(({ message }) => message)
        if (samples.length === 0) return skip('no edition has an article yet')
        const keys = samples.map(({ newsletter, message }) => {
          const [id = ''] = fieldsOf(message).get('list-id') ?? []
          return { id: /<([^>]*)>/.exec(id)?.[1]?.toLowerCase() ?? '', newsletter }
        })
        const wrong = keys.find(
          ({ id }, at) => !id.includes('.') || keys.findIndex(one => one.id === id) !== at,
        )
        return wrong
          ? fail(
              `${wrong.newsletter.id} has no List-Id of its own`,
              'Give it an id that differs from the others’ in more than signs.',
            )
          : pass(keys.length === 1 ? 'a List-Id' : 'a List-Id each')
      },
    },
    {
      name: 'sender-name',
      why: 'The name in From is what readers know a newsletter by, in the inbox and in “Manage subscriptions”.',
      needs: ['newsletter'],
      find: ({ newsletters }) => {
        const nameless = newsletters.filter(({ from }) => from.name.trim() === '')
        return nameless.length === 0
          ? pass('From has a name')
          : nameless.map(({ id, title, from }) =>
              warn(
                `${id} is from an address without a name`,
                'Add it in publication.yaml:',
                `from: ${title} <${from.address}>`,
              ),
            )
      },
    },
  ],
}

async function eachLetter(setup: Setup, look: (sample: Sample) => Finding): Promise<Finding[]> {
  const samples = (await setup.samples()).filter(({ letter }) => letter)
  return samples.length > 0 ? samples.map(look) : [skip('no edition has an article yet')]
}

const SINGLE = ['from', 'date', 'subject', 'message-id', 'to', 'mime-version']

function oneOfEach(message: Message | undefined): Finding {
  const fields = fieldsOf(message)
  const wrong = SINGLE.filter(name => fields.get(name)?.length !== 1)
  return wrong.length === 0
    ? pass('one of each header field')
    : fail(`not exactly one of: ${wrong.join(', ')}`, 'This is a fault of Broadsheet’s: please report it.')
}

/** Name in lower case → values, unfolded. */
function fieldsOf(message: Message | undefined): ReadonlyMap<string, readonly string[]> {
  const text = Buffer.from(message?.bytes ?? []).toString('latin1')
  const head = text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const fields = new Map<string, string[]>()
  for (const line of head.split('\r\n')) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).toLowerCase()
    fields.set(name, [...(fields.get(name) ?? []), line.slice(at + 1).trim()])
  }
  return fields
}
