#!/usr/bin/env node
// The program as `npm run prepare` bundled it → started.

import { openBundle } from './open-bundle.ts'

openBundle(new URL('./program/', import.meta.url), 'main.cjs')
