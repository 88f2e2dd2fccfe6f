import { defineConfig } from 'vitest/config'
import closingLine from './tests/reporter.ts'

// These put something else in the place of a module, so each has its modules to itself. All other files share what
// is loaded in a worker: loading the program for every file took a third of the run.
const REPLACING_MODULES = [
  'tests/feed/a-new-format.test.ts',
  'tests/letter/letter-pixels.test.ts',
  'tests/templates/subject-line.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    setupFiles: ['tests/same-seed.ts'],
    // Only a test that hangs runs into these: a busy machine must not fail the gate.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // One more than the processors of a small machine: much of the time is waiting, for servers and databases.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'own modules', include: REPLACING_MODULES } },
      {
        extends: true,
        test: {
          name: 'shared modules',
          include: ['tests/**/*.test.ts'],
          exclude: REPLACING_MODULES,
          isolate: false,
        },
      },
    ],
  },
})
