"""LTI 1.3 Assignment and Grade Services: grades for any platform where this tool is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from autograder.lms.registry import Lms, PushService, PushSetting, ServiceSettings

if TYPE_CHECKING:
    from autograder.lms.push.http import Patience
    from autograder.lms.push.model import Target

__all__ = ["LMS", "AgsSettings"]


class AgsSettings(ServiceSettings, frozen=True, forbid_unknown_fields=True):
    """A tool of LTI 1.3: the addresses and names that its registration gave; `audience` is the token URL if empty."""

    line_items: Annotated[
        str,
        PushSetting(
            option="--line-items",
            noun="line items address",
            help="ags: the URL of the course's line items.",
            metavar="URL",
            address=True,
        ),
    ] = ""
    memberships: Annotated[
        str,
        PushSetting(
            option="--memberships",
            noun="memberships address",
            help="ags: the URL of the course's members.",
            metavar="URL",
            address=True,
        ),
    ] = ""
    token_url: Annotated[
        str,
        PushSetting(
            option="--token-url",
            noun="token address",
            help="ags: the URL that issues access tokens.",
            metavar="URL",
            address=True,
        ),
    ] = ""
    audience: Annotated[
        str,
        PushSetting(
            option="--audience",
            noun="audience",
            help="ags: the audience of the request for a token; default: the token URL.",
            required=False,
        ),
    ] = ""
    client_id: Annotated[
        str, PushSetting(option="--client-id", noun="client id", help="ags: the tool's client id.")
    ] = ""
    key_id: Annotated[
        str, PushSetting(option="--key-id", noun="key id", help="ags: the name (kid) of the tool's public key.")
    ] = ""


def _connect(settings: AgsSettings, assignment: str, patience: Patience | None) -> Target:
    from autograder.lms.ags.push import connect_ags

    return connect_ags(settings, assignment, patience)


LMS = Lms(
    name="ags",
    push=PushService(settings=AgsSettings, connect=_connect),
)
