// Puts the figures of all benchmarks into one table with ratios, and into one JSON file.
// Usage: node table.mjs NATIVE.json NODE.json LINES.json MINT.json OUTPUT.json

import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const [nativeFile, nodeFile, linesFile, mintFile, output] = process.argv.slice(2)
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const native = read(nativeFile)
const node = read(nodeFile)
const lines = read(linesFile)
const mint = read(mintFile)

const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores`
const figures = { date: new Date().toISOString().slice(0, 10), machine, native, ...node, lines, mint }
writeFileSync(output, JSON.stringify(figures, null, 2) + '\n')

function print(title, rows) {
  for (const group of new Set(rows.map((row) => row.group))) {
    const members = rows.filter((row) => row.group === group)
    const ours = members.find((row) => row.name.startsWith('callerid'))
    console.log(`\n${title}: ${group}`)
    for (const { name, microseconds } of members.sort((a, b) => a.microseconds - b.microseconds)) {
      const ratio = ours === undefined ? '' : `${(ours.microseconds / microseconds).toFixed(2)}`
      console.log(`  ${name.padEnd(32)}${show(microseconds).padStart(12)}${ratio.padStart(9)}`)
    }
  }
}

const show = (microseconds) => (microseconds < 10_000 ? `${microseconds.toFixed(1)} µs` : `${(microseconds / 1000).toFixed(1)} ms`)

console.log(`${figures.date} · ${machine} · Node ${process.version}`)
console.log('Medians per token; the last column is callerid’s time divided by that of the row.')
print('Node', node.rows)
print('Native', native)
print('Command line', mint)
console.log(`\ncallerid verify --lines: ${Math.round(lines.all_cores)} tokens per second on all cores,`)
console.log(`  ${Math.round(lines.one_core)} on one (${(lines.all_cores / lines.one_core).toFixed(2)} times as fast)`)
for (const { name, bytes, gzip_bytes } of node.modules) console.log(`${name}: ${bytes} bytes, ${gzip_bytes} gzip`)
