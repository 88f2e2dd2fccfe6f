// A publication, its feeds and letters → diagnostics. What other rooms use of it.

export { check, checkEditions, checkNewsletters, leftOut, ruleNames } from './check-publication.ts'
