// A request → a response. What other rooms use of it.

export { listen } from './listen.ts'
export { openOutbox, openService } from './open-service.ts'
export { sampleNotice } from './outbox.ts'
export { GUARDS } from './page.ts'
