"""The machines that jobs run on, and what they cost."""

from shared.media.machines.machine import Machine, machine_of, machines
from shared.media.machines.speeds import moved, usual_encode_speed

__all__ = ["Machine", "machine_of", "machines", "moved", "usual_encode_speed"]
