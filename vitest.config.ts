import { defineConfig } from 'vitest/config'
import closingLine from './tests/reporter.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: ['default', closingLine],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
