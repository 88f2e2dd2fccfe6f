// The door of the room: mail that came back, complaints and requests by mail → the list.

export { type FoundMail, readImap, readMails, readMbox } from './mailboxes.ts'
export { type InboundReport, processMails } from './process-mails.ts'
export type { WebhookKeys } from './webhooks/notice.ts'
export { agreedProvider, processWebhook } from './webhooks/process-webhook.ts'
