// The nouns of webhooks: what a provider needs to prove itself, and what it reports.

import type { Notice } from '../apply.ts'

/** What was agreed with each provider; calls of the others are refused. */
export interface WebhookKeys {
  /** Amazon SNS: the ARN of the topic, as in 'arn:aws:sns:eu-west-1:123456789012:bounces'. */
  readonly ses?: string | undefined
  /** Postmark signs nothing: 'user:password' of the webhook's basic authentication. */
  readonly postmark?: string | undefined
  /** Mailgun: the HTTP webhook signing key. */
  readonly mailgun?: string | undefined
  /** SendGrid: the verification key of the signed event webhook, base64. */
  readonly sendgrid?: string | undefined
}

/** Something that happened to one message. `status` may be a word of the provider's own. */
export interface ProviderNotice extends Notice {
  /** The provider's own number for it. */
  readonly id: string
  readonly address: string
}

/** What one call reports, or why it is not to be believed. */
export type VerifiedCall =
  | { readonly notices: readonly ProviderNotice[] }
  | { readonly refused: string }
  /** Amazon asks whether the topic was really meant for us. */
  | { readonly confirm: string }

export interface WebhookCall {
  readonly body: Uint8Array
  readonly headers: Headers
  /** What was agreed. */
  readonly key: string
  /** ms since epoch */
  readonly now: number
  fetchText(url: string): Promise<string>
}

/** One provider: verifies the call and reads what it reports. May throw on a body that is not of its form. */
export type Webhook = (call: WebhookCall) => Promise<VerifiedCall> | VerifiedCall

/** How old a signed time may be. */
export const MAX_SIGNED_AGE_MS = 15 * 60_000
