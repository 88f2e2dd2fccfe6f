// Zone lines and settings → a set-up as the checks see it, with DNS on loopback and a web of answers; and what a group finds.

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type WebAnswer, WebTrouble } from '../../../src/commands/doctor/network.ts'
import { type Examined, examine, type Group } from '../../../src/commands/doctor/run-checks.ts'
import { openSetup, type Setup } from '../../../src/commands/doctor/setup.ts'
import { openPublication } from '../../../src/content/index.ts'
import { recordFor } from '../../../src/deliver/index.ts'
import { aFolder } from '../../a-folder.ts'
import { aNameServer } from './a-name-server.ts'

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits })
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64')
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

const ours = rsa(2048)
const theirs = [512, 1024, 2048].map(bits => [`{${bits}}`, spki(rsa(bits).publicKey)] as const)
const edwards = generateKeyPairSync('ed25519')

/** Keys are made for each run, and stand in zones as words in braces. */
const WORDS: Readonly<Record<string, string>> = {
  '{ours}': recordFor({ algorithm: 'rsa-sha256', selector: '', key: ours.privateKey }),
  '{ours ed25519}': recordFor({ algorithm: 'ed25519-sha256', selector: '', key: edwards.privateKey }),
  ...Object.fromEntries(theirs),
}

export function filled(zone: string): string {
  return zone.replace(/\{[a-z0-9 ]+\}/g, word => WORDS[word] ?? word)
}

export const DKIM_ENV = {
  BROADSHEET_DKIM_KEY: pem(ours.privateKey),
  BROADSHEET_DKIM_KEY_ED25519: pem(edwards.privateKey),
}

export const SECRET = 'a-secret-for-the-tests-of-doctor'
export const NOW = Date.parse('2026-02-06T08:00:00Z')

export const ARTICLE =
  '---\ntitle: A bridge at dawn\ndate: 2026-02-03T08:00:00Z\n---\n\nThe first train crossed it.\n'

export interface SetupFacts {
  /** Lines of publication.yaml after title and url. */
  readonly settings: string
  readonly zone: string
  readonly env?: Readonly<Record<string, string>>
  /** An address of the web → its answer; others do not answer. */
  readonly web?: Readonly<
    Record<
      string,
      { readonly status?: number; readonly text?: string; readonly headers?: Record<string, string> }
    >
  >
  readonly files?: Readonly<Record<string, string>>
}

/** Letters follow from settings and files alone, and take the most time. */
const rendered = new Map<string, ReturnType<Setup['samples']>>()

export async function aSetup({ settings, zone, env, web, files }: SetupFacts): Promise<Setup> {
  const folder = aFolder({
    'articles/publication.yaml': `title: The Gazette\nurl: https://gazette-in-tests.org/\naddress: 1 Main Street\n${settings}`,
    'articles/a-bridge.md': ARTICLE,
    ...files,
  })
  const server = await aNameServer(filled(zone))
  const setup = openSetup({
    loaded: await openPublication(folder, { now: NOW }),
    env: { BROADSHEET_SECRET: SECRET, ...DKIM_ENV, ...env },
    now: () => NOW,
    nameServers: [server.address],
    signal: new AbortController().signal,
    openDatabase: async () => undefined,
  })
  onTestFinished(async () => {
    await setup.close()
    await server.close()
  })
  const letters = JSON.stringify([settings, files])
  const samples = () => {
    const known = rendered.get(letters) ?? setup.samples()
    rendered.set(letters, known)
    return known
  }
  return { ...setup, samples, web: web ? aWeb(web) : setup.web, wait: async () => undefined }
}

function aWeb(answers: NonNullable<SetupFacts['web']>): Setup['web'] {
  return {
    ask: async (url): Promise<WebAnswer> => {
      const answer = answers[url]
      if (!answer) throw new WebTrouble(`nobody answers at ${new URL(url).host}`, { certain: true })
      return { status: answer.status ?? 200, headers: new Headers(answer.headers), text: answer.text ?? '' }
    },
    validUntil: async () => NOW + 60 * 86_400_000,
  }
}

/** Plenty for what answers from this machine. */
export const LIMIT_MS = 20_000

export async function found(groups: readonly Group[], facts: SetupFacts): Promise<Examined[]> {
  return examine(groups, await aSetup(facts), LIMIT_MS)
}

/** 'spf-record fail: …', without what is right and what was not looked at. */
export function alarms(examined: readonly Examined[]): string[] {
  return examined
    .filter(({ result }) => result === 'warn' || result === 'fail')
    .map(({ name, result, says }) => `${name} ${result}: ${says}`)
}
