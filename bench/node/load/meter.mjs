// Loaded into a server before its own code: tells its parent what the process has used so far.

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const { rss } = process.memoryUsage()
  process.send({ cpu: (user + system) / 1e6, rss })
})
// Asking does not keep a server alive.
process.channel.unref()
