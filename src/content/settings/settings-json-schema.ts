// The settings' schema → the text of publication.schema.json, by which editors complete and check publication.yaml.

import { z } from 'zod'
import { settingsSchema } from './settings-schema.ts'

export function settingsJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7' }), null, 2)}\n`
}
