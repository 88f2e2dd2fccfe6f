// The table of routes. A new one is one file and one word here.

import { confirm } from './routes/confirm.ts'
import { data, dataFile } from './routes/data.ts'
import { dataRequest } from './routes/data-request.ts'
import { erase } from './routes/erase.ts'
import { health, metrics } from './routes/health.ts'
import { leave } from './routes/leave.ts'
import { preferences } from './routes/preferences.ts'
import { subscribe } from './routes/subscribe.ts'
import { undo } from './routes/undo.ts'
import { webhook } from './routes/webhook.ts'
import type { Route } from './service.ts'

export const routes: readonly Route[] = [
  subscribe,
  confirm,
  leave,
  undo,
  preferences,
  dataRequest,
  data,
  dataFile,
  erase,
  webhook,
  health,
  metrics,
]
