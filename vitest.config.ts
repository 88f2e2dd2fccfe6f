import { defineConfig } from 'vitest/config'
import closingLine from './tests/reporter.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: ['default', closingLine],
    // Only a test that hangs runs into these: a busy machine must not fail the gate.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
  },
})
