"""The PyPI package simt-fly-machines against the simulator: it lists machines, and creates, stops,
starts, waits for and destroys one. A line "ok ..." for each thing that worked; the first that does
not ends it. Run by `cargo xtask test --peers`."""

import os
import time

from simt_fly_machines.api import API

BASE = os.environ["FLY_FLAPS_BASE_URL"]
APP = "tidewater-api"


class Client(API):
    """The package has Fly's address and https built in: this is its one seam."""

    def _uri(self, app, machine_id=None):
        uri = f"{BASE}/v1/apps/{app}/machines"
        return uri if machine_id is None else f"{uri}/{machine_id}"


def step(what, act):
    result = act()
    print(f"ok {what}", flush=True)
    return result


def expect(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def main():
    fly = Client(os.environ["FLY_API_TOKEN"])

    def lists():
        machines = fly.list(APP, region="ams")
        expect({machine["region"] for machine in machines}, {"ams"})
        workers = fly.list(APP, ("fly_process_group", "worker"), region="ams")
        expect(len(workers), 2)

    def reads():
        machine = fly.get(APP, "3d8d9014b32e68")
        expect(machine["state"], "started")
        expect(machine["events"][0]["type"], "start")

    def creates():
        machine = fly.create(
            APP,
            "registry.fly.io/tidewater-api:peer",
            ["python", "-m", "http.server"],
            name="peer-2",
            env_vars={"PEER": "yes"},
            metadata={"owner": "peer"},
        )
        expect(machine["region"], "lhr")
        expect(machine["config"]["metadata"], {"owner": "peer"})
        expect(fly.wait(APP, machine["id"], machine["instance_id"], "started")["ok"], True)
        return machine

    def stops():
        expect(fly.stop(APP, made["id"]), {"ok": True})
        expect(fly.wait(APP, made["id"], made["instance_id"], "stopped")["state"], "stopped")

    def starts():
        expect(fly.start(APP, made["id"])["previous_state"], "stopped")
        fly.wait(APP, made["id"], made["instance_id"], "started")
        expect(fly.get(APP, made["id"])["state"], "started")

    def destroys():
        # The package lists before it destroys, and knows no 429: Fly lets one list once a second.
        time.sleep(3)
        expect(fly.destroy(APP, machine_name="peer-2", force=True), {"ok": True})
        fly.wait(APP, made["id"], made["instance_id"], "destroyed")
        time.sleep(1)
        expect(fly.list(APP), [])

    step("lists machines by region and metadata", lists)
    step("reads a machine with its events", reads)
    made = step("creates a machine and waits until it is started", creates)
    step("stops it and waits until it is stopped", stops)
    step("starts it and waits until it is started", starts)
    step("destroys it by name", destroys)


main()
