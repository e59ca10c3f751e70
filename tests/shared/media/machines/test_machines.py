"""Costs are those of the machines that are deployed."""

import pytest

from infra.manifest import load_suite
from shared.media.machines import Machine, machine_of, machines

UNITS = {"Mi": 1 / 1024, "Gi": 1}


def test_every_machine_is_the_one_that_the_manifest_declares() -> None:
    declared = {
        job.name: Machine(
            vcpus=job.cpu,
            gib=float(job.memory[:-2]) * UNITS[job.memory[-2:]],
            gpu=job.gpu.type if job.gpu else None,
            most_tasks=job.max_tasks,
        )
        for job in load_suite().jobs
    }
    assert dict(machines()) == declared


def test_seconds_cost_what_cpu_and_memory_cost() -> None:
    assert machine_of("render").cost(3600) == pytest.approx(3600 * (4 * 0.000018 + 8 * 0.000002))


def test_an_accelerator_costs_extra() -> None:
    plain, fast = (Machine(vcpus=4, gib=16, gpu=gpu, most_tasks=1) for gpu in (None, "nvidia-l4"))
    assert fast.cost(100) - plain.cost(100) == pytest.approx(100 * 0.0001867)
