"""Looking into files that strangers send, in a process that can do no harm.

`prober` is this side, `child` the other; `inspection` and `streams` run over there. `shared.media.probe` is their face."""
