// The door of the room: all SQL: the list, the ledger, and lists that go in and out.

export { type About, aboutSubscriber } from './about-subscriber.ts'
export { recordBounce, recordRefused } from './bounces.ts'
export {
  type AcceptedUntil,
  acceptedOverTime,
  type DomainFailures,
  failuresByDomain,
} from './chart-deliveries.ts'
export { type Claiming, claimDeliveries } from './claim-deliveries.ts'
export { commitTogether } from './commit-together.ts'
export { confirmRequest } from './confirm-request.ts'
export { countDeliveries } from './count-deliveries.ts'
export { countReturned, type Returned } from './count-returned.ts'
export type { Database, Param } from './database.ts'
export {
  cancelEdition,
  type EditionRecord,
  type EditionState,
  type Freeze,
  finishEdition,
  freezeEdition,
  frozenEdition,
  listEditions,
  recordSkipped,
  reopenEdition,
} from './editions.ts'
export { engineVersion, makeEngineAlone } from './engine-version.ts'
export { failureText } from './failure-text.ts'
export { type Handing, markHanded } from './hand-deliveries.ts'
export { type Added, addSubscriber, importSubscribers, type Newcomer } from './import-subscribers.ts'
export { NOTHING, storedLetter, topicReaders } from './letter-variants.ts'
export { type BadLine, readSubscribersCsv, type SubscriberRow } from './lists/read-subscribers-csv.ts'
export { subscribersCsvHeader, subscribersCsvLine } from './lists/write-subscribers-csv.ts'
export { forgetNotices, hearNotice } from './notices.ts'
export {
  databaseTime,
  editionsToSend,
  listOwners,
  type OpenDeliveries,
  openDeliveries,
} from './open-deliveries.ts'
export { openStore, type Store } from './open-store.ts'
export {
  type EditionStanding,
  editionStanding,
  giveUpEdition,
  listPaused,
  pauseEdition,
  resumeEdition,
} from './pauses.ts'
export { explainPostgres, isLost } from './postgres-errors.ts'
export { type Audience, listAudience, previewAudience } from './preview-audience.ts'
export { FARTHEST, type Reserving, type ReservingTogether, reservePlaces, reserveTogether } from './rates.ts'
export {
  type Attempt,
  type FailureGroup,
  groupFailures,
  listAttempts,
  listDeliveries,
  listDeliveriesTo,
  nextDue,
} from './read-deliveries.ts'
export {
  type Recovered,
  recoverDeliveries,
  releaseLeases,
  renewLeases,
  resendUnknown,
} from './recover-deliveries.ts'
export {
  type AddressRequest,
  CONSENT_WORDING,
  countRequests,
  dropExpiredRequests,
  keepRequest,
  mailIsDue,
  markMailed,
  putOffMail,
  requestById,
  takeUnmailed,
} from './requests.ts'
export { savePreferences } from './save-preferences.ts'
export { beatSender, readSender, releaseSender, type Sender, type Taking, takeSender } from './senders.ts'
export { type SentHistory, sentHistory } from './sent-history.ts'
export { type Settlement, type Settling, settleDeliveries } from './settle-deliveries.ts'
export { storeAddress } from './store-address.ts'
export {
  countSubscribers,
  eraseSubscriber,
  type Leaving,
  type Listed,
  listSubscribers,
  removeSubscriber,
  showSubscriber,
  subscriberById,
  type Which,
} from './subscribers.ts'
export { isSuppressed, suppress, unsuppress } from './suppressions.ts'
export { leftAt, undoLeaving } from './undo-leaving.ts'
