// Loaded before a program: kills it while it writes the commit of KILL_AT, counted from 1, to its SQLite database; or before
// that commit where KILL_BEFORE is set.

import LibsqlAsync from 'libsql/promise'

const { exec } = LibsqlAsync.prototype
let commits = 0
LibsqlAsync.prototype.exec = function (sql) {
  const isLast = sql === 'COMMIT' && ++commits === Number(process.env.KILL_AT)
  if (isLast && process.env.KILL_BEFORE) process.kill(process.pid, 'SIGKILL')
  const done = exec.call(this, sql)
  if (isLast) process.kill(process.pid, 'SIGKILL')
  return done
}
