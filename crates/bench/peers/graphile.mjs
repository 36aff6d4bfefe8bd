// graphile-worker: `node graphile.mjs URL default|batched`.
import pg from 'pg'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { answer, countdown, latencies, rate } from './lines.mjs'

const [connectionString, mode] = process.argv.slice(2)
const batched = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
const preset = { worker: { concurrentJobs: 24, maxPoolSize: 10, ...(mode === 'batched' ? batched : {}) } }
const logger = new Logger(() => () => {})
const pool = new pg.Pool({ connectionString, max: 10 })
const utils = await makeWorkerUtils({ pgPool: pool, logger })
await utils.migrate()

let tick = () => {}
const work = () => run({ pgPool: pool, preset, logger, noHandleSignals: true, taskList: { nothing: async () => tick() } })
const jobs = (count) => Array.from({ length: count }, (_, number) => ({ identifier: 'nothing', payload: { number } }))
const left = async () => (await pool.query('SELECT count(*)::int AS left FROM graphile_worker._private_jobs')).rows[0].left

await answer({
  enqueue: async (command) => {
    const answer = await rate(command, (rows) =>
      rows === 1 ? utils.addJob('nothing', { number: 1 }) : utils.addJobs(jobs(rows)))
    await pool.query('TRUNCATE graphile_worker._private_jobs')
    return answer
  },
  drain: async ({ jobs: count }) => {
    for (let queued = 0; queued < count; queued += 1000) await utils.addJobs(jobs(1000))
    await pool.query('VACUUM (ANALYZE) graphile_worker._private_jobs')
    const done = countdown(count)
    tick = done.tick
    const began = performance.now()
    const runner = await work()
    await done.over
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 3))
    const seconds = (performance.now() - began) / 1000
    await runner.stop()
    return { rate: count / seconds }
  },
  latency: async (command) => {
    const runner = await work()
    const answer = await latencies(command, (started) => {
      tick = started
      return utils.addJob('nothing', {})
    })
    await runner.stop()
    return answer
  },
})
