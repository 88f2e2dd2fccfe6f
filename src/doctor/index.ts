// A set-up → what would go wrong with it on the day of the send. What other rooms use of it.

export type { Examined, Remedy, Result } from './check.ts'
export { examineSetup, fatalChecks, findFatal, groups } from './examine.ts'
export type { SetupOptions } from './setup.ts'
export { sendToBounces } from './test-message.ts'
