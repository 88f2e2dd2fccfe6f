// The gate draws the same examples in every run, so that it fails for a change and never by chance. The soak draws new ones.

import fc from 'fast-check'
import { THOROUGH } from './thorough.ts'

if (!THOROUGH) fc.configureGlobal({ seed: 1 })
