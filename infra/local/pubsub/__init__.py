"""The local Pub/Sub server: the Publisher and Subscriber services of google.pubsub.v1 on SQLite.

Layers, top down; each uses only those below it:

- `publisher_service`, `subscriber_service`, `streaming_pull`, `push`: how messages and requests come in and go out;
- `topics`, `subscriptions`, `snapshots`, `publishing`, `delivery`, `dead_letter`, `seeking`, `retention`: what they mean;
- `catalog`, `backlog`, `ordering`, `deadlines`, `messages`: what is known in memory;
- `database`: what is kept. It is the truth: memory is rebuilt from it at the start, and nothing is answered before
  it has committed.

Everything above `database` runs on one asyncio loop, so it needs no locks; one writer thread commits in groups.
"""
