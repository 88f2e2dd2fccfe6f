#!/usr/bin/env node
// The program, for whoever runs it by this file's path. The package's command is the CommonJS script that is started here:
// Node takes 8 ms longer to begin with a module.

import { createRequire } from 'node:module'

createRequire(import.meta.url)('./program/cli.js')
