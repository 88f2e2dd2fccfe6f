// Handlebars templates and catalogues of words → text, and what is wrong with them. What other rooms use of it.

export { HELPERS, slotMark, type Words } from './languages.ts'
export {
  brokenTemplates,
  dropOrigins,
  fillLine,
  lineProblem,
  type Origin,
  openTemplates,
  type Templates,
  takeOrigins,
} from './open-templates.ts'
export { ARTICLE, PUBLICATION } from './shapes.ts'
export {
  builtinTemplates,
  copyTemplate,
  findTemplate,
  listTemplates,
  templateProblems,
} from './template-files.ts'
