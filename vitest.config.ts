import { defineConfig } from 'vitest/config'
import closingLine from './tests/reporter.ts'
import { useTemporaryFolder } from './tests/temporary-folder.ts'

useTemporaryFolder()

// These put something else in the place of a module, or measure the processor time of much garbage, which costs more where
// much is in memory; so each has a process to itself. All other files share what is loaded in a worker: loading the program
// for every file took a third of the run.
const ALONE = [
  'tests/feed/a-new-format.test.ts',
  'tests/letter/letter-pixels.test.ts',
  'tests/publish/build-changing.test.ts',
  'tests/serve/attacks.test.ts',
  'tests/templates/subject-line.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    setupFiles: ['tests/same-seed.ts'],
    // Only a test that hangs runs into these: a busy machine must not fail the gate.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 900_000 } },
    // One more than the processors of a small machine: much of the time is waiting, for servers and databases.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'own modules', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'shared modules',
          include: ['tests/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
        },
      },
    ],
  },
})
