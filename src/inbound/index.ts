// Mail that came back, complaints and requests by mail → the list. What other rooms use of it.

export { type FoundMail, type Mailbox, type OpenImap, openImap, readMails, readMbox } from './mailboxes.ts'
export { type InboundReport, processMails } from './process-mails.ts'
export { agreedProvider, createCertificates, processWebhook, type WebhookKeys } from './webhooks/providers.ts'
