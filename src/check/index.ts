// The door of the room: a publication, its feeds and letters → diagnostics.

export { checkNewsletters } from './check-letters.ts'
export { check, leftOut } from './check-publication.ts'
