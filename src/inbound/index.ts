// The door of the room: mail that came back, complaints and requests by mail → the list.

export { applyWish } from './apply-mail-command.ts'
export { applyNotice } from './apply-notice.ts'
export { readReport } from './bounces/read-report.ts'
export { mailgun } from './webhooks/mailgun.ts'
export type { Heard, ProviderNotice, Webhook, WebhookKeys } from './webhooks/notice.ts'
export { postmark } from './webhooks/postmark.ts'
export { sendgrid } from './webhooks/sendgrid.ts'
export { ses } from './webhooks/ses.ts'
