"""The local Pub/Sub server: the Publisher and Subscriber services of google.pubsub.v1 on SQLite.

Layers, top down; nothing uses a layer above its own:

- `server`, `provision`: how it starts, and what the manifest has it start with;
- `publisher_service`, `subscriber_service`, `handlers`, `streaming_pull`, `push`, `push_request`: how requests and messages
  come in and go out; below them nothing knows of gRPC or HTTP;
- `topics`, `subscriptions`, `snapshots`, `publishing`, `delivery`, `dead_letter`, `seeking`, `retention`: what they mean;
- `broker`, `catalog`, `settings`, `filters`: what exists;
- `backlog`, `ordering`, `deadlines`, `messages`: what is waiting, in memory, and in which order it may go;
- `database`: what is kept. It is the truth: memory is rebuilt from it at the start, and nothing is answered before it has
  committed;
- `wire`, `names`, `fields`, `paging`, `errors`: the vocabulary of all.

Everything above `database` runs on one asyncio loop and needs no locks; one writer thread commits in groups.

What is not kept is who holds a lease: after a restart every unacknowledged message is delivered again, even with
exactly-once delivery.
"""
