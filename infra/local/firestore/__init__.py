"""The Firestore server of the local cloud: google.firestore.v1 over gRPC, documents and their indexes in SQLite.

`engine.Engine` answers the requests and knows no transport; `service` puts it on gRPC, which `rpc` speaks. Every write goes
through one writer thread (`store`), where transactions are validated, so that what commits is serializable; every read works
on a snapshot of its own. What `firestore.rules` has to say is asked in one place, `authorization`; what
`firestore.indexes.json` has, in `indexing`.
"""
