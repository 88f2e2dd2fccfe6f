// All SQL of Broadsheet: one function per statement, on SQLite and on PostgreSQL.

export {
  type AcceptedUntil,
  acceptedOverTime,
  type DomainFailures,
  failuresByDomain,
} from './chart-deliveries.ts'
export { type Claiming, claimDeliveries } from './claim-deliveries.ts'
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
