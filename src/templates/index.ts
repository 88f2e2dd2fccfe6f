// The door of the room: Handlebars templates and catalogues of words → text, and what is wrong with them.

export { calledPartials } from './called-partials.ts'
export { directionOf } from './direction-of.ts'
export { fillLine } from './fill-line.ts'
export { lineProblem } from './line-problem.ts'
export { builtinTemplates, openTemplates, type Templates } from './open-templates.ts'
export { dropOrigins, type Origin, takeOrigins } from './origins.ts'
export { slotMark } from './slot-mark.ts'
export type { Words } from './template-functions.ts'
