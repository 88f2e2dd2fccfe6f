// The door of the room: all SQL: the list, the ledger, and lists that go in and out.

export { type Audience, listAudience, NOTHING, previewAudience, topicReaders } from './audience.ts'
export { claimDeliveries, markHanded } from './claim-deliveries.ts'
export {
  type AcceptedUntil,
  acceptedOverTime,
  countDeliveries,
  countReturned,
  type DomainFailures,
  failuresByDomain,
  nextDue,
  openDeliveries,
  type Returned,
} from './count-deliveries.ts'
export { commitTogether, type Database } from './database.ts'
export {
  type EditionRecord,
  type EditionStanding,
  editionStanding,
  editionsToSend,
  finishEdition,
  frozenEdition,
  giveUpEdition,
  listEditions,
  listPaused,
  pauseEdition,
  recordSkipped,
  reopenEdition,
  resumeEdition,
  sentHistory,
  storedLetter,
} from './editions.ts'
export { type Freeze, freezeEdition } from './freeze-edition.ts'
export { addSubscriber } from './import-subscribers.ts'
export { type ImportReport, importList, listAsCsv, textChunks } from './lists/transfer-list.ts'
export { openStore, storeAddress } from './open-store.ts'
export { explainPostgres, isConnectionLost } from './postgres-errors.ts'
export { type FailureGroup, groupFailures, listDeliveries, listDeliveriesTo } from './read-deliveries.ts'
export {
  type AddressRequest,
  CONSENT_WORDING,
  confirmRequest,
  countRequests,
  dropExpiredRequests,
  keepRequest,
  mailIsDue,
  markMailed,
  putOffMail,
  requestById,
  takeUnmailed,
} from './requests.ts'
export {
  beatSender,
  databaseTime,
  engineVersion,
  listOwners,
  MAX_QUEUE_AHEAD_MS,
  makeEngineAlone,
  readSender,
  releaseSender,
  reservePlaces,
  reserveTogether,
  takeSender,
} from './senders.ts'
export {
  failureText,
  type Recovered,
  recoverDeliveries,
  releaseLeases,
  renewLeases,
  resendUnknown,
  type Settlement,
  settleDeliveries,
} from './settle-deliveries.ts'
export {
  type About,
  aboutSubscriber,
  countSubscribers,
  type Listed,
  listSubscribers,
  showSubscriber,
  subscriberById,
  type Which,
} from './subscribers.ts'
export { eraseSubscriber, leftAt, removeSubscriber, savePreferences, undoLeaving } from './subscriptions.ts'
export {
  forgetNotices,
  hearNotice,
  isSuppressed,
  recordBounce,
  recordRefused,
  suppress,
} from './suppressions.ts'
