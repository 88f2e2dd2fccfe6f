// The door of the room: a publication, its feeds and letters → diagnostics.

export { check } from './check-publication.ts'
export { leftOut } from './left-out.ts'
export { checkLetters } from './letters/check-letters.ts'
export { lettersToCheck } from './letters/letters-to-check.ts'
