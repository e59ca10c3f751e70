"""Functions and gateway: every function of the manifest in one process, behind the public origin and an internal one."""
