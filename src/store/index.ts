// All SQL: the list, the ledger, and lists that are imported and exported. What other rooms use of it.

export { commitTogether, type Database } from './database.ts'
export {
  type ClaimPlace,
  claimDeliveries,
  failureText,
  markHanded,
  recoverDeliveries,
  releaseLeases,
  renewLeases,
  resendUnknown,
  type Settlement,
  settleDeliveries,
} from './deliveries.ts'
export { type DomainReport, type DomainSum, recordDomainReport, sumDomainReports } from './domain-reports.ts'
export {
  cancelEdition,
  type EditionRecord,
  type EditionStatus,
  editionStatus,
  editionsToSend,
  finishEdition,
  frozenEdition,
  listEditions,
  listPaused,
  pauseEdition,
  recordSkipped,
  reopenEdition,
  resumeEdition,
  sentHistory,
  storedLetter,
} from './editions.ts'
export {
  type Audience,
  type Freeze,
  freezeEdition,
  listAudience,
  NOTHING_ON_TOPICS,
  previewAudience,
  type Segment,
  topicReaders,
} from './freeze-edition.ts'
export { addSubscriber, type NewSubscriber } from './import-subscribers.ts'
export { type ListFile, listFile, listOfBytes } from './lists/list-file.ts'
export type { BadLine } from './lists/read-subscribers.ts'
export {
  countSuppressed,
  importSuppressions,
  type SuppressionReport,
  suppressedOf,
  suppressionsAsCsv,
} from './lists/suppression-list.ts'
export { type Columns, type ListSettings, surveyList } from './lists/survey-list.ts'
export {
  type ImportOptions,
  type ImportReport,
  importList,
  type ListReport,
  listAsCsv,
  previewList,
  type ReadOptions,
  unconfirmedIn,
} from './lists/transfer-list.ts'
export {
  acceptComplaints,
  complaintsAccepted,
  countHeld,
  type DayOfList,
  type EditionNumbers,
  editionNumbers,
  type FeedSubscribers,
  feedSubscribers,
  type Group,
  HELD_REPLY,
  largeGroups,
  leavers,
  listGrowth,
  MIN_GROUP,
  type NumberedEdition,
  type ReturnedFrom,
  readersBySource,
  recordFeedSubscribers,
  returnedByDomain,
  returnedByEdition,
} from './numbers.ts'
export {
  isFileAddress,
  isSharedAddress,
  newerProgramAt,
  openStore,
  openStoreToRead,
  type Store,
  storeAddress,
} from './open-store.ts'
export { explainPostgres, isConnectionLost, KEEP_ALIVE } from './postgres.ts'
export {
  type AcceptedUntil,
  acceptedOverTime,
  countDeliveries,
  countReturned,
  type DomainFailures,
  type FailureGroup,
  failuresByDomain,
  groupFailures,
  isAnybodyLeft,
  listDeliveries,
  listDeliveriesTo,
  listInDoubt,
  nextDue,
  openDeliveries,
  type Returned,
} from './read-deliveries.ts'
export {
  type AddressRequest,
  CONSENT_WORDING,
  claimUnmailedRequests,
  confirmRequest,
  countRequests,
  deleteExpiredRequests,
  mailIsDue,
  markMailed,
  postponeMail,
  requestById,
  saveRequest,
} from './requests.ts'
export {
  acquireSenderLock,
  databaseTime,
  databaseVersion,
  engineVersion,
  extendSenderLock,
  isRunning,
  listOwners,
  MAX_QUEUE_AHEAD_MS,
  readSenderLock,
  readWarmUp,
  releaseSenderLock,
  reservePlaces,
  reserveTogether,
  reserveWarmUp,
  returnWarmUp,
  type SenderLock,
  type WarmUpDay,
  withEngineSetupLock,
} from './senders.ts'
export { type Run, type SharedLedger, shortTime } from './shared-ledger.ts'
export {
  countSubscribers,
  type ListedSubscriber,
  listSubscribers,
  type PersonalData,
  privateFeedOf,
  readPersonalData,
  type SubscriberFilter,
  setPrivateFeed,
  subscriberById,
  subscriberByKey,
} from './subscribers.ts'
export { eraseSubscriber, leftAt, removeSubscriber, savePreferences, undoLeaving } from './subscriptions.ts'
export {
  countAtDomain,
  countReaders,
  deleteNotices,
  editionOfTag,
  isSuppressed,
  liftSuppression,
  readersAmong,
  recentlySuppressed,
  recordBounce,
  recordNotice,
  refusedDeliveries,
  rememberKept,
  suppress,
  suppressedFor,
} from './suppressions.ts'
