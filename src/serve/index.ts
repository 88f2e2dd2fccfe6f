// The door of the room: a request → a response.

export { listen } from './listen.ts'
export { openOutbox, openService } from './open-service.ts'
