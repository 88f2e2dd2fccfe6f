// The packed package, installed into an empty folder, makes a publication that builds at once.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url).pathname

test('npm pack, npm install, npx broadsheet init site, broadsheet build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-packed-'))
  const run = (command: string, argv: string[], cwd: string) =>
    execFileSync(command, argv, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_fund: 'false' } })
  try {
    const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
    const [{ filename, files }] = JSON.parse(packed)
    const paths: string[] = files.map((file: { path: string }) => file.path)
    expect(paths).toContain('dist/program/cli.js')
    expect(paths).toContain('publication.schema.json')
    expect(paths.filter(path => /^(src|tests|out|\.)/.test(path))).toEqual([])
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
    const installed = spawnSync('npm', ['install', ...options, join(folder, filename)], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([installed.status, installed.stderr]).toEqual([0, expect.not.stringContaining('EBADENGINE')])
    run('npx', ['broadsheet', 'init', 'site'], folder)
    const site = join(folder, 'site')
    const report = JSON.parse(run('npx', ['broadsheet', 'build', '--json'], site))
    expect(report.articles).toMatchObject({ read: 1, built: 1, broken: 0 })
    expect(report.diagnostics).toEqual([])
    expect(readFileSync(join(site, 'out/rss.xml'), 'utf8')).toContain('The first article')
    expect(existsSync(join(site, '.gitignore'))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
