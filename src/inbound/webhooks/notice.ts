// The nouns of webhooks: what a provider needs to prove itself, and what it reports.

/** What was agreed with each provider; one that is not there is not listened to. */
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

/** Something that happened to one message. */
export interface ProviderNotice {
  /** The provider's own number for it. */
  readonly id: string
  readonly kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'
  readonly address: string
  /** RFC 3463, or what the provider says instead; empty when it says nothing. */
  readonly status: string
}

/** Everything in one call, or that it is not to be believed. */
export type Heard =
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
export type Webhook = (call: WebhookCall) => Promise<Heard> | Heard

/** How old a signed time may be. */
export const MAX_SIGNED_AGE_MS = 15 * 60_000
