// Nothing → the template engine: its build in one file, which needs nothing else.

import type HandlebarsType from 'handlebars'
// @ts-expect-error The types are those of the package.
import built from 'handlebars/dist/handlebars.js'

export const Handlebars = built as typeof HandlebarsType
