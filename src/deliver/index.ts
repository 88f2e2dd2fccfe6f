// Messages → outcomes in the ledger. What other rooms use of it.

export type { Attempted } from './attempt.ts'
export { classifyRefusal, type RefusalKind } from './classify-refusal.ts'
export { realClock } from './clock.ts'
export { type Delivered, deliver, type SendingMeans } from './deliver.ts'
export { checkPublished, type DkimSigning, dkimSigning, isNeverInDns, recordFor } from './dkim/signing.ts'
export { editionToSteer, type NoEdition, recordSkips, type Steering } from './editions/choose-editions.ts'
export { type EditionFigures, editionFigures } from './editions/edition-figures.ts'
export {
  letterToTest,
  type Prepared,
  prepareComing,
  prepareSends,
  recipientsOf,
  type TestLetter,
} from './editions/prepare-send.ts'
export {
  composeTest,
  finishedSend,
  inertSubscriber,
  refuseSuppressed,
  type Sent,
  sendEdition,
  sendTest,
  testAddressee,
} from './editions/send-edition.ts'
export {
  borrowedFrom,
  isGivenAway,
  openSending,
  openSigned,
  senderWarnings,
  sendingAddress,
  transportKind,
} from './open-transport.ts'
export {
  COMPLAINT_DAYS,
  type ComplaintRate,
  complaintRates,
  recordRefusalsIn,
  recordWithinLimit,
  type Suppressed,
  sumByProvider,
  type WarmUpToday,
  warmUpSettings,
  warmUpToday,
} from './sender-reputation.ts'
export { meetSmtpServer, type SmtpServer } from './smtp/index.ts'
export type { Transport } from './transport.ts'
export { openMailbox } from './transports/eml-folder.ts'
export { openEngine, work } from './workers.ts'
