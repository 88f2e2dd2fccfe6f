// A request → a response. What other rooms use of it.

export { openOutbox, openService } from './create-app.ts'
export { listen } from './listen.ts'
export { sampleNotice } from './outbox.ts'
export { GUARDS } from './page.ts'
export { publicationNumbers, readAccessLog } from './publication-figures.ts'
export { statusPage } from './status-page.ts'
