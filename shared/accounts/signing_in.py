"""Signing in: the account of a user at Firebase Auth, which holds the address, the name and the password's hash."""

from typing import Any

from shared.core.clients import firebase_app
from shared.core.errors import Unavailable


def find_sign_in(user_id: str) -> dict[str, Any] | None:
    """What Firebase Auth knows of a user, None if nothing. Raises Unavailable."""
    from firebase_admin import auth
    from firebase_admin.exceptions import FirebaseError

    try:
        found = auth.get_user(user_id, app=firebase_app())
    except auth.UserNotFoundError:
        return None
    except FirebaseError as error:
        raise Unavailable("The sign-in service does not answer.") from error
    return {
        "uid": found.uid,
        "email": found.email,
        "phoneNumber": found.phone_number,
        "displayName": found.display_name,
        "photoUrl": found.photo_url,
        "emailVerified": found.email_verified,
        "disabled": found.disabled,
        "claims": found.custom_claims or {},
        "created": found.user_metadata.creation_timestamp,
        "lastSignIn": found.user_metadata.last_sign_in_timestamp,
        "providers": [provider.provider_id for provider in found.provider_data],
    }


def end_sign_in(user_id: str) -> None:
    """Let the user sign in no more, and end what is signed in. Raises Unavailable."""
    _change(user_id, delete=False)


def delete_sign_in(user_id: str) -> None:
    """Delete the account at Firebase Auth. Raises Unavailable."""
    _change(user_id, delete=True)


def _change(user_id: str, *, delete: bool) -> None:
    from firebase_admin import auth
    from firebase_admin.exceptions import FirebaseError

    try:
        if delete:
            auth.delete_user(user_id, app=firebase_app())
        else:
            auth.update_user(user_id, disabled=True, app=firebase_app())
            auth.revoke_refresh_tokens(user_id, app=firebase_app())
    except auth.UserNotFoundError:
        return
    except FirebaseError as error:
        raise Unavailable("The sign-in service does not answer.") from error
