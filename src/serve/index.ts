// The door of the room: a request → a response.

export { createNotices } from './compose-notice.ts'
export { type Counters, createCounters } from './counters.ts'
export { type App, createApp } from './create-service.ts'
export { fetchText } from './fetch-text.ts'
export { listen } from './listen.ts'
export { createOutbox, type Outbox } from './outbox.ts'
