// A publication, its feeds and letters → diagnostics. What other rooms use of it.

export { checkEditions, checkNewsletters } from './check-letters.ts'
export { check, leftOut } from './check-publication.ts'
