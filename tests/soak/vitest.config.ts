// `npm run soak`: the fault bench, some minutes long; its short form is tests/deliver/kill.test.ts and engine.test.ts.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/soak/*.soak.ts'],
    reporters: ['verbose'],
    testTimeout: 45 * 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
