// A mail that a person sent by a link of ours → what she asks for: to subscribe, to confirm, to leave. Its subject says it.

import { parseAddress, readPass, readToken } from '../../base/index.ts'
import { decodeWords, type Fields, type MimePart } from './read-mime.ts'

/** Whose it is: by the envelope sender, or by the link in the letter. */
export interface About {
  readonly subscriber: number
  readonly edition?: string | undefined
  readonly tag?: string | undefined
}

export type Wish =
  | { readonly kind: 'unsubscribe'; readonly about: About; readonly status: '' }
  /** Anybody can write a From field: it is good for one mail that asks, and for nothing else. */
  | {
      readonly kind: 'subscribe'
      readonly email: string
      readonly key: string
      /** As the subject names them; known or not. */
      readonly newsletters: readonly string[]
    }
  | { readonly kind: 'confirm'; readonly request: number }
  | { readonly kind: 'nothing'; readonly why: 'automatic reply' }
  | { readonly kind: 'unknown'; readonly why: string }

const FORGED = { kind: 'unknown', why: 'its token is not one of ours' } as const

/** @returns undefined when it is no such mail */
export function readWish(secret: string, { fields }: MimePart, now: number): Wish | undefined {
  const subject = decodeWords(fields.get('subject')?.[0] ?? '').slice(0, 1000)
  const [, verb = '', rest = ''] = /^\s*(unsubscribe|subscribe|confirm)(?:\s+(\S.*))?$/i.exec(subject) ?? []
  const token = /^[\w-]+\.[\w-]+$/.exec(rest.trim())?.[0]
  switch (verb.toLowerCase()) {
    case 'unsubscribe': {
      // A mail client that cannot do one-click sends it. Its From proves nothing; the token does.
      const about = token && readToken(secret, 'unsubscribe', token)
      return about ? { kind: 'unsubscribe', about, status: '' } : token ? FORGED : undefined
    }
    case 'confirm': {
      const pass = token && readPass(secret, 'confirm', token, now)
      if (!pass) return token ? FORGED : undefined
      return isAutomatic(fields)
        ? { kind: 'nothing', why: 'automatic reply' }
        : { kind: 'confirm', request: pass.id }
    }
    case 'subscribe': {
      if (isAutomatic(fields)) return { kind: 'nothing', why: 'automatic reply' }
      const from = sender(fields)
      if (!from) return { kind: 'unknown', why: 'it asks to subscribe, but not for one address' }
      const newsletters = rest.split(/[\s,]+/).filter(Boolean)
      return { kind: 'subscribe', email: from.address, key: from.key, newsletters }
    }
    default:
      return undefined
  }
}

/** RFC 3834 §2: nothing that a machine sent is answered, or counts as a person's wish. */
function isAutomatic(fields: Fields): boolean {
  const first = (name: string) => fields.get(name)?.[0]?.trim().toLowerCase() ?? ''
  return (
    !['', 'no'].includes(first('auto-submitted')) ||
    /^(bulk|junk|list|auto.?reply)/.test(first('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'list-id'].some(name => fields.has(name)) ||
    first('return-path') === '<>'
  )
}

/** RFC 5322 §3.6.2; one address, or none. */
function sender(fields: Fields) {
  const [from, ...others] = fields.get('from') ?? []
  if (from === undefined || others.length > 0) return undefined
  const [, bracketed] = /^[^<>]*<([^<>\s]+)>$/.exec(from) ?? []
  return parseAddress(bracketed ?? from)
}
