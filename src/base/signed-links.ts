// Edition × subscriber → the addresses and the Message-ID that are that reader's own, the same on every attempt.
// A token is `<claim>.<mac>`, signed by HMAC-SHA256 for one purpose; it contains no address. Both are in base32, so that it
// survives gateways that change the case of a subject or an address.
// The secret may hold several keys, separated by commas or spaces: the first signs, all verify.

import { hash, timingSafeEqual } from 'node:crypto'
import type { Newsletter, Publication } from '../model.ts'

/** For as long as the letter lies in an inbox: these never expire. */
export type Purpose = 'unsubscribe' | 'preferences'

/** What a token speaks of: the subscriber, and the edition whose letter carried it. */
export interface Claim {
  readonly subscriber: number
  /** '<newsletter>/<id>' */
  readonly edition: string
}

/** For one thing and a time. 'form': the hour at which a form was shown; 'feed': a private feed, when its address was made. */
export type PassPurpose = 'confirm' | 'undo' | 'export' | 'erase' | 'form' | 'feed'

/** What such a token speaks of. */
export interface Pass {
  /** A subscriber, or a row of requests; 0 where nobody is meant. */
  readonly id: number
  /** ms since epoch, whole seconds; from then on it is worthless. `FOR_EVER` where something else ends it. */
  readonly until: number
  /** What else it is bound to, without spaces. */
  readonly about: string
}

/** ms since epoch: twelve digits of seconds. */
export const FOR_EVER = 999_999_999_999_000

/** What the envelope sender of a returned message says. */
export interface BounceClaim {
  readonly subscriber: number
  /** `editionTag` of the edition. */
  readonly tag: string
}

/**
 * @param secret BROADSHEET_SECRET
 * @returns URL-safe text of [a-z2-7.]; capitals are read as well
 */
export function signToken(secret: string, purpose: Purpose, { subscriber, edition }: Claim): string {
  return signTokens(secret, edition)(subscriber)(purpose)
}

/** Those of one letter: subscriber → purpose → her token. */
export function signTokens(
  secret: string,
  edition: string,
): (subscriber: number) => (purpose: Purpose) => string {
  const sign = signer(secret)
  return subscriber => {
    const claim = encoded(`${subscriber} ${edition}`)
    return purpose => signed(sign, purpose, claim)
  }
}

/** @returns the claim, or undefined for whatever was forged, altered or signed for another purpose */
export function readToken(secret: string, purpose: Purpose, token: string): Claim | undefined {
  const match = /^(\d{1,15}) (\S+)$/.exec(verified(secret, purpose, token) ?? '')
  return match ? { subscriber: Number(match[1]), edition: match[2]! } : undefined
}

export function signPass(secret: string, purpose: PassPurpose, { id, until, about }: Pass): string {
  return signed(signer(secret), purpose, encoded(`${id} ${Math.floor(until / 1000)} ${about}`))
}

/** @returns the pass, or undefined for what was forged, altered, signed for another purpose, or is too old */
export function readPass(secret: string, purpose: PassPurpose, token: string, now: number): Pass | undefined {
  const match = /^(\d{1,15}) (\d{1,12}) (\S*)$/.exec(verified(secret, purpose, token) ?? '')
  if (!match) return undefined
  const until = Number(match[2]) * 1000
  return now < until ? { id: Number(match[1]), until, about: match[3]! } : undefined
}

/**
 * Variable envelope return path: whose message came back, readable from the address alone, even when the report quotes
 * nothing. Lower case; a mailbox that leaves no room for it within the 64 octets of RFC 5321 §4.5.3.1.1 stays as it is.
 *
 * @param mailbox mail.bounces of the settings: 'bounces@meridian.example'
 * @returns subscriber → 'bounces+2s-abcdefg-abcdefghijklmnop@meridian.example'
 */
export function bounceAddresses(
  secret: string,
  edition: string,
  mailbox: string,
): (subscriber: number) => string {
  const [sign, tag] = [signer(secret), editionTag(edition)]
  const at = mailbox.lastIndexOf('@')
  const [local, domain] = [mailbox.slice(0, at), mailbox.slice(at)]
  return subscriber => {
    const claim = `${subscriber.toString(36)}-${tag}`
    const own = `${local}+${claim}-${bounceMac(sign, claim)}`
    return Buffer.byteLength(own) > 64 ? mailbox : own + domain
  }
}

/** That of one letter. */
export function bounceAddress(secret: string, { subscriber, edition }: Claim, mailbox: string): string {
  return bounceAddresses(secret, edition, mailbox)(subscriber)
}

/** @param text an address that a report was sent to, or a text that quotes one; case does not matter */
export function readBounceAddress(secret: string, text: string): BounceClaim | undefined {
  const looksLike = /(?:\+|%2b)([0-9a-z]{1,10})-([a-z2-7]{7})-([a-z2-7]{16})(?:@|%40|=)/gi
  let checks = 0
  for (const match of text.matchAll(looksLike)) {
    const [number, tag, mac] = match.slice(1).map(part => part.toLowerCase()) as [string, string, string]
    const fits = keysOf(secret).some(key => same(bounceMac(keyedHash(key), `${number}-${tag}`), mac))
    if (fits) return { subscriber: Number.parseInt(number, 36), tag }
    // A text may have been made to be a burden.
    if (++checks > 100) return undefined
  }
  return undefined
}

/** Seven letters in place of an edition's name where that is too long. */
export function editionTag(edition: string): string {
  return base32(keyedHash('edition')(edition, 'binary').slice(0, 5)).slice(0, 7)
}

/**
 * The address of a mail that asks for one thing, to the mailbox that `broadsheet bounces` reads. RFC 6068 §2.
 *
 * @param body for the person who sends it: nobody else reads it
 */
export function requestMail(
  { mail }: Pick<Publication, 'mail'>,
  { replyTo, from }: Pick<Newsletter, 'replyTo' | 'from'>,
  subject: string,
  body: string,
): string {
  const mailbox = mail.bounces ?? (replyTo ?? from).address
  const at = mailbox.lastIndexOf('@')
  const address = [mailbox.slice(0, at), mailbox.slice(at + 1)].map(encodeURIComponent).join('@')
  return `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`
}

/** RFC 5322 §3.6.4: globally unique, and the same on every attempt for one edition and one subscriber. */
export function messageId(secret: string, { subscriber, edition }: Claim, domain: string): string {
  return messageIds(secret, edition, domain)(subscriber)
}

/** Those of one letter. */
export function messageIds(secret: string, edition: string, domain: string): (subscriber: number) => string {
  const sign = signer(secret)
  const name = edition.replace(/[^A-Za-z0-9-]+/g, '.')
  return subscriber => `<${name}.${sign(`message-id ${subscriber} ${edition}`).slice(0, 32)}@${domain}>`
}

function signer(secret: string): KeyedHash {
  return keyedHash(keysOf(secret)[0]!)
}

function encoded(text: string): string {
  return base32(Buffer.from(text).toString('latin1'))
}

function signed(sign: KeyedHash, purpose: string, claim: string): string {
  return `${claim}.${tokenMac(sign, purpose, claim)}`
}

/** 160 bits are 32 letters. */
function tokenMac(sign: KeyedHash, purpose: string, claim: string): string {
  return base32(sign(`${purpose} ${claim}`, 'binary').slice(0, 20))
}

/** Tokens of letters that were sent before tokens were in base32 are in base64url, and stay good. */
function verified(secret: string, purpose: string, token: string): string | undefined {
  if (/^[a-z2-7]+\.[a-z2-7]{32}$/i.test(token)) {
    const [claim = '', mac = ''] = token.toLowerCase().split('.')
    const right = keysOf(secret).some(key => same(tokenMac(keyedHash(key), purpose, claim), mac))
    return right ? Buffer.from(octetsOf(claim), 'latin1').toString('utf8') : undefined
  }
  const [claim, signature, ...rest] = token.split('.')
  if (!claim || !signature || rest.length > 0) return undefined
  const right = keysOf(secret).some(key => same(keyedHash(key)(`${purpose} ${claim}`), signature))
  return right ? Buffer.from(claim, 'base64url').toString('utf8') : undefined
}

/** The keys of BROADSHEET_SECRET, the signing one first. */
export function keysOf(secret: string): readonly string[] {
  const keys = secret.split(/[\s,]+/).filter(Boolean)
  return keys.length > 0 ? keys : [secret]
}

function bounceMac(sign: KeyedHash, claim: string): string {
  return base32(sign(`bounce ${claim}`, 'binary').slice(0, 10))
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Octets that SHA-256 takes at a time, and that it gives. RFC 2104 §2: B and L. */
const [BLOCK_BYTES, HASH_BYTES] = [64, 32]

/** Text → its HMAC in base64url, or as a string of octets. */
type KeyedHash = (text: string, as?: 'base64url' | 'binary') => string

/**
 * A key → its HMAC-SHA256 of one text after another: what `createHmac` makes, at half its cost and less, for those who
 * sign for a whole list.
 */
export function keyedHash(key: string): KeyedHash {
  const octets = Buffer.from(key)
  const own = octets.length > BLOCK_BYTES ? hash('sha256', octets, 'buffer') : octets
  // What is hashed lies ready but for the text: an object of OpenSSL's for each text costs more than hashing it.
  let inner = Buffer.alloc(BLOCK_BYTES + 256, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c)
  for (const [at, octet] of own.entries()) {
    inner[at] = octet ^ 0x36
    outer[at] = octet ^ 0x5c
  }

  return (text, as = 'base64url') => {
    // An octet in UTF-8 for each character at least, three at most.
    if (text.length * 3 > inner.length - BLOCK_BYTES) {
      inner = Buffer.concat([inner.subarray(0, BLOCK_BYTES)], BLOCK_BYTES + text.length * 3)
    }
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES)
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'binary')
    return hash('sha256', outer, as)
  }
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 §6, lower case, without padding. @param octets as a string */
function base32(octets: string): string {
  let [text, held, bits] = ['', 0, 0]
  for (let at = 0; at < octets.length; at++) {
    held = ((held << 8) | octets.charCodeAt(at)) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text
}

/** What `base32` made → the octets, as a string. */
function octetsOf(text: string): string {
  let [octets, held, bits] = ['', 0, 0]
  for (const letter of text) {
    held = ((held << 5) | BASE32.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    octets += String.fromCharCode((held >> bits) & 255)
  }
  return octets
}

/** A password against the right one, in constant time: how long it takes does not say how much of it was right. */
export function isSameSecret(given: string, right: string): boolean {
  const [a, b] = [given, right].map(text => hash('sha256', text, 'buffer'))
  return timingSafeEqual(a!, b!)
}
