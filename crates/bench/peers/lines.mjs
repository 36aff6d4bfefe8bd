// The conversation with the benchmark: a line of JSON in, a line of JSON out, until the input ends.
import { createInterface } from 'node:readline'

// What the queue prints for people must not get between the answers.
for (const level of ['log', 'info', 'debug', 'warn']) console[level] = (...words) => console.error(...words)

export async function answer(commands) {
  process.stdout.write('{"ready":true}\n')
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line)
    const answer = await commands[command.do](command)
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  process.exit(0)
}

// How many a second, when every client calls again and again until the time is over.
export async function rate({ clients, rows, seconds }, call) {
  const began = performance.now()
  let done = 0
  const client = async () => {
    while (performance.now() - began < seconds * 1000) {
      await call(rows)
      done += rows
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { rate: (done / (performance.now() - began)) * 1000 }
}

// Resolves when `tick` has been called so many times, with the time of the last call.
export function countdown(count) {
  let tick
  const over = new Promise((resolve) => {
    tick = () => {
      count -= 1
      if (count === 0) resolve(performance.now())
    }
  })
  return { tick, over }
}

// Milliseconds from each call to the start of its handler, with a pause before each.
export async function latencies({ samples, pause }, queue) {
  const found = []
  for (let sample = 0; sample < samples; sample += 1) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const started = countdown(1)
    const began = performance.now()
    await queue(started.tick)
    found.push((await started.over) - began)
  }
  return { latencies: found }
}
