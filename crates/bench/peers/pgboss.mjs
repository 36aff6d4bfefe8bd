// pg-boss: `node pgboss.mjs URL`.
import { PgBoss } from 'pg-boss'
import { answer, rate } from './lines.mjs'

const [connectionString] = process.argv.slice(2)
const boss = new PgBoss({ connectionString, max: 10, supervise: false, schedule: false })
boss.on('error', (error) => console.error(error))
await boss.start()
await boss.createQueue('nothing')
const db = boss.getDb()
const jobs = (count) => Array.from({ length: count }, (_, number) => ({ data: { number } }))

await answer({
  enqueue: async (command) => {
    const answer = await rate(command, (rows) =>
      rows === 1 ? boss.send('nothing', { number: 1 }) : boss.insert('nothing', jobs(rows)))
    await boss.deleteAllJobs('nothing')
    return answer
  },
  drain: async ({ jobs: count }) => {
    for (let queued = 0; queued < count; queued += 1000) await boss.insert('nothing', jobs(1000))
    await db.executeSql('VACUUM (ANALYZE)')
    const began = performance.now()
    let done = 0
    const client = async () => {
      for (;;) {
        const batch = await boss.fetch('nothing', { batchSize: 100 })
        if (!batch?.length) return
        await boss.complete('nothing', batch.map((job) => job.id))
        done += batch.length
      }
    }
    await Promise.all(Array.from({ length: 4 }, client))
    if (done !== count) throw new Error(`${done} jobs were drained of ${count}`)
    const seconds = (performance.now() - began) / 1000
    await boss.deleteAllJobs('nothing')
    return { rate: count / seconds }
  },
})
