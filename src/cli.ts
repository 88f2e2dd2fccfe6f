#!/usr/bin/env node
// The program as `npm run prepare` bundled it → started.

import module, { createRequire } from 'node:module'

// Node 22.8 and later keep what V8 compiled in a folder for temporary files, or where NODE_COMPILE_CACHE says. Where that
// cannot be written the call does nothing.
const { enableCompileCache } = module as { enableCompileCache?: () => unknown }
enableCompileCache?.()
createRequire(import.meta.url)('./program/main.js')
