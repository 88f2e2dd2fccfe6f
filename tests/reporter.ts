// The last line of a test run, in one form for people and machines: '412 passed, 0 failed'.

import type { Reporter, TestModule } from 'vitest/node'

export default {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const count = (state: string) => tests.filter(test => test.result().state === state).length
    // A file that could not even be read, or an error outside every test, fails the run as much as a test does.
    const outside = errors.length + modules.filter(module => module.errors().length > 0).length
    const skipped = count('skipped')
    process.stdout.write(
      `\n${count('passed')} passed, ${count('failed') + outside} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    )
  },
} satisfies Reporter
