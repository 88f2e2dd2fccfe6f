// A task → how long it kept the processor busy: others use this machine too, and what they take is no fault of the task.

/** @returns ms of CPU of this process */
export async function busyTime(task: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await task()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
