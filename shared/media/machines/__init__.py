"""The machines that jobs run on, and what they cost."""

from shared.media.machines.machine import Machine, machine_of, machines

__all__ = ["Machine", "machine_of", "machines"]
