"""Testing rules: series of values, a simulated clock, and the alerts that are expected at given times."""

from shared.alerts.testing.running import Difference, run_scenario
from shared.alerts.testing.scenario import InvalidScenarios, Scenario, ScenarioFile, read_scenarios

__all__ = ["Difference", "InvalidScenarios", "Scenario", "ScenarioFile", "read_scenarios", "run_scenario"]
