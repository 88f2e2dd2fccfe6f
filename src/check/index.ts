// Entry point of check: a publication, its feeds and letters → diagnostics.

export { checkNewsletters } from './check-letters.ts'
export { check, leftOut } from './check-publication.ts'
