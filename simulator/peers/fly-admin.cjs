// The npm package fly-admin against the simulator: it reads apps, machines and events, and starts,
// stops, creates and destroys. A line "ok ..." for each thing that worked; the first that does not
// ends it. Run by `cargo xtask test --peers`.
const assert = require('node:assert/strict')
// Its `createClient` takes no addresses; the class behind it does.
const { default: Client } = require('fly-admin/dist/client')

const { FLY_API_BASE_URL, FLY_FLAPS_BASE_URL, FLY_API_TOKEN } = process.env
const fly = new Client(FLY_API_TOKEN, { graphqlUrl: FLY_API_BASE_URL, apiUrl: FLY_FLAPS_BASE_URL })
const app_name = 'tidewater-api'

async function step(what, act) {
  const result = await act()
  console.log(`ok ${what}`)
  return result
}

/** Waits in the peer's own way: the API answers when the state is reached. */
const reached = (machine_id, state, app = app_name) =>
  fly.Machine.waitMachine({ app_name: app, machine_id, state, timeout: '30' })

async function main() {
  await step('lists the apps of an organization', async () => {
    const { apps, total_apps } = await fly.App.listApps('harbor-works')
    assert.equal(apps.length, total_apps)
    assert(apps.some((app) => app.name === app_name && app.machine_count === 6))
  })
  await step('reads an app', async () => {
    const app = await fly.App.getApp(app_name)
    assert.equal(app.organization.slug, 'harbor-works')
  })
  await step('reads an app with its addresses by GraphQL', async () => {
    const app = await fly.App.getAppDetailed(app_name)
    assert.equal(app.status, 'deployed')
    assert(app.ipAddresses.every((one) => one.address && one.type))
  })
  await step('reads an organization by GraphQL', async () => {
    const { organization } = await fly.Organization.getOrganization('harbor-works')
    assert.equal(organization.name, 'Harbor Works')
  })
  await step('reads the regions by GraphQL', async () => {
    const { platform } = await fly.Regions.getRegions()
    assert(platform.regions.some((region) => region.code === platform.requestRegion))
  })
  const machine_id = await step('lists machines', async () => {
    const machines = await fly.Machine.listMachines(app_name)
    assert.equal(machines.length, 6)
    return machines.find((one) => one.state === 'started').id
  })
  await step('lists the machines of a region', async () => {
    const machines = await fly.Machine.listMachines({ app_name, region: 'gru' })
    assert.deepEqual(machines.map((one) => one.region), ['gru'])
  })
  await step('reads a machine', async () => {
    const machine = await fly.Machine.getMachine({ app_name, machine_id })
    assert.equal(machine.id, machine_id)
    assert.equal(machine.config.services[0].internal_port, 8080)
    assert(machine.checks.every((check) => check.status === 'passing'))
  })
  await step('reads its events', async () => {
    const events = await fly.Machine.listEvents({ app_name, machine_id })
    assert(events[0].timestamp > events[events.length - 1].timestamp)
  })
  await step('reads its versions', async () => {
    const [version] = await fly.Machine.listVersions({ app_name, machine_id })
    assert.equal(version.user_config.metadata.fly_process_group, 'app')
  })
  await step('reads its processes', async () => {
    const processes = await fly.Machine.listProcesses({ app_name, machine_id, sort_by: 'rss' })
    assert(processes.some((one) => one.listen_sockets.some((socket) => socket.address.endsWith(':8080'))))
  })
  await step('stops it and waits until it is stopped', async () => {
    assert.deepEqual(await fly.Machine.stopMachine({ app_name, machine_id }), { ok: true })
    const waited = await reached(machine_id, 'stopped')
    assert.equal(waited.ok, true)
  })
  await step('starts it and waits until it is started', async () => {
    const started = await fly.Machine.startMachine({ app_name, machine_id })
    assert.equal(started.previous_state, 'stopped')
    await reached(machine_id, 'started')
    const events = await fly.Machine.listEvents({ app_name, machine_id })
    assert.deepEqual(events.slice(0, 4).map((event) => event.type), ['start', 'start', 'exit', 'stop'])
  })
  await step('restarts it', async () => {
    await fly.Machine.restartMachine({ app_name, machine_id })
    await reached(machine_id, 'started')
  })
  await step('signals it', async () => {
    await fly.Machine.signalMachine({ app_name, machine_id, signal: 'SIGHUP' })
  })
  await step('cordons and uncordons it', async () => {
    await fly.Machine.cordonMachine({ app_name, machine_id })
    await fly.Machine.uncordonMachine({ app_name, machine_id })
  })
  await step('creates, updates and destroys a machine', async () => {
    const config = { image: 'registry.fly.io/tidewater-api:peer', guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 256 } }
    const made = await fly.Machine.createMachine({ app_name, name: 'peer-1', region: 'fra', config })
    await reached(made.id, 'started')
    const env = { PEER: 'yes' }
    const updated = await fly.Machine.updateMachine({ app_name, machine_id: made.id, config: { ...config, env } })
    assert.notEqual(updated.instance_id, made.instance_id)
    await reached(made.id, 'started')
    await fly.Machine.deleteMachine({ app_name, machine_id: made.id, force: true })
    await reached(made.id, 'destroyed')
  })
  await step('takes a lease and reads it', async () => {
    const taken = await fly.Machine.acquireLease({ app_name, machine_id, ttl: 30, description: 'peer' })
    const read = await fly.Machine.getLease({ app_name, machine_id })
    assert.deepEqual(read, taken)
  })
  await step('is refused while the lease is held', async () => {
    // The client has no way to send a nonce.
    await assert.rejects(fly.Machine.cordonMachine({ app_name, machine_id }), /409: .*lease currently held/)
  })
  await step('creates, extends and destroys a volume', async () => {
    const volume = await fly.Volume.createVolume({ app_name, name: 'peer', region: 'fra', size_gb: 1 })
    const volume_id = volume.id
    const { volume: larger } = await fly.Volume.extendVolume({ app_name, volume_id, size_gb: 2 })
    assert.equal(larger.size_gb, 2)
    assert(Array.isArray(await fly.Volume.listSnapshots({ app_name, volume_id })))
    await fly.Volume.deleteVolume({ app_name, volume_id })
    const left = await fly.Volume.listVolumes(app_name)
    assert(left.length > 0 && left.every((one) => one.id !== volume_id))
  })
  await step('creates and deletes an app', async () => {
    await fly.App.createApp({ app_name: 'peer-app', org_slug: 'harbor-works' })
    assert.equal((await fly.App.getApp('peer-app')).status, 'pending')
    await fly.App.deleteApp('peer-app')
    await assert.rejects(fly.App.getApp('peer-app'), /404/)
  })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
