// `npm run soak`: the fault bench and, in full, the tests of which the gate does a part; half an hour long.

import { defineConfig } from 'vitest/config'
import { useTemporaryFolder } from '../temporary-folder.ts'

useTemporaryFolder()

export default defineConfig({
  test: {
    include: [
      'tests/soak/*.soak.ts',
      'tests/commands/by-mail.test.ts',
      'tests/commands/workflow.test.ts',
      'tests/deliver/kill.test.ts',
      'tests/letter/letter-pixels.test.ts',
      'tests/publish/build-cache.test.ts',
      'tests/publish/fast-paths.test.ts',
      'tests/publish/output-lock.test.ts',
      'tests/serve/person.test.ts',
    ],
    env: { THOROUGH: '1' },
    reporters: ['verbose'],
    testTimeout: 45 * 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
