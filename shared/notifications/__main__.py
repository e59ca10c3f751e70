"""`python -m shared.notifications COMMAND`: what operators do from a shell, with the deployment's own settings."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from shared.core.clock import now
from shared.core.errors import KompoError
from shared.notifications.deliveries import list_deliveries, replay, replay_dead
from shared.notifications.delivering import deliver_due
from shared.notifications.delivery import Delivery, DeliveryState
from shared.notifications.secret_values import keep_secret
from shared.notifications.testing import try_channel

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named: 0, or 1 if something was not delivered or cannot be done."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except KompoError as error:
        sys.stderr.write(f"{error.detail}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.notifications", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(command=command)
        return made

    secret = add("secret", _secret, "Keep what stands on standard input as a secret of Secret Manager, for channels")
    secret.add_argument("name", help="notification-…")
    test = add("test", _test, "Send a test to every contact of a channel")
    test.add_argument("channel")
    add("deliver", _deliver, "Send what is due, as deliver_notifications does every minute")
    dead = add("dead", _dead, "List the dead letters, the newest first, 200 at most")
    dead.add_argument("--channel")
    again = add("replay", _replay, "Let deliveries go out again, as the same messages")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("--channel", help="all dead letters of this channel")
    which.add_argument("deliveries", nargs="*", default=[], metavar="DELIVERY")
    return parser


def _secret(options: argparse.Namespace) -> int:
    version = keep_secret(options.name, sys.stdin.read().strip())
    sys.stdout.write(f"{options.name} is kept: version {version}\n")
    return 0


def _test(options: argparse.Namespace) -> int:
    return _told(try_channel(options.channel, now()))


def _deliver(_options: argparse.Namespace) -> int:
    done = asdict(deliver_due(now()))
    sys.stdout.write(", ".join(f"{count} {name}" for name, count in done.items()) + "\n")
    return 0


def _dead(options: argparse.Namespace) -> int:
    _told(list_deliveries(200, channel=options.channel, state=DeliveryState.DEAD).items)
    return 0


def _replay(options: argparse.Namespace) -> int:
    if options.channel:
        return _told(replay_dead(options.channel, now()))
    return _told([replay(delivery, now()) for delivery in options.deliveries])


def _told(deliveries: Sequence[Delivery]) -> int:
    for delivery in deliveries:
        answer = delivery.attempts[-1].answer if delivery.attempts else ""
        cells = (
            delivery.id,
            delivery.state.value,
            delivery.channel_id,
            delivery.to,
            delivery.sent_content.subject,
            answer,
        )
        sys.stdout.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
    return int(any(delivery.state is DeliveryState.DEAD for delivery in deliveries))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
