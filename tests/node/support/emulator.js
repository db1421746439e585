// `callerid emulate`: the local Google that ships with the project.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Starts an emulator until the test ends; gives what its ready line says. */
export async function emulate(t, ...flags) {
  const child = spawn(process.env.CALLERID, ['emulate', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`callerid emulate ended with ${status}`)
  })
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
  ended.catch(() => {})
  return JSON.parse(line)
}
