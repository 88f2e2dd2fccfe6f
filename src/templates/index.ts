// Handlebars templates and catalogues of words → text, and what is wrong with them. What other rooms use of it.

export { dropOrigins, type Origin, takeOrigins } from './compile-template.ts'
export { calledPartials } from './handlebars.ts'
export { directionOf, type Words } from './languages.ts'
export { openTemplates, type Templates } from './open-templates.ts'
export { fillLine, lineProblem } from './subject-line.ts'
export { builtinTemplates, copyTemplate, listTemplates } from './template-files.ts'
export { slotMark } from './template-functions.ts'
